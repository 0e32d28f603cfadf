import { AXIS } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { table } from '../report/table.ts';
import { beforeWrite, type Counted, countCalls, depthOf } from './calls.ts';
import { type BundleSize, sizesIn } from './size.ts';
import { BARE, benchStart, EMPTY, type Started } from './start.ts';

/** What each Lambda weighs, how long it takes to start, and what it calls once it is warm. */

const ROUNDS = 15;
/** Parts that are smaller are one. */
const LEAST_BYTES = 4_000;
const MOST_PARTS = 10;

export async function benchLambda(dist: URL, rounds = ROUNDS): Promise<string> {
  const sizes = sizesIn(dist);
  const starts = await benchStart(
    dist,
    sizes.map(({ handler }) => handler),
    rounds,
  );
  const counted = await countCalls();
  const bare = starts.find(({ name }) => name === BARE) as Started;
  const headers = ['handler', 'bytes', 'start, CPU ms', 'of the bare client', 'start, wall ms', 'of the bare client'];
  const rows = starts.map((one) => {
    const size = sizes.find(({ handler }) => one.name === `${handler} handler`);
    return [
      one.name,
      size ? thousands(size.bytes) : '',
      withSpread(one.cpuMs),
      times(one.cpuMs.median / bare.cpuMs.median),
      withSpread(one.wallMs),
      times(one.wallMs.median / bare.wallMs.median),
    ];
  });
  const said = writeResult('lambda', {
    title: 'Start of each Lambda in a fresh process',
    subtitle: `CPU time to load the bundle, median of ${rounds}, beside an empty handler and one that only makes a WAF client`,
    command: 'npm run bench -- lambda',
    isDeterministic: false,
    table: { headers, rows },
    notes: [
      `Medians of ${rounds} fresh processes each, interleaved; in brackets a tenth lower and a tenth higher. Node itself has started by then.`,
      `"${BARE}" is bundled as anybody would: minified ESM, the SDK's own credential chain.`,
    ],
    data: { sizes, starts, calls: counted.map(summary) },
    chart: chartOf(starts),
  });
  return [said, '', sizeTable(sizes), '', callTable(counted)].join('\n');
}

const thousands = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const times = (value: number): string => value.toFixed(2);
const withSpread = ({ median, low, high }: Started['cpuMs']): string =>
  `${median.toFixed(0)} (${low.toFixed(0)}–${high.toFixed(0)})`;

function sizeTable(sizes: readonly BundleSize[]): string {
  const all = new Map<string, number>();
  for (const { parts } of sizes)
    for (const { name, bytes } of parts) all.set(name, Math.max(all.get(name) ?? 0, bytes));
  const named = [...all]
    .filter(([, bytes]) => bytes >= LEAST_BYTES)
    .sort((one, other) => other[1] - one[1])
    .slice(0, MOST_PARTS)
    .map(([name]) => name);
  const bytesOf = ({ parts }: BundleSize, isMeant: (name: string) => boolean) =>
    thousands(parts.filter(({ name }) => isMeant(name)).reduce((sum, { bytes }) => sum + bytes, 0));
  return table(
    ['bytes of', ...sizes.map(({ handler }) => handler)],
    [
      ...named.map((name) => [name, ...sizes.map((size) => bytesOf(size, (one) => one === name))]),
      ['everything else', ...sizes.map((size) => bytesOf(size, (one) => !named.includes(one)))],
      ['the bundle', ...sizes.map(({ bytes }) => thousands(bytes))],
    ],
  );
}

function summary({ what, ms, calls }: Counted) {
  const of = (service: string) => calls.filter((call) => call.service === service).length;
  const before = beforeWrite(calls);
  const write = before.length > 0;
  return {
    ...{ what, ms, dynamodb: of('dynamodb'), waf: of('waf'), oneAfterTheOther: depthOf(calls) },
    ...(write ? { dynamodbBeforeWrite: depthOf(before.filter(({ service }) => service === 'dynamodb')) } : {}),
    order: calls.map(({ service, operation }) => `${service}:${operation}`),
  };
}

const callTable = (counted: readonly Counted[]): string =>
  table(
    [
      'asked of a warm instance, 5 ms a call',
      'ms',
      'DynamoDB calls',
      'WAF calls',
      'one after the other',
      'DynamoDB before the WAF write',
    ],
    counted
      .map(summary)
      .map(({ what, ms, dynamodb, waf, oneAfterTheOther, dynamodbBeforeWrite }) => [
        what,
        ms.toFixed(0),
        String(dynamodb),
        String(waf),
        String(oneAfterTheOther),
        dynamodbBeforeWrite === undefined ? '' : String(dynamodbBeforeWrite),
      ]),
  );

function chartOf(starts: readonly Started[]) {
  const told = starts.map(({ name, cpuMs }) => `${name} ${cpuMs.median.toFixed(0)} ms`).join(', ');
  return {
    description: `CPU time to load each bundle in a fresh process: ${told}. ${EMPTY} and ${BARE} are there for comparison.`,
    option: {
      grid: { left: 190, right: 40, top: 80, bottom: 40 },
      xAxis: { ...AXIS, type: 'value' as const, name: 'ms' },
      yAxis: { ...AXIS, type: 'category' as const, inverse: true, data: starts.map(({ name }) => name) },
      series: [
        {
          type: 'bar' as const,
          data: starts.map(({ cpuMs }) => Number(cpuMs.median.toFixed(1))),
          label: { show: true, position: 'right' as const },
        },
      ],
    },
  };
}
