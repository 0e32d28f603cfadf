import type { Mode } from '../deployment/virtual-aws.ts';
import { LATENCY } from '../latency.ts';
import { AXIS, type Chart, COLOURS, LEGEND } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { seconds } from '../report/table.ts';
import { CLOSERS, type CloserName, type Closing, play } from './close.ts';

/**
 * `npm run bench -- close`: a service behind N web ACLs is closed and opened again, by Drawbridge and by what there is
 * instead, at the rates that WAF publishes. How WAF counts is not known: both ways are played.
 */

const SIZES = [1, 10, 50, 100] as const;
const MODES: readonly Mode[] = ['strict', 'bucket'];
const MANY = { services: 20, webAcls: 5 } as const;
const NAMES = Object.keys(CLOSERS) as CloserName[];
const COLOUR: Record<CloserName, string> = {
  'script, one by one': COLOURS[3],
  'script, all created first': COLOURS[4],
  'recipe: a rule ready in each': COLOURS[1],
  Drawbridge: COLOURS[0],
  'floor: one get, one update': COLOURS[6],
};

interface Run extends Closing {
  readonly name: CloserName;
  readonly mode: Mode;
  readonly services: number;
  readonly webAcls: number;
}

const run = async (name: CloserName, mode: Mode, services: number, webAcls: number): Promise<Run> => ({
  ...{ name, mode, services, webAcls },
  ...(await play(name, mode, services, webAcls)),
});

/** Counted in the slower of the two ways. */
const slower = (runs: readonly Run[]) => runs.reduce((one, other) => (other.closedMs > one.closedMs ? other : one));

const NOTES = [
  'Times are of a virtual clock: the published rates, and what a call is assumed to take (bench/latency.ts): ' +
    `WAF ${LATENCY.waf.readMs} ms a read and ${LATENCY.waf.writeMs} ms a write, DynamoDB ${LATENCY.dynamodb.readMs} and ${LATENCY.dynamodb.writeMs} ms.`,
  'From the request until WAF has answered the last write. Of each the slower of two ways in which WAF may count (spaced evenly, or a second’s calls at once).',
  'Everybody but Drawbridge knows WAF’s rates to the millisecond, is never throttled, and writes nothing down. The sheet’s own way is not in it: `npm run bench -- path`.',
  'The script waits 4 s for a new web ACL to spread, no longer; "seconds to minutes" is documented. Behind more than 50 load balancers it needs a raised quota: 100 web ACLs are granted.',
];

export async function benchClose(): Promise<string> {
  const runs: Run[] = [];
  for (const mode of MODES) {
    for (const size of SIZES) for (const name of NAMES) runs.push(await run(name, mode, 1, size));
  }
  const many: Run[] = [];
  for (const mode of MODES) for (const name of NAMES) many.push(await run(name, mode, MANY.services, MANY.webAcls));
  return `${reportOne(runs)}\n\n${reportMany(many)}`;
}

const cellsOf = ({ closedMs, openMs, closeCalls }: Run): string[] => [
  seconds(closedMs),
  seconds(openMs),
  String(closeCalls.waf),
  String(closeCalls.dynamodb),
];

function reportOne(runs: readonly Run[]): string {
  const of = (name: CloserName, size: number) =>
    slower(runs.filter((one) => one.name === name && one.webAcls === size));
  const rows = SIZES.flatMap((size) => NAMES.map((name) => [`${size}`, name, ...cellsOf(of(name, size))]));
  const [ours, least] = [of('Drawbridge', 100), of('floor: one get, one update', 100)];
  const recipe = of('recipe: a rule ready in each', 100);
  const times = SIZES.map((size) => of('Drawbridge', size).closedMs);
  const extra = ours.closedMs - least.closedMs;
  return writeResult('close', {
    title: 'Closing a service behind N web ACLs, and opening it again',
    subtitle: 'Until WAF has answered the last write, in seconds (logarithmic), at the rates that WAF publishes',
    command: 'npm run bench -- close',
    isDeterministic: true,
    table: {
      headers: ['web ACLs', 'by', 'closed after', 'open after', 'WAF calls to close', 'table calls'],
      rows,
    },
    notes: [
      `Drawbridge: ${Math.min(...times)} to ${Math.max(...times)} ms for 1 to 100 web ACLs; ${(recipe.closedMs / ours.closedMs).toFixed(0)} × faster than the recipe at 100.`,
      `${(ours.closedMs / least.closedMs).toFixed(2)} × the floor: ${extra.toFixed(0)} ms more, for ${ours.closeCalls.dynamodbBefore} calls of the table before WAF has it (the record, the lease, what is wanted); 1.1 × would leave ${(0.1 * least.closedMs).toFixed(0)} ms.`,
      ...NOTES,
    ],
    data: { assumed: LATENCY, runs },
    chart: chartOf((name, size) => of(name, size)),
  });
}

