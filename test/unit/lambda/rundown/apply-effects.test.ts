import { LONGEST_STEP } from '../../../../contract/operation.ts';
import type { Armed, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { findNamed, knownServices } from '../../../../lambda/src/model/service-names.ts';
import {
  type ApplyInputs,
  applyEffect,
  asRead,
  plannedEndOf,
} from '../../../../lambda/src/rundown/plan/apply-effects.ts';
import type { Effect, Start } from '../../../../lambda/src/rundown/plan/effects.ts';
import type { Row } from '../../../../lambda/src/rundown/plan/row.ts';
import { armedFor, BLANK, isoAt, minutes, NOW, rowOf, runOf } from './planner.ts';
import { createWorld, MANAGER } from './terminal.ts';

/** What is kept of a step, of what became of it. */

const known = knownServices(createWorld().deps.config);
const named = (name: string) => {
  const found = findNamed(known, name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};
const inputs = (more: Partial<ApplyInputs> = {}): ApplyInputs => ({
  ...{ known, syncId: 'sync-2', readAt: NOW, now: NOW, newId: () => 'production-0000000a', rows: [] },
  sheet: { allowlist: [] },
  ...more,
});
const decided = { ...BLANK, status: 'Planned', result: 'before' };
const recordOf = (more: Partial<StepRecord> = {}): StepRecord =>
  ({
    key: '1',
    tab: 'rundown',
    version: 1,
    seen: { action: 'seen' },
    told: [],
    intents: {},
    isAnswered: true,
    decided,
    ...more,
  }) as never;
const note = { kind: 'not-run', who: MANAGER, message: 'why' } as const;
const applied = (
  effect: Effect,
  record = recordOf(),
  row: Row | undefined = rowOf(),
  more: Partial<ApplyInputs> = {},
) => applyEffect(inputs(more), { ...(row ? { row } : {}), record, effect });

describe('nothing new', () => {
  it('leaves what was decided; a row that was never answered is as it stands', () => {
    const row = rowOf({ status: 'Skipped', result: 'theirs' });
    expect(applied({ kind: 'keep' }, recordOf(), row).record.decided).toEqual(decided);
    const fresh = recordOf({ isAnswered: false });
    expect(applied({ kind: 'keep' }, fresh, row).record.decided).toMatchObject({ status: 'Skipped', result: 'theirs' });
    const noRow = applyEffect(inputs(), { record: fresh, effect: { kind: 'keep' } });
    expect(noRow.record.decided).toEqual(decided);
    expect(noRow.notes).toEqual([]);
  });

  it('takes people’s Status, and leaves what is ours in the row', () => {
    const row = rowOf({ status: 'Skipped', result: 'theirs', operation: 'x' });
    expect(applied({ kind: 'accept' }, recordOf(), row).record.decided).toEqual({ ...decided, status: 'Skipped' });
    const fresh = recordOf({ isAnswered: false });
    expect(applied({ kind: 'accept' }, fresh, row).record).toMatchObject({
      isAnswered: false,
      decided: { result: 'theirs' },
    });
    const dragged = applied({ kind: 'accept', hasStrayId: true }, fresh, row).record;
    expect(dragged).toMatchObject({ isAnswered: true, decided: { operation: '', result: 'theirs' } });
    expect(applyEffect(inputs(), { record: fresh, effect: { kind: 'accept' } }).record.decided).toEqual(decided);
  });

  it('forgets what it was told once the row was read', () => {
    const read = asRead(recordOf({ told: [decided], missingSince: 'then' }), rowOf({ row: 7 }));
    expect(read).toMatchObject({ told: [], seen: { row: 7, action: 'Enter maintenance', status: 'Go' } });
    expect(read.missingSince).toBeUndefined();
  });

  it('keeps what it was told of its run and does not say yet: that may be written after it was read', () => {
    const [running, done] = ['Running', 'Done'].map((status) => ({ status, operation: runOf().id })) as [Told, Told];
    const others = { status: 'Running', operation: 'production-0000000f' };
    const record = recordOf({ run: runOf(), told: [{ status: 'Planned', operation: '' }, others, running, done] });
    expect(asRead(record, rowOf()).told).toEqual([running, done]);
    expect(asRead(record, rowOf(others)).told).toEqual([running, done]);
    expect(asRead(record, rowOf(running)).told).toEqual([done]);
    expect(asRead(record, rowOf(done)).told).toEqual([]);
  });
});
type Told = { readonly status: string; readonly operation: string };

describe('an answer', () => {
  const answer = (more: object = {}): Effect =>
    ({ kind: 'answer', cells: { status: 'Failed', result: 'no' }, note, ...more }) as Effect;
  const busy = { run: runOf({ isOver: true }), armed: armedFor(rowOf()) };

  it('changes the cells that it names, and is noted', () => {
    const { record, notes } = applied(answer(), recordOf(busy));
    expect(record).toMatchObject({
      isAnswered: true,
      decided: { ...decided, status: 'Failed', result: 'no' },
      ...busy,
    });
    expect([record.question, notes]).toEqual([undefined, [note]]);
    // What the row says besides is put right.
    const theirs = applied(answer(), recordOf(busy), rowOf({ started: 'then', by: 'somebody' })).record;
    expect(theirs.decided).toMatchObject({ started: '', by: '' });
    const row = rowOf({ result: 'theirs', started: 'then' });
    expect(applied(answer(), recordOf({ isAnswered: false }), row).record.decided).toMatchObject({
      started: 'then',
      result: 'no',
    });
  });

  it('that asks keeps who may answer, to what, and by which event it was put', () => {
    const question = { kind: 'off-plan', by: MANAGER, at: isoAt(NOW), action: 'Enter maintenance', syncId: 'sync-2' };
    expect(applied(answer({ asks: MANAGER })).record.question).toEqual(question);
    const noRow = applyEffect(inputs(), { record: recordOf(), effect: answer({ asks: MANAGER }) });
    expect(noRow.record.question).toEqual({ ...question, action: 'seen' });
  });

  it('of what was done by hand ends what ran and what was armed', () => {
    const { record } = applied(answer({ note: { ...note, kind: 'hand' } }), recordOf(busy));
    expect([record.run, record.armed]).toEqual([undefined, undefined]);
  });
});

it('what is armed takes the row, and forgets what ran in it', () => {
  const armed = armedFor(rowOf());
  const effect: Effect = { kind: 'arm', armed, result: 'Armed.', note: { ...note, kind: 'armed' } };
  const { record, notes } = applied(
    effect,
    recordOf({ run: runOf({ isOver: true }), question: { by: MANAGER } as never }),
  );
  expect(record).toMatchObject({ armed, isAnswered: true });
  expect([record.run, record.question]).toEqual([undefined, undefined]);
  const cells = { status: 'Scheduled', result: 'Armed.', by: MANAGER, operation: armed.id, started: '', finished: '' };
  expect([record.decided, notes.length]).toEqual([cells, 1]);
  const off = applied(
    { kind: 'disarm', cells: { status: 'Planned' }, note: { ...note, kind: 'disarmed' } },
    record,
  ).record;
  expect([off.armed, off.decided]).toEqual([undefined, { ...cells, status: 'Planned' }]);
});

it('a run that was lost is known again, by its id and its person', () => {
  const run = runOf();
  const { record, notes } = applied({ kind: 'adopt', run });
  expect(notes).toEqual([]);
  expect(record).toMatchObject({ run, isAnswered: true, decided: { ...decided, operation: run.id, by: MANAGER } });
  // What its row says is what it was asked for.
  expect(record.run?.asked).toEqual({ service: 'shop', action: 'Enter maintenance' });
});

it('a rehearsal takes the cells of what ran, and asks nothing', () => {
  const effect: Effect = { kind: 'rehearse', what: 'enter', named: named('shop'), requestedBy: MANAGER };
  const { record } = applied(effect, recordOf({ question: { by: MANAGER } as never }));
  expect(record.rehearsal).toEqual({
    ...{
      id: 'production-0000000a',
      what: 'enter',
      service: 'shop',
      requestedBy: MANAGER,
      at: isoAt(NOW),
      syncId: 'sync-2',
    },
  });
  expect(record.question).toBeUndefined();
  expect(record.decided).toEqual({ ...BLANK, status: '', result: expect.stringMatching(/./), by: MANAGER });
});

describe('what nobody was seen to set', () => {
  const wait: Effect = {
    kind: 'wait',
    shows: 'Go 1',
    otherwise: { kind: 'answer', cells: { status: 'Planned', result: 'by nobody' }, note },
  };
  const shown = (shows: string, ago: number) =>
    applied(wait, recordOf({ unattributed: { shows, since: isoAt(NOW - ago) } }));

  it('waits from the reading that first shows it', () => {
    expect(applied(wait, recordOf(), rowOf(), { readAt: NOW - 5 })).toMatchObject({
      record: { decided, unattributed: { shows: 'Go 1', since: isoAt(NOW - 5) } },
      notes: [],
    });
    expect(shown('Go 2', minutes(5)).record.unattributed).toEqual({ shows: 'Go 1', since: isoAt(NOW) });
  });

  it('for a minute, and is then put back, once', () => {
    const still = shown('Go 1', minutes(1) - 1);
    expect(still).toMatchObject({
      notes: [],
      record: { decided, unattributed: { since: isoAt(NOW - minutes(1) + 1) } },
    });
    const back = shown('Go 1', minutes(1));
    expect(back).toMatchObject({ notes: [note], record: { decided: { result: 'by nobody' } } });
    expect(back.record.unattributed).toBeUndefined();
  });

  it('is forgotten with anything else', () => {
    const waiting = recordOf({ unattributed: { shows: 'Go 1', since: isoAt(NOW) } });
    expect(applied({ kind: 'keep' }, waiting).record.unattributed).toBeUndefined();
  });
});

describe('a start', () => {
  const start = (more: Partial<Start> = {}): Effect => ({
    kind: 'start',
    start: { named: named('shop'), action: 'enter', requestedBy: MANAGER, takeOver: false, ...more },
  });
  const intents = (effect: Effect, row = rowOf(), more: Partial<ApplyInputs> = {}) =>
    Object.values(applied(effect, recordOf(), row, more).record.intents);
  const armed: Armed = armedFor(rowOf(), { armedAt: isoAt(NOW - minutes(9)) });

  it('keeps what is to be committed, says that it runs, and remembers what was before', () => {
    const was = recordOf({ armed, question: { by: MANAGER } as never, run: runOf({ isOver: true }) });
    const { record, notes } = applied(start(), was);
    const id = 'production-0000000a';
    expect(record.run).toEqual({
      ...{ id, requestedBy: MANAGER, startedAt: isoAt(NOW), isOver: false, syncId: 'sync-2' },
      operations: [{ operationId: id, service: 'shop' }],
      asked: { service: 'shop', action: 'Enter maintenance' },
    });
    expect(record.decided).toMatchObject({
      status: 'Running',
      started: isoAt(NOW),
      finished: '',
      by: MANAGER,
      operation: id,
    });
    expect(record.decided.result).toContain(id);
    expect([record.armed, record.question, record.rehearsal]).toEqual([undefined, undefined, undefined]);
    expect(record.before).toEqual({ decided, run: was.run, armed });
    expect(notes).toMatchObject([{ kind: 'disarmed', who: MANAGER, plannedAt: armed.at }]);
    expect(applied(start()).notes).toEqual([]);
  });

  it('by the clock is the run that was armed, and is no Go instead of it', () => {
    const { record, notes } = applied(start({ armed }), recordOf({ armed }));
    expect([record.run?.id, record.before?.armed, notes]).toEqual([armed.id, undefined, []]);
    expect(Object.values(record.intents)).toMatchObject([{ operationId: armed.id, armedAt: armed.armedAt }]);
    expect(intents(start())[0]).not.toHaveProperty('armedAt');
  });

  it('of a group is one operation for each of its services', () => {
    expect(
      intents(start({ named: named('storefront') })).map(({ operationId, service }) => [operationId, service]),
    ).toEqual([
      ['production-0000000a_shop', 'shop'],
      ['production-0000000a_payments', 'payments'],
    ]);
  });

  it('asks for what its row says, in as many characters as an operation takes', () => {
    const [intent] = intents(start({ takeOver: true }), rowOf({ step: ` ${'7'.repeat(LONGEST_STEP + 1)}` }));
    expect(intent).toMatchObject({
      action: 'enter',
      seenAt: isoAt(NOW),
      takeOver: true,
      step: '7'.repeat(LONGEST_STEP),
    });
    expect(intents(start(), rowOf({ step: '  ' }))[0]).toMatchObject({ step: '-' });
    for (const name of ['takeOver', 'plannedEnd', 'allowlist']) expect(intents(start())[0]).not.toHaveProperty(name);
  });

  it('lets in whoever the lines name, with the action that does so', () => {
    const line = { row: 2, address: '192.0.2.1', who: '', until: { text: '' }, services: '' };
    const sheet = { allowlist: [line] };
    expect(intents(start({ action: 'enable-allowlist' }), rowOf(), { sheet })[0]).toMatchObject({
      allowlist: [{ range: '192.0.2.1/32' }],
    });
    expect(intents(start(), rowOf(), { sheet })[0]).not.toHaveProperty('allowlist');
    expect(intents(start({ action: 'enable-allowlist' }))[0]).not.toHaveProperty('allowlist');
  });

  it('ends with the next step that opens the service, if that is to come', () => {
    const exit = (at: number, cells: object = {}) =>
      rowOf({ row: 9, action: 'Exit maintenance', status: 'Planned', planned: at, ...cells });
    const end = (...rows: Row[]) => plannedEndOf(rows, 'shop', known, NOW);
    expect(end(exit(NOW + 1), exit(NOW + 5))).toBe(NOW + 1);
    expect(end(exit(NOW))).toBeUndefined();
    expect(end(rowOf({ action: 'Exit maintenance', status: 'Planned', planned: 'later' }))).toBeUndefined();
    expect(end(exit(NOW + 1, { service: 'storefront' }))).toBe(NOW + 1);
    expect(end(exit(NOW + 1, { service: 'payments' }))).toBeUndefined();
    expect(end(exit(NOW + 1, { action: 'Enter maintenance' }))).toBeUndefined();
    for (const status of ['Done', 'Skipped', 'Failed']) expect(end(exit(NOW + 1, { status }))).toBeUndefined();
    const rows = [exit(NOW + minutes(60))];
    expect(intents(start(), rowOf(), { rows })[0]).toMatchObject({ plannedEnd: isoAt(NOW + minutes(60)) });
    expect(intents(start({ action: 'exit' }), rowOf(), { rows })[0]).not.toHaveProperty('plannedEnd');
  });
});
