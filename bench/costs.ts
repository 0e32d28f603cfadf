import type { Execution } from '../local/apps-script-runtime/execution.ts';
import { RELEASE_MANAGER } from '../local/people.ts';
import { rowsOf } from '../local/sheet-rows.ts';
import { type Stack, startStack } from '../local/stack.ts';
import { table } from './table.ts';

/**
 * `npm run costs`: service calls of the script for each kind of wake-up, as the runtime counts them, and a time budget for
 * each day. A service call is a read or write of values, properties, cache, lock, URL or trigger.
 */

/** Assumed, as nothing is published: what one call of a kind takes on the real platform, in seconds. */
const ASSUMED_SECONDS: readonly (readonly [RegExp, number])[] = [
  [/^UrlFetch/, 0.5],
  [/^(Range|Sheet|Spreadsheet|Protection)/, 0.3],
  [/^Lock/, 0.1],
  [/.*/, 0.06],
];
const secondsOf = (calls: readonly string[]): number =>
  calls.reduce((sum, call) => sum + (ASSUMED_SECONDS.find(([kind]) => kind.test(call))?.[1] ?? 0), 0);

export interface Cost {
  readonly what: string;
  readonly calls: readonly string[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Until the step's end is in its row; the boards are brought up after that. */
function untilDone({ calls }: Execution): string[] {
  const end = calls.lastIndexOf('Properties.deleteProperty');
  const own = calls.slice(0, end + 1);
  // Each look after the first is polling: its request, and what it writes.
  const sends = own.flatMap((call, at) => (call === 'UrlFetch.fetchAll' ? [at] : []));
  const [first = 0, ...looks] = sends;
  const last = looks.at(-1) ?? first;
  return [...own.slice(0, looks[0] ?? first + 1), ...own.slice(last + 1)];
}

export async function measure(dist: URL): Promise<Cost[]> {
  const stack = await startStack({
    dist,
    propagation: { minMs: 10, maxMs: 50 },
    proof: { probes: 2, spreadSeconds: 0 },
  });
  try {
    return await costsOf(stack);
  } finally {
    await stack.close();
  }
}

async function costsOf(stack: Stack): Promise<Cost[]> {
  const type = async (cell: string, value: string) => {
    const { executions } = stack.runtime.edit({
      spreadsheetId: stack.releaseSheet,
      sheet: 'Rundown',
      range: cell,
      values: [[value]],
      user: RELEASE_MANAGER,
    });
    return (await executions)[0] as Execution;
  };
  const tick = async (forwardMs = MINUTE_MS) => {
    stack.clock.moveTo(stack.clock.now() + forwardMs);
    return (await stack.runtime.tick())[0] as Execution;
  };
  const status = (step: string) =>
    rowsOf(stack, 'Rundown')
      .find(({ value }) => value('Step') === step)
      ?.cell('Status') as string;

  await tick();
  const note = await type('C3', 'Close the shop for everybody');
  const go = await type(status('2'), 'Go');
  const arming = await type(status('8'), 'Scheduled');
  const near = await tick();
  await type(status('8'), 'Planned');
  stack.clock.moveTo(stack.clock.now() + 30 * HOUR_MS);
  for (let minute = 0; minute < 61; minute += 1) await tick();
  const rest: Execution[] = [];
  for (let minute = 0; minute < 60; minute += 1) rest.push(await tick());
  const hourly = [...rest].sort((a, b) => b.calls.length - a.calls.length)[0] as Execution;
  const idle = [...rest].sort((a, b) => a.calls.length - b.calls.length)[0] as Execution;
  return [
    { what: 'an edit that cannot matter', calls: note.calls },
    { what: 'one Go, from edit to Done, besides the polling', calls: untilDone(go) },
    { what: 'arming a step', calls: arming.calls },
    { what: 'a minute near a step', calls: near.calls },
    { what: 'an idle minute', calls: idle.calls },
    { what: 'the hourly look at a sheet at rest', calls: hourly.calls },
  ];
}

/** Google grants triggers so many minutes a day: to a consumer account, and in a Workspace. */
const GRANTED_MINUTES = { consumer: 90, workspace: 360 } as const;
const MINUTES_A_DAY = 1_440;
const NIGHT_MINUTES = 240;
const SHEETS = 18;

export function report(costs: readonly Cost[]): string {
  const of = (what: string) => secondsOf(costs.find((cost) => cost.what === what)?.calls ?? []);
  const rows = costs.map(({ what, calls }) => [what, String(calls.length), `${secondsOf(calls).toFixed(1)} s`]);
  const idle = (MINUTES_A_DAY - NIGHT_MINUTES) * of('an idle minute');
  const night = NIGHT_MINUTES * of('a minute near a step');
  const hourly = 24 * SHEETS * of('the hourly look at a sheet at rest');
  const minutes = (seconds: number) => `${(seconds / 60).toFixed(0)} min`;
  return [
    table(['wake-up', 'service calls', 'assumed time'], rows),
    '',
    `A day with one night of four hours and ${SHEETS} sheets: ${minutes(idle)} idle, ${minutes(night)} near its steps, ` +
      `${minutes(hourly)} hourly looks: ${minutes(idle + night + hourly)} in all.`,
    `Google grants triggers ${GRANTED_MINUTES.consumer} minutes a day (consumer), ${GRANTED_MINUTES.workspace} in a Workspace.`,
    'Times are assumed (0.3 s a call of a sheet, 0.5 s a request, 0.06 s a property); calls are counted.',
  ].join('\n');
}
