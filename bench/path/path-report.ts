import { LATENCY } from '../latency.ts';
import { AXIS, type Chart, COLOURS, LEGEND } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { type Spread, spreadOf } from '../report/spread.ts';
import { seconds } from '../report/table.ts';
import { type Measured, measurePath, type Passage } from './path.ts';
import { modelledPath, type Parts } from './path-model.ts';

/**
 * `npm run bench -- path [rounds]`: from the edit to what the row says, on this machine without any modelled delay, and as
 * it would be with what calls to Google and AWS are assumed to take; beside the AWS CLI and boto3, if they are installed.
 */

const ROUNDS = 5;
const PARTS = ['script', 'server', 'waf', 'row'] as const;
const PART_NAMES: Record<keyof Parts, string> = {
  script: 'sheet and script',
  server: 'sign-in, gateway, function, table',
  waf: 'WAF: read and write',
  row: 'until the row says so',
};

const partsOf = ({ sentMs, atWafMs, closedMs, shownMs }: Passage): Parts => ({
  script: sentMs,
  server: atWafMs - sentMs,
  waf: closedMs - atWafMs,
  row: shownMs - closedMs,
});

export async function benchPath(dist: URL, rounds = ROUNDS): Promise<string> {
  const measured = await measurePath(dist, rounds);
  const modelled = await modelledPath(measured);
  const { peers, missing } = measured;
  const wafMs = LATENCY.waf.readMs + LATENCY.waf.writeMs;
  const closed = (passages: readonly Passage[]) => spreadOf(passages.map(({ closedMs }) => closedMs));
  const shown = (passages: readonly Passage[]) => spreadOf(passages.map(({ shownMs }) => shownMs));
  const written = ({ median, low, high }: Spread) => `${seconds(median)} (${seconds(low)} to ${seconds(high)})`;
  const assumed = ({ script, server, waf }: Parts) => seconds(script + server + waf);
  const whole = (parts: Parts) => seconds(PARTS.reduce((sum, part) => sum + parts[part], 0));
  const bySamples = peers.map(({ name, samples }) => ({ name, spread: spreadOf(samples) }));
  const rows = [
    ...(['warm', 'cold'] as const).map((kind) => [
      `an edit, ${kind}`,
      written(closed(measured[kind])),
      written(shown(measured[kind])),
      assumed(modelled[kind]),
      whole(modelled[kind]),
    ]),
    ...bySamples.map(({ name, spread }) => [name, written(spread), '–', seconds(spread.median + wafMs), '–']),
  ];
  const warm = closed(measured.warm).median;
  const boto3 = bySamples.find(({ name }) => name.startsWith('boto3'))?.spread.median;
  return writeResult('path', {
    title: 'From the edit to a closed site, and to what the row says',
    subtitle:
      'Above: this machine, no delay of Google or AWS in it. Below: with what their calls are assumed to take. Medians, in seconds',
    command: `npm run bench -- path ${rounds}`,
    isDeterministic: false,
    table: {
      headers: ['by', 'closed, here', 'row says so, here', 'closed, with assumed delays', 'row, with assumed delays'],
      rows,
    },
    notes: [
      ...(boto3 === undefined
        ? []
        : [`Here the whole warm path takes ${(warm / boto3).toFixed(2)} × as long as the boto3 script alone.`]),
      ...missing.map((name) => `${name}: skipped, it is not installed.`),
      `${rounds} rounds, all of them in turn; median, and what a tenth is below and above. WAF’s rates and propagation are no part of it (close, proof).`,
      'Cold: a new instance of the function. Assumed delays: bench/latency.ts. The CLI and boto3 close one rule group: no record, no proof, no row, and nobody who asks whether they may.',
    ],
    data: {
      assumed: LATENCY,
      modelled,
      measured: { ...measured, peers: bySamples, sent: measured.sent.calls, shown: measured.shown.calls },
    },
    chart: chartOf(measured, modelled, bySamples, wafMs),
  });
}

function chartOf(
  measured: Measured,
  modelled: Record<'warm' | 'cold', Parts>,
  peers: readonly { readonly name: string; readonly spread: Spread }[],
  wafMs: number,
): Chart {
  const median = (passages: readonly Passage[]): Parts => {
    const parts = passages.map(partsOf);
    const of = (part: keyof Parts) => spreadOf(parts.map((one) => one[part])).median;
    return { script: of('script'), server: of('server'), waf: of('waf'), row: of('row') };
  };
  const names = ['an edit, warm', 'an edit, cold', ...peers.map(({ name }) => name)];
  const here = [median(measured.warm), median(measured.cold)];
  const there = [modelled.warm, modelled.cold];
  const tool = 'a tool’s start and its two calls';
  const rounded = (ms: number) => Number((ms / 1_000).toFixed(2));
  const panels = [
    { edits: here, tools: peers.map(({ spread }) => spread.median) },
    { edits: there, tools: peers.map(({ spread }) => spread.median + wafMs) },
  ];
  const colours = [COLOURS[5], COLOURS[0], COLOURS[1], COLOURS[6]];
  return {
    description: panels
      .map(({ edits, tools }, at) => {
        const sums = edits.map(({ script, server, waf }) => rounded(script + server + waf));
        return `${at === 0 ? 'On this machine' : 'With assumed delays'}: ${names.map((name, index) => `${name} closed after ${[...sums, ...tools.map(rounded)][index]} s`).join(', ')}.`;
      })
      .join(' '),
    height: 520,
    option: {
      legend: { ...LEGEND, top: 70, width: 820, itemGap: 18 },
      grid: [
        { left: 130, right: 60, top: 135, height: 130 },
        { left: 130, right: 60, top: 330, height: 130 },
      ],
      xAxis: ['on this machine, in s', 'with assumed delays of Google and AWS, in s'].map((name, gridIndex) => ({
        ...{ ...AXIS, type: 'value' as const, gridIndex, name, nameLocation: 'middle' as const, nameGap: 26 },
      })),
      yAxis: [0, 1].map((gridIndex) => ({
        ...{ ...AXIS, type: 'category' as const, gridIndex, data: names, inverse: true, axisTick: { show: false } },
      })),
      series: panels.flatMap(({ edits, tools }, panel) => [
        ...PARTS.map((part, at) => ({
          ...{ type: 'bar' as const, name: PART_NAMES[part], stack: `${panel}`, barWidth: '62%' },
          ...{ xAxisIndex: panel, yAxisIndex: panel, itemStyle: { color: colours[at] } },
          data: edits.map((one) => rounded(one[part])),
        })),
        {
          ...{ type: 'bar' as const, name: tool, stack: `${panel}`, barWidth: '62%' },
          ...{ xAxisIndex: panel, yAxisIndex: panel, itemStyle: { color: COLOURS[4] } },
          data: [null, null, ...tools.map(rounded)],
        },
      ]),
    },
  };
}
