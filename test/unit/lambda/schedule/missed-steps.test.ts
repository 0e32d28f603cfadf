import type { ScheduledStep } from '../../../../contract/schedule.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { putSchedule } from '../../../../lambda/src/schedule/put-schedule.ts';
import { createHouse, diesAt, type House, NOW, OPERATOR, requestOf } from '../../../builders.ts';

/** What does not happen makes no noise by itself. */

let house: House;
beforeEach(async () => {
  house = await createHouse();
  house.clock.now = NOW;
});
afterEach(() => house.close());

const STEP: ScheduledStep = {
  operationId: 'op-armed-1',
  step: '4',
  service: 'shop',
  action: 'enter',
  plannedStart: new Date(NOW + 10 * 60_000).toISOString(),
  requestedBy: OPERATOR,
};
const arm = (steps: ScheduledStep[], spreadsheetId = 'sheet-1') =>
  putSchedule(house.deps, { spreadsheetId, steps, ends: [] });
/** The sheet's script and the reconciler, minute by minute. */
async function pass(minutes: number, { beats = [STEP] as ScheduledStep[] | false, deps = house.deps } = {}) {
  for (let minute = 0; minute < minutes; minute += 1) {
    house.clock.now += 60_000;
    if (beats && minute % 5 === 0) await arm(beats);
    await reconcile(deps);
  }
}
const subjects = () => house.notices.map(({ subject }) => subject.replace('[production] ', ''));
const last = () => house.counts.at(-1);
const MISSED = 'Missed: step 4, Enter maintenance, Shop';
const STOPPED = 'A release sheet stands still: 1 armed step will not run';

describe('a scheduled step', () => {
  it('that never arrived is told once, after its grace, and counted until the sheet takes it back', async () => {
    await pass(20);
    expect(subjects()).toEqual([]);
    await pass(10);
    expect(subjects()).toEqual([MISSED]);
    expect(house.notices[0]?.message).toContain('02:10:00 UTC and did not run');
    expect(house.notices[0]?.message).toContain('op-armed-1');
    expect(last()).toMatchObject({ MissedStep: 1, TicksStopped: 0 });
    await pass(1, { beats: [] });
    expect(last()).toMatchObject({ MissedStep: 0 });
  });

  it('whose operation was seen is not missed, even if it was refused', async () => {
    await pass(10);
    const request = requestOf({
      operationId: STEP.operationId,
      requestedBy: 'intern@example.com',
      requestedAt: new Date(house.clock.now).toISOString(),
    });
    await expect(operate(house.deps, request)).rejects.toThrow('operator');
    await pass(15);
    expect(subjects()).toEqual([]);
  });

  it('that the sheet moved to a later time is not missed at the earlier one', async () => {
    await pass(9);
    await pass(20, { beats: [{ ...STEP, plannedStart: new Date(NOW + 60 * 60_000).toISOString() }] });
    expect(subjects()).toEqual([]);
  });

  it('is told twice rather than never when the tick dies before it could note it', async () => {
    await pass(20);
    await pass(1, { deps: { ...house.deps, store: diesAt(house.store, 'putScheduleTold') } });
    await pass(1);
    await pass(1);
    expect(subjects()).toEqual([MISSED, MISSED]);
  });

  it('is told although a service cannot be looked at', async () => {
    await pass(20);
    await pass(1, { deps: { ...house.deps, store: diesAt(house.store, 'state') } });
    expect(subjects()).toEqual([MISSED]);
  });
});

describe('a sheet’s script', () => {
  it('that is not heard of for fifteen minutes while steps are armed is told once', async () => {
    const later = { ...STEP, plannedStart: new Date(NOW + 300 * 60_000).toISOString() };
    await arm([later]);
    await pass(15, { beats: false });
    expect(subjects()).toEqual([]);
    await pass(20, { beats: false });
    expect(subjects()).toEqual([STOPPED]);
    expect(house.notices[0]?.message).toContain('not been heard of since 2026-11-22 02:00:00 UTC');
    expect(last()).toMatchObject({ TicksStopped: 1 });
  });

  it('that was heard of again and stops again is told again', async () => {
    const later = { ...STEP, plannedStart: new Date(NOW + 300 * 60_000).toISOString() };
    await arm([later]);
    await pass(16, { beats: false });
    await pass(1, { beats: [later] });
    expect(last()).toMatchObject({ TicksStopped: 0 });
    await pass(16, { beats: false });
    expect(subjects()).toEqual([STOPPED, STOPPED]);
  });

  it('with nothing armed may be silent', async () => {
    await putSchedule(house.deps, {
      spreadsheetId: 'sheet-1',
      steps: [],
      ends: [{ service: 'shop', plannedEnd: new Date(NOW + 60_000).toISOString() }],
    });
    await pass(30, { beats: false });
    expect(subjects()).toEqual([]);
  });

  it('that was thrown away with steps in it is forgotten after a day', async () => {
    await arm([STEP]);
    await pass(30, { beats: false });
    house.clock.now += 24 * 60 * 60_000;
    await pass(1, { beats: false });
    expect(last()).toMatchObject({ MissedStep: 0, TicksStopped: 0 });
  });
});
