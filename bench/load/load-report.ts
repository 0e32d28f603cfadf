import { AXIS, type Chart, COLOURS } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { spreadOf } from '../report/spread.ts';
import { seconds } from '../report/table.ts';
import { type Flood, measureFlood } from './flood.ts';
import { playLoad } from './load.ts';

/**
 * `npm run bench -- load [rounds]`: edits over many sheets, everybody at one service, and people without a token who
 * ask all the time while a Go must get through.
 */

const SHEETS = 10;
const ROUNDS = 8;
const REQUESTS = 40;
const GOS = 3;

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MB`;

export async function benchLoad(dist: URL, rounds = ROUNDS): Promise<string> {
  const { edits, burst } = await playLoad(SHEETS, rounds, REQUESTS);
  const flood = await measureFlood(dist, GOS);
  const waited = spreadOf(edits.ms);
  const [alone, flooded] = [spreadOf(flood.alone), spreadOf(flood.flooded)];
  const asked = Object.values(flood.answers).reduce((sum, count) => sum + count, 0);
  const refused = Object.entries(burst.refused).map(([why, count]) => `${count} ${why}`);
  return writeResult('load', {
    title: 'Nothing is lost under load, and a Go gets through',
    subtitle:
      'Left: by a virtual clock, WAF’s rates in force. Right: on this machine, median and what a tenth is below and above',
    command: `npm run bench -- load ${rounds}`,
    isDeterministic: false,
    table: {
      headers: ['load', 'asked', 'kept', 'median', 'a tenth is above'],
      rows: [
        [
          `edits over ${edits.sheets} sheets`,
          `${edits.edits}`,
          `${edits.audited} in the audit`,
          seconds(waited.median),
          seconds(waited.high),
        ],
        ['a burst at one service', `${burst.requests}`, `${burst.accepted} committed`, seconds(burst.settledMs), '–'],
        [
          'a Go, nobody else',
          `${flood.alone.length}`,
          `${flood.alone.length} closed`,
          seconds(alone.median),
          seconds(alone.high),
        ],
        [
          'a Go in the flood',
          `${flood.flooded.length}`,
          `${flood.flooded.length} closed`,
          seconds(flooded.median),
          seconds(flooded.high),
        ],
      ],
    },
    notes: [
      `Edits: ${edits.right} of ${edits.sheets} services end in the mode and revision of their last edit, in the table and in WAF. One write a second is WAF’s rate: who edits faster waits.`,
      `Burst: ${burst.requests} requests within ${burst.requests} ms, ${refused.join(', ') || 'none refused'}; the table says ${burst.wanted}, WAF holds ${burst.inWaf}.`,
      `Flood: ${asked} requests without a token while ${flood.flooded.length} Gos ran, some 200 a second at most; ${flood.invocations} of them ran a function. ` +
        `Memory of the stack before ${megabytes(flood.heapBytes.before)}, after ${megabytes(flood.heapBytes.after)}.`,
      ...Object.entries(flood.answers)
        .sort()
        .map(([door, count]) => `  ${door} × ${count}`),
    ],
    data: { edits, burst, flood, waited, alone, flooded },
    chart: chartOf(edits.ms, flood),
  });
}

/** Left how long each edit waited, right a Go alone and in the flood. */
export function chartOf(ms: readonly number[], { alone, flooded }: Flood): Chart {
  const sorted = [...ms].sort((one, other) => one - other);
  const share = sorted.map((value, at) => [
    Number((value / 1_000).toFixed(2)),
    Math.round((100 * (at + 1)) / sorted.length),
  ]);
  const gos = [spreadOf(alone), spreadOf(flooded)];
  const rounded = (value: number) => Number((value / 1_000).toFixed(2));
  return {
    description: `Half of ${ms.length} edits are closed within ${seconds(spreadOf(ms).median)}. A Go takes ${seconds(gos[0]?.median ?? 0)} alone and ${seconds(gos[1]?.median ?? 0)} in the flood.`,
    height: 420,
    option: {
      grid: [
        { left: 80, width: 390, top: 90, bottom: 70 },
        { left: 580, width: 230, top: 90, bottom: 70 },
      ],
      xAxis: [
        {
          ...AXIS,
          type: 'value',
          gridIndex: 0,
          name: 'share of edits whose row says Accepted within so many s',
          nameLocation: 'middle',
          nameGap: 32,
        },
        {
          ...AXIS,
          type: 'category',
          gridIndex: 1,
          data: gos.map(({ median }, at) => `${at === 0 ? 'alone' : 'in flood'}\n${rounded(median)} s`),
          axisLabel: { ...AXIS.axisLabel, interval: 0 },
          name: 'a Go until WAF has it, in s',
          nameLocation: 'middle',
          nameGap: 44,
        },
      ],
      yAxis: [
        {
          ...AXIS,
          type: 'value',
          gridIndex: 0,
          max: 100,
          axisLabel: { ...AXIS.axisLabel, formatter: '{value} %' },
        },
        // The spread belongs into the picture too.
        { ...AXIS, type: 'value', gridIndex: 1, max: rounded(Math.max(...gos.map(({ high }) => high)) * 1.1) },
      ],
      series: [
        {
          type: 'line',
          xAxisIndex: 0,
          yAxisIndex: 0,
          step: 'end',
          showSymbol: false,
          lineStyle: { width: 3, color: COLOURS[0] },
          data: share,
        },
        {
          ...{ type: 'bar' as const, xAxisIndex: 1, yAxisIndex: 1, barWidth: '45%' },
          data: gos.map(({ median }, at) => ({
            value: rounded(median),
            itemStyle: { color: COLOURS[at === 0 ? 0 : 1] },
          })),
        },
        {
          ...{ type: 'custom' as const, xAxisIndex: 1, yAxisIndex: 1, z: 5 },
          data: gos.map(({ low, high }, at) => [at, rounded(low), rounded(high)]),
          renderItem(_params, api) {
            const [x, low] = api.coord([api.value(0), api.value(1)]) as [number, number];
            const [, high] = api.coord([api.value(0), api.value(2)]) as [number, number];
            const style = { stroke: '#1f2430', lineWidth: 1.5 };
            const stroke = (x1: number, y1: number, x2: number, y2: number) => ({
              type: 'line' as const,
              shape: { x1, y1, x2, y2 },
              style,
            });
            return {
              type: 'group',
              children: [stroke(x, low, x, high), stroke(x - 8, low, x + 8, low), stroke(x - 8, high, x + 8, high)],
            };
          },
        },
      ],
    },
  };
}