function chartOf(of: (name: CloserName, size: number) => Run): Chart {
  const panels = [
    ['close', (one: Run) => one.closedMs],
    ['open again', (one: Run) => one.openMs],
  ] as const;
  const ours = SIZES.map((size) => `${seconds(of('Drawbridge', size).closedMs)} at ${size}`).join(', ');
  return {
    description: `Drawbridge closes after ${ours} web ACLs. All others but the floor take longer the more there are, up to ${seconds(of('script, one by one', 100).closedMs)}.`,
    height: 480,
    option: {
      legend: { ...LEGEND, itemGap: 18 },
      grid: [
        { left: 70, width: 330, top: 130, bottom: 60 },
        { left: 490, width: 330, top: 130, bottom: 60 },
      ],
      xAxis: panels.map(([what], gridIndex) => ({
        ...AXIS,
        type: 'category' as const,
        gridIndex,
        data: SIZES.map(String),
        name: `web ACLs, to ${what}`,
        nameLocation: 'middle' as const,
        nameGap: 32,
      })),
      yAxis: panels.map((_panel, gridIndex) => ({
        ...AXIS,
        type: 'log' as const,
        gridIndex,
        min: 0.1,
        max: 1_000,
        axisLabel: { ...AXIS.axisLabel, formatter: '{value} s' },
      })),
      series: NAMES.flatMap((name) =>
        panels.map(([, value], panel) => ({
          type: 'line' as const,
          name,
          xAxisIndex: panel,
          yAxisIndex: panel,
          symbolSize: name === 'Drawbridge' ? 9 : 6,
          lineStyle: {
            width: name === 'Drawbridge' ? 4 : 2,
            type: name.startsWith('floor') ? ('dashed' as const) : ('solid' as const),
          },
          itemStyle: { color: COLOUR[name] },
          endLabel: { show: false },
          data: SIZES.map((size) => value(of(name, size)) / 1_000),
        })),
      ),
    },
  };
}

function reportMany(runs: readonly Run[]): string {
  const of = (name: CloserName) => slower(runs.filter((one) => one.name === name));
  const [ours, least] = [of('Drawbridge'), of('floor: one get, one update')];
  const shown = [...NAMES].reverse();
  return writeResult('close-many', {
    title: `${MANY.services} services at once, each behind ${MANY.webAcls} web ACLs`,
    subtitle: 'Until the last of them is closed, in seconds, at the rates that WAF publishes',
    command: 'npm run bench -- close',
    isDeterministic: true,
    table: {
      headers: ['by', 'closed after', 'open after', 'WAF calls to close', 'table calls'],
      rows: NAMES.map((name) => [name, ...cellsOf(of(name))]),
    },
    notes: [
      `${MANY.services} rule groups at one write a second take ${seconds(least.closedMs)} at least; Drawbridge needs ${(ours.closedMs / least.closedMs).toFixed(2)} × that: it spaces its writes by 1.05 s, and hands the driving on.`,
      `Its calls to WAF that were throttled: ${ours.closeCalls.throttled}.`,
      ...NOTES.slice(0, 2),
    ],
    data: { assumed: LATENCY, runs },
    chart: {
      description: shown.map((name) => `${name}: ${seconds(of(name).closedMs)}.`).join(' '),
      height: 330,
      option: {
        grid: { left: 210, right: 90, top: 80, bottom: 50 },
        xAxis: { ...AXIS, type: 'value', axisLabel: { ...AXIS.axisLabel, formatter: '{value} s' } },
        yAxis: { ...AXIS, type: 'category', data: shown, axisTick: { show: false } },
        series: [
          {
            type: 'bar',
            barWidth: '60%',
            label: { show: true, position: 'right', formatter: '{c} s', fontSize: 12 },
            data: shown.map((name) => ({
              value: Number((of(name).closedMs / 1_000).toFixed(1)),
              itemStyle: { color: COLOUR[name] },
            })),
          },
        ],
      },
    },
  });
}
