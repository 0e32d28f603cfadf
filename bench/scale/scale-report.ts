import { REAL_QUOTAS } from '../../local/waf/throttle.ts';
import { PRICES } from '../prices.ts';
import { AXIS, type Chart, COLOURS } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { seconds } from '../report/table.ts';
import { type Month, monthOf } from './month.ts';
import { type Execution, KINDS, type Kind, measureScale } from './scale.ts';

/** `npm run bench -- scale`: what 1, 20, 100 and 500 services ask of AWS, against its quotas, and what a month costs. */

const SIZES = [1, 20, 100, 500] as const;
/** cdk/: a tick is cut off after that. */
const TICK_LIMIT_MS = 55_000;
const MINUTE_S = 60;

interface Limit {
  readonly services: number;
  readonly what: string;
  readonly lifted: string;
}

/** Of one account and region, one target a service. @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const LIMITS: readonly Limit[] = [
  { services: 50, what: '100 IP sets, two a service', lifted: 'a raised quota: `npm run capacity` says which' },
  { services: 100, what: '100 rule groups', lifted: 'a raised quota' },
  {
    services: 110,
    what: 'closed at once: more are looked at in turns, not every minute',
    lifted: 'another account or region; WAF’s rate is fixed',
  },
  { services: 125, what: 'a CloudFormation stack of 500 resources', lifted: '`stack: 2` in the config' },
];

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
const sharePercent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

export async function benchScale(): Promise<string> {
  const measured: Execution[][] = [];
  for (const size of SIZES) measured.push(await measureScale(size));
  const months = measured.map(monthOf);
  const granted = REAL_QUOTAS.readsPerSecond * MINUTE_S;
  const rows = measured.flatMap((executions) =>
    executions.map((one) => [
      String(one.services),
      one.kind,
      String(one.wafReads),
      sharePercent(one.wafReads, granted),
      String(one.tableCalls),
      String(one.readUnits),
      String(one.writeUnits),
      seconds(one.ms),
    ]),
  );
  const most = measured.at(-1) as readonly Execution[];
  const longest = [...most].sort((a, b) => b.ms - a.ms)[0] as Execution;
  return writeResult('scale', {
    title: 'What 1 to 500 services ask of AWS, and what a month costs',
    subtitle:
      'Left: one minute’s tick, as a share of what is granted. Right: US dollars a month; $1 a rule in each web ACL comes on top',
    command: 'npm run bench -- scale',
    isDeterministic: true,
    table: {
      headers: [
        'services',
        'execution',
        'WAF reads',
        'of a minute’s',
        'table calls',
        'read units',
        'write units',
        'takes',
      ],
      rows,
    },
    notes: [
      ...months.map(
        (month, at) =>
          `${SIZES[at]} services: ${dollars(controlPlane(month))} a month for Drawbridge (table ${dollars(month.table)}, Lambda ${dollars(month.lambda)}, sign-in ${dollars(month.signIn)}, alarms ${dollars(month.alarms)}), and ${dollars(month.wafRules)} for one rule in a web ACL each.`,
      ),
      `Closing all 500 takes 500 × 1.05 s at least: one write a second is WAF’s own rate, and fixed. The longest execution with 500: ${longest.kind}, ${seconds(longest.ms)} of ${TICK_LIMIT_MS / 1_000} s.`,
      ...LIMITS.map(({ services, what, lifted }) => `Limit at ${services} services: ${what}. Lifted by ${lifted}.`),
      'Takes: calls and pauses by a virtual clock (bench/latency.ts), without the function’s own work. Prices: bench/prices.ts.',
    ],
    data: {
      executions: measured.flat(),
      months: months.map((month, at) => ({ services: SIZES[at], ...month })),
      limits: LIMITS,
      prices: PRICES,
    },
    chart: chartOf(measured, months, granted),
  });
}

const controlPlane = ({ table, lambda, signIn, alarms }: Month): number => table + lambda + signIn + alarms;

function chartOf(measured: readonly (readonly Execution[])[], months: readonly Month[], granted: number): Chart {
  const of = (kind: Kind, value: (one: Execution) => number) =>
    measured.map((all) => value(all.find((one) => one.kind === kind) as Execution));
  const percent = (value: number) => Number(value.toFixed(1));
  const reads = (kind: Kind) => of(kind, ({ wafReads }) => percent((100 * wafReads) / granted));
  const times = (kind: Kind) => of(kind, ({ ms }) => percent((100 * ms) / TICK_LIMIT_MS));
  const shares = [
    ['WAF reads, all open', reads(KINDS[0]), COLOURS[5]],
    ['WAF reads, 20 closed', reads(KINDS[1]), COLOURS[0]],
    ['time of a tick, all open', times(KINDS[0]), COLOURS[4]],
    ['time of a tick, 20 closed', times(KINDS[1]), COLOURS[1]],
  ] as const;
  const costs = [
    ['sign-in and alarms', months.map(({ signIn, alarms }) => signIn + alarms), COLOURS[6]],
    ['Lambda', months.map(({ lambda }) => lambda), COLOURS[2]],
    ['table', months.map(({ table }) => table), COLOURS[3]],
  ] as const;
  const totals = months.map((month) => dollars(controlPlane(month)));
  const names = SIZES.map((size) => `${size}`);
  const axis = {
    ...AXIS,
    type: 'category' as const,
    data: names,
    name: 'services',
    nameLocation: 'middle' as const,
    nameGap: 30,
  };
  return {
    description: `A month of Drawbridge costs ${SIZES.map((size, at) => `${totals[at]} with ${size} services`).join(', ')}.`,
    height: 500,
    option: {
      legend: [
        { top: 66, left: 60, width: 380, data: shares.map(([name]) => name), textStyle: { fontSize: 12 } },
        { top: 66, left: 520, width: 320, data: costs.map(([name]) => name), textStyle: { fontSize: 12 } },
      ],
      grid: [
        { left: 70, width: 370, top: 140, bottom: 60 },
        { left: 520, width: 310, top: 140, bottom: 60 },
      ],
      xAxis: [0, 1].map((gridIndex) => ({ ...axis, gridIndex })),
      yAxis: [
        { ...AXIS, type: 'value', gridIndex: 0, max: 100, axisLabel: { ...AXIS.axisLabel, formatter: '{value} %' } },
        {
          ...AXIS,
          type: 'value',
          gridIndex: 1,
          axisLabel: { ...AXIS.axisLabel, formatter: (value: number) => `$${value}` },
        },
      ],
      series: [
        ...shares.map(([name, data, color]) => ({
          ...{ type: 'bar' as const, name, data, xAxisIndex: 0, yAxisIndex: 0, itemStyle: { color } },
        })),
        ...costs.map(([name, data, color], at) => ({
          ...{
            type: 'bar' as const,
            name,
            xAxisIndex: 1,
            yAxisIndex: 1,
            stack: 'month',
            barWidth: '45%',
            itemStyle: { color },
          },
          data: data.map((value) => Number(value.toFixed(2))),
          label: {
            show: at === costs.length - 1,
            position: 'top' as const,
            fontSize: 12,
            formatter: ({ dataIndex }: { dataIndex: number }) => totals[dataIndex] as string,
          },
        })),
      ],
    },
  };
}
