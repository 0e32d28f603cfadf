import type { Operation } from '../../../../contract/operation-answer.ts';
import type { Intent, Run, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { outcomeOfRun, settled } from '../../../../lambda/src/rundown/step-status.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const DAY_MS = 24 * 60 * 60_000;
const ID = 'production-00000001';
const isoAgo = (ms: number) => new Date(NOW - ms).toISOString();

const runAged = (ageMs: number, services = ['shop']): Run => ({
  id: ID,
  operations: services.map((service) => ({ operationId: services.length > 1 ? `${ID}_${service}` : ID, service })),
  requestedBy: 'a@example.com',
  startedAt: isoAgo(ageMs),
  isOver: false,
  syncId: 'sync-1',
});

const accepted = (more: Partial<Operation> = {}, acceptedAgoMs = 1_000): Operation => ({
  operationId: ID,
  service: 'shop',
  title: 'Shop',
  action: 'enter',
  mode: 'maintenance',
  state: 'accepted',
  changed: true,
  revision: 1,
  requestedBy: 'a@example.com',
  requestedAt: isoAgo(acceptedAgoMs),
  committedAt: isoAgo(acceptedAgoMs),
  acceptedAt: isoAgo(acceptedAgoMs),
  source: { kind: 'sheet', spreadsheetId: 'sheet', step: '2' },
  targets: [{ target: 'REGIONAL/eu-west-1', state: 'accepted', at: isoAgo(acceptedAgoMs) }],
  proof: { state: 'proving', probes: 3, agree: 1, disagree: 2, open: 2, unknown: 0, checkedAt: isoAgo(500) },
  message: '',
  ...more,
});
const verified = (more: Partial<Operation> = {}): Operation => {
  const verifiedAt = isoAgo(0);
  const proof = { state: 'verified', probes: 3, agree: 3, disagree: 0, open: 0, unknown: 0, verifiedAt } as const;
  return accepted({ state: 'verified', verifiedAt, proof, ...more });
};
const refusedFor = (code: string): Operation => {
  const { committedAt: _committed, acceptedAt: _accepted, ...asked } = accepted();
  return { ...asked, state: 'refused', targets: [], problem: { code, message: 'Because.' } } as Operation;
};

const outcome = (
  operations: readonly Operation[],
  { ageMs = 1_000, services = ['shop'], intents = {}, lost = '' } = {},
) =>
  outcomeOfRun(
    { run: runAged(ageMs, services), intents: intents as Record<string, Intent> },
    new Map(operations.map((operation) => [operation.operationId, operation])),
    {
      now: NOW,
      isPick: false,
      formatTime: (iso) => iso.slice(11, 19),
      wayBack: () => 'To open again: step 8.',
      isKnown: (name) => name !== lost,
    },
  );

it('is Done only at verified', () => {
  const pending = { target: 'REGIONAL/eu-west-1', state: 'pending' } as const;
  expect(outcome([accepted({ state: 'pending', targets: [pending] })]).cells.status).toBe('Running');
  expect(outcome([accepted()]).cells.status).toBe('Running');
  expect(outcome([verified()])).toMatchObject({ isOver: true, cells: { status: 'Done', finished: isoAgo(0) } });
});

it('is Unproven after five minutes without proof, and is looked after for a day', () => {
  expect(outcome([accepted({}, 5 * 60_000 + 1)])).toMatchObject({ isOver: false, cells: { status: 'Unproven' } });
  const late = outcome([accepted({}, DAY_MS + 1)], { ageMs: DAY_MS + 1 });
  expect(late).toMatchObject({ isOver: true, cells: { status: 'Unproven', finished: '' } });
});

it('is Unproven at once while the config does not name its service, and says that nobody checks it', () => {
  const exit = { action: 'exit', mode: 'normal' } as const;
  const pending = { target: 'REGIONAL/eu-west-1', state: 'pending' } as const;
  const said = (more: Partial<Operation>) => outcome([accepted({ ...exit, ...more })], { lost: 'shop' });
  expect(said({})).toMatchObject({ isOver: false, cells: { status: 'Unproven' } });
  expect(said({}).cells.result).toBe(
    "We don't know whether Shop is open, and nobody checks it: the config lost it before that was proven. " +
      'The firewall accepted the change; 2 of 3 probes do not see it yet (01:59:59). ' +
      `Look for yourself; once it is in the config again it is checked again. (${ID})`,
  );
  const early = said({ state: 'pending', targets: [pending], proof: { ...accepted().proof, checkedAt: undefined } });
  expect(early).toMatchObject({ isOver: false, cells: { status: 'Unproven' } });
  expect(early.cells.result).toContain('The firewall has not taken the change everywhere; no probe was sent.');
  expect(outcome([verified()], { lost: 'shop' })).toMatchObject({ isOver: true, cells: { status: 'Done' } });
});

it('is Accepted at once, with the reason, when nobody probes the service', () => {
  const none = accepted({ proof: { state: 'none', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 } });
  expect(outcome([none])).toMatchObject({
    isOver: true,
    cells: { status: 'Accepted', finished: isoAgo(1_000), result: expect.stringContaining('verification: none') },
  });
});

it('of a group of which one is not probed is Accepted when the others are proven, and Unproven while they are late', () => {
  const none = accepted({ proof: { state: 'none', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 } });
  const services = ['shop', 'payments'];
  const of = (service: string, operation: Operation) => ({ ...operation, operationId: `${ID}_${service}`, service });
  expect(outcome([of('shop', none), of('payments', verified())], { services })).toMatchObject({
    isOver: true,
    cells: { status: 'Accepted', finished: isoAgo(0) },
  });
  const late = accepted({}, 5 * 60_000 + 1);
  expect(outcome([of('shop', none), of('payments', late)], { services })).toMatchObject({
    isOver: false,
    cells: { status: 'Unproven' },
  });
});

it('what is still to be committed is Running; what nobody may commit any more is Failed: nothing was run', () => {
  expect(outcome([], { intents: { [ID]: {} } })).toMatchObject({ isOver: false, cells: { status: 'Running' } });
  expect(outcome([])).toMatchObject({
    isOver: true,
    cells: { status: 'Failed', result: expect.stringContaining('Nothing was run') },
  });
});

it.each(['STALE_REQUEST', 'NOT_OPERATOR', 'ILLEGAL_MOVE', 'HELD_BY_OTHER'])(
  '%s of a request is the end: Failed, and nothing was changed',
  (code) => {
    expect(outcome([refusedFor(code)])).toMatchObject({
      isOver: true,
      cells: { status: 'Failed', result: expect.stringContaining('Nothing was changed') },
      refusal: { isHeld: code === 'HELD_BY_OTHER' },
    });
  },
);

it('what another operation overtook is Failed', () => {
  const overtaken = accepted({
    state: 'superseded',
    supersededBy: { operationId: 'production-00000002', by: 'b@example.com' },
  });
  expect(outcome([overtaken])).toMatchObject({ isOver: true, cells: { status: 'Failed' } });
});

describe('a group', () => {
  const services = ['shop', 'payments'];
  const of = (service: string, operation: Operation): Operation => ({
    ...operation,
    operationId: `${ID}_${service}`,
    service,
  });
  const both = (shop: Operation, payments: Operation) =>
    outcome([of('shop', shop), of('payments', payments)], { services });

  it('is Done when all its services are', () => {
    expect(both(verified(), accepted())).toMatchObject({ isOver: false, cells: { status: 'Running', finished: '' } });
    expect(both(verified(), verified())).toMatchObject({ isOver: true, cells: { status: 'Done' } });
  });

  it('is Failed at its end when one of them is; a refusal of one is no refusal of all', () => {
    const mixed = both(verified(), refusedFor('ILLEGAL_MOVE'));
    expect(mixed).toMatchObject({ isOver: true, cells: { status: 'Failed', finished: '' } });
    expect(mixed.refusal).toBeUndefined();
    expect(both(accepted(), refusedFor('ILLEGAL_MOVE'))).toMatchObject({ isOver: false, cells: { status: 'Running' } });
  });
});

describe('the end of a run in its step', () => {
  const record: StepRecord = {
    key: '000001',
    tab: 'rundown',
    version: 1,
    seen: { row: 2, step: '2', plannedStart: { text: '' }, service: 'shop', action: '', status: 'Go', operation: '' },
    told: [],
    decided: { status: 'Running', result: '', started: '', finished: '', by: 'a@example.com', operation: ID },
    isAnswered: true,
    intents: {},
    run: runAged(1_000),
  };

  it('names who asked, and its operation, whatever the cells said', () => {
    const forged = { ...record, decided: { ...record.decided, by: 'b@example.com', operation: 'production-ffffffff' } };
    expect(settled(forged, outcome([verified()]), 'Etc/UTC')).toMatchObject({
      decided: { status: 'Done', by: 'a@example.com', operation: ID },
      run: { isOver: true },
    });
  });

  it('a service that another sheet holds is asked about, and the refused Go is no confirmation of itself', () => {
    expect(settled(record, outcome([refusedFor('HELD_BY_OTHER')]), 'Etc/UTC')).toMatchObject({
      decided: { status: 'Failed', result: expect.stringContaining('To take over') },
      question: { kind: 'take-over', by: 'a@example.com', syncId: 'sync-1' },
    });
  });

  it('a refused Go over what was Done leaves it Done', () => {
    const decided = { ...record.decided, status: 'Done', result: 'Closed.', finished: isoAgo(60_000) };
    const before = { decided, run: { ...runAged(120_000), isOver: true } };
    const after = settled({ ...record, before }, outcome([refusedFor('NOT_OPERATOR')]), 'Etc/UTC');
    expect(after).toMatchObject({ decided: { status: 'Done', result: expect.stringContaining('Before: Closed.') } });
    expect(after.before).toBeUndefined();
  });

  it('what is over is not settled again', () => {
    const over = { ...record, run: { ...runAged(1_000), isOver: true } };
    expect(settled(over, outcome([refusedFor('STALE_REQUEST')]), 'Etc/UTC')).toBe(over);
  });
});
