import type { Execution } from '../../local/apps-script-runtime/execution.ts';
import { RELEASE_MANAGER } from '../../local/people.ts';
import { seedReleaseSheet } from '../../local/seed.ts';
import { rowsOf } from '../../local/sheet-rows.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { WHAT } from './day.ts';
import { untilSent, untilShown, type WakeUp, wakeUpOf } from './wake-up.ts';

/** `npm run costs`: each kind of wake-up of the built script once, on the local stack. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PASS_EVERY_MS = 20;

/** @param near - With how many release sheets near their steps a tick is measured, ascending; the first is 1. */
export async function measure(dist: URL, near: readonly number[]): Promise<WakeUp[]> {
  const stack = await startStack({
    dist,
    propagation: { minMs: 10, maxMs: 50 },
    proof: { probesPerSecond: 500 },
  });
  try {
    return await measureAll(createMeter(stack), stack, near);
  } finally {
    await stack.close();
  }
}

async function measureAll(meter: Meter, stack: Stack, near: readonly number[]): Promise<WakeUp[]> {
  const cellOf = (step: string, header: string) =>
    rowsOf(stack, 'Rundown')
      .find(({ value }) => value('Step') === step)
      ?.cell(header) as string;
  const status = (step: string) => cellOf(step, 'Status');
  // Tokens are there, as they are but for one minute in an hour.
  await meter.tick('warm');
  const idleEdit = await meter.type(WHAT.idleEdit, cellOf('2', 'Task'), 'Close the shop for everybody');
  const go = await meter.type(WHAT.go, status('2'), 'Go');
  const arming = await meter.type(WHAT.arming, status('8'), 'Scheduled');
  await meter.type('disarming', status('8'), 'Planned');

  const ticks: WakeUp[] = [];
  let sheets = 1;
  for (const wanted of near) {
    for (; sheets < wanted; sheets += 1) {
      await seedReleaseSheet(stack.runtime, stack.controlSheet, stack.clock.now(), 42 + sheets);
    }
    await meter.tick('all of them for the first time');
    const usual: WakeUp[] = [];
    for (let minute = 0; minute < 3; minute += 1) usual.push(await meter.tick(WHAT.near(wanted)));
    ticks.push(byCalls(usual)[1] as WakeUp);
  }

  // What is closed is watched.
  await meter.type('opening', status('8'), 'Go');
  stack.clock.moveTo(stack.clock.now() + 30 * HOUR_MS);
  for (let minute = 0; minute <= 60; minute += 1) await meter.tick('coming to rest');
  const hour: WakeUp[] = [];
  for (let minute = 0; minute < 60; minute += 1) hour.push(await meter.tick(WHAT.idleTick));
  const [idleTick, hourly] = [byCalls(hour)[0] as WakeUp, byCalls(hour).at(-1) as WakeUp];
  return [
    idleEdit,
    untilSent(WHAT.sent, go),
    untilShown(WHAT.shown, go),
    go,
    arming,
    ...ticks,
    idleTick,
    { ...hourly, what: WHAT.hourly },
  ];
}

const byCalls = (all: readonly WakeUp[]): WakeUp[] => [...all].sort((a, b) => a.calls.length - b.calls.length);

interface Meter {
  type(what: string, cell: string, value: string): Promise<WakeUp>;
  /** A minute later. */
  tick(what: string): Promise<WakeUp>;
}

function createMeter({ runtime, clock, onHop, releaseSheet }: Stack): Meter {
  /** What came over the network to Drawbridge while one execution ran. */
  async function metered(what: string, run: () => Promise<Execution[]>): Promise<WakeUp> {
    let requests = 0;
    const end = onHop(({ part, what: asked }) => {
      // The gateway tells of its checks as well.
      if (part === 'cognito' || (part === 'gateway' && /^(GET|POST|PUT) /.test(asked))) requests += 1;
    });
    const endWaits = passWaits();
    const [execution] = await run().finally(() => {
      end();
      endWaits();
    });
    if (!execution || execution.error !== undefined) throw new Error(`${what}: ${execution?.error ?? 'nothing ran'}`);
    return wakeUpOf(what, execution, requests);
  }
  /** What a script waits for comes at once: waits are counted, not sat through. */
  function passWaits(): () => void {
    let passed = 0;
    const timer = setInterval(() => {
      const { sleeps = [], endedAt } = runtime.executions().at(-1) ?? {};
      if (endedAt !== undefined || sleeps.length <= passed) return;
      passed = sleeps.length;
      clock.moveTo(clock.now() + (sleeps.at(-1)?.ms ?? 0));
    }, PASS_EVERY_MS);
    return () => clearInterval(timer);
  }

  return {
    type: (what, range, value) =>
      metered(what, () => {
        const cell = { spreadsheetId: releaseSheet, sheet: 'Rundown', range, values: [[value]] };
        return runtime.edit({ ...cell, user: RELEASE_MANAGER }).executions;
      }),
    tick: (what) =>
      metered(what, () => {
        clock.moveTo(clock.now() + MINUTE_MS);
        return runtime.tick();
      }),
  };
}
