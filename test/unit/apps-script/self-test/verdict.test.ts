import { STEP_IDS, type StepId, stepRow } from '../../../../apps-script/self-test/steps.ts';
import { type Evidence, type HeardEdit, verdictOf } from '../../../../apps-script/self-test/verdict.ts';

const OWNER = 'drawbridge.controller@example.com';
const MANAGER = 'release.manager@example.com';

/** An event of a cell of the tab Steps. */
const heard = (id: StepId, column: number, more: Partial<HeardEdit> = {}): HeardEdit => {
  const row = stepRow(id);
  return { tab: 'Steps', row, lastRow: row, column, lastColumn: column, user: MANAGER, ...more };
};
const here = (id: StepId, more: Partial<HeardEdit> = {}) => heard(id, 3, more);
const done = (id: StepId, more: Partial<HeardEdit> = {}) => heard(id, 4, { value: 'done', ...more });

function verdict(evidence: Partial<Evidence>, of?: { id: StepId; here: string }) {
  const untouched = STEP_IDS.map((id) => [id, { here: '', isDone: false }]);
  const touched = of ? [[of.id, { here: of.here, isDone: true }]] : [];
  return verdictOf({
    owner: OWNER,
    heard: [],
    steps: Object.fromEntries([...untouched, ...touched]) as Evidence['steps'],
    rows: { Insert: [], Delete: [], Sort: [], Protected: ['a', 'b', 'c'] },
    ticks: [],
    shown: [],
    unattended: {},
    cachedReads: { unknown: 'not looked' },
    ...evidence,
  });
}

it('knows nothing where nothing was seen, and gives a reason for every question', () => {
  const { recording, facts, unknown: left } = verdict({});
  expect([recording, facts]).toEqual([{}, {}]);
  expect(left).toHaveLength(25);
  for (const { why } of left) expect(why).not.toBe('');
});

describe('an event of a step on one cell', () => {
  it.each([
    ['carried the value', 'pasted', [here('pasteCarriesValue', { value: 'pasted' })], true],
    ['carried none', 'pasted', [here('pasteCarriesValue')], false],
    [
      'came twice, once without',
      'pasted',
      [here('pasteCarriesValue'), here('pasteCarriesValue', { value: 'x' })],
      true,
    ],
    ['did not come', 'pasted', [done('pasteCarriesValue')], undefined],
    ['came, and the cell says something else', 'typed', [here('pasteCarriesValue', { value: 'typed' })], undefined],
  ])('%s', (_what, cell, events, expected) => {
    const { recording } = verdict({ heard: events }, { id: 'pasteCarriesValue', here: cell });
    expect(recording.pasteCarriesValue).toBe(expected);
  });
});

describe('undoing', () => {
  const typed = here('undoFiresEdit', { value: 'typed' });
  it.each([
    ['told by a second event', [typed, here('undoFiresEdit', { value: 'before' })], 'before', true],
    ['told by an event without a value', [here('undoFiresEdit'), typed], 'before', true],
    ['not told, though typing was told twice', [typed, typed, done('undoFiresEdit')], 'before', false],
    ['never done', [typed, done('undoFiresEdit')], 'typed', undefined],
    ['not told, and neither was "done"', [typed], 'before', undefined],
    ['done, but nobody typed', [done('undoFiresEdit')], 'before', undefined],
  ])('%s', (_what, events, cell, expected) => {
    expect(verdict({ heard: events }, { id: 'undoFiresEdit', here: cell }).recording.undoFiresEdit).toBe(expected);
  });
});

describe('rows', () => {
  const rows = { Insert: ['a', '', 'b', 'c'], Delete: ['a', 'c'], Sort: ['a', 'b', 'c'], Protected: ['a', 'b', 'c'] };
  it.each([
    ['rowInsertFiresEdit', 'Insert', ['a', 'b', 'c']],
    ['rowDeleteFiresEdit', 'Delete', ['a', 'b', 'c']],
    ['sortFiresEdit', 'Sort', ['c', 'a', 'b']],
  ] as const)('%s: an event, no event, and nothing done', (id, tab, before) => {
    const step = { id, here: '' };
    const event = { tab, row: 3, lastRow: 3, column: 1, lastColumn: 1, user: MANAGER };
    expect(verdict({ rows, heard: [event] }, step).recording[id]).toBe(true);
    expect(verdict({ rows, heard: [done(id)] }, step).recording[id]).toBe(false);
    expect(verdict({ rows: { ...rows, [tab]: before }, heard: [done(id)] }, step).recording[id]).toBeUndefined();
  });

  const ID = 'rowInsertObeysProtection';
  it.each([
    ['a colleague could not', ['a', 'b', 'c'], MANAGER, true],
    ['a colleague could', ['a', '', 'b', 'c'], MANAGER, false],
    ['a stranger, whom nobody names, could not', ['a', 'b', 'c'], '', true],
    ['the owner could, who always can', ['a', '', 'b', 'c'], OWNER.toUpperCase(), undefined],
  ])('protected: %s', (_what, Protected, user, expected) => {
    const evidence = { rows: { ...rows, Protected }, heard: [done(ID, { user })] };
    expect(verdict(evidence, { id: ID, here: '' }).recording[ID]).toBe(expected);
  });
  it('protected: unknown while nobody knows who it was', () => {
    expect(verdict({ rows }, { id: ID, here: '' }).recording[ID]).toBeUndefined();
  });
});

describe('somebody of another domain', () => {
  const ID = 'userBlankOutsideDomain';
  it.each([
    ['is not named', 'tester@example.org', '', true],
    ['is named', 'Tester@example.org', 'tester@example.org', false],
    ['is taken for somebody else', 'tester@example.org', OWNER, undefined],
    ['is of the same domain', MANAGER, '', undefined],
    ['gave no address', 'me', '', undefined],
  ])('%s', (_what, address, user, expected) => {
    expect(verdict({ heard: [here(ID, { user })] }, { id: ID, here: address }).recording[ID]).toBe(expected);
  });
});

describe('a colleague of the same domain', () => {
  const ID = 'userNamedWithinDomain';
  it.each([
    ['is named', MANAGER, MANAGER.toUpperCase(), true],
    ['is not named', MANAGER, '', false],
    ['is taken for the owner', MANAGER, OWNER, undefined],
    ['is of another domain', 'tester@example.org', '', undefined],
  ])('%s', (_what, address, user, expected) => {
    expect(verdict({ heard: [here(ID, { user })] }, { id: ID, here: address }).facts[ID]).toBe(expected);
  });
});

describe('somebody who may not open the script', () => {
  const ID = 'triggerFiresForNonViewers';
  it.each([
    ['wakes the trigger', [here(ID, { user: MANAGER })], true],
    ['does not, while somebody else does', [done(ID)], false],
    ['does not, and neither does anybody else', [], undefined],
  ])('%s', (_what, events, expected) => {
    expect(verdict({ heard: events }, { id: ID, here: MANAGER }).facts[ID]).toBe(expected);
  });
});

describe('NOW() that nobody edits', () => {
  it.each([
    ['stands still until it is told to go on', ['02:00', '02:00', '02:00', '02:04', '02:05', '02:06'], false, true],
    ['goes on by itself', ['02:00', '02:01', '02:02', '02:03', '02:04', '02:05'], true, true],
    ['stands still all the same', ['02:00', '02:00', '02:00', '02:00', '02:00', '02:00'], false, false],
    ['was seen too seldom', ['02:00', '02:01', '02:02', '02:03'], true, undefined],
  ])('%s', (_what, shown, byItself, everyMinute) => {
    const { facts } = verdict({ shown });
    expect([facts.nowChangesByItself, facts.nowChangesEveryMinute]).toEqual([byItself, everyMinute]);
  });
});

describe('the tick', () => {
  const at = (...seconds: number[]) => ({ ticks: seconds.map((one) => one * 1_000) });
  it.each([
    ['every minute, give or take', at(0, 58, 121, 180), 60],
    ['twice each time', at(0, 0.2, 60, 60.4, 120, 180, 180.1), 60],
    ['with one long gap', at(0, 60, 120, 900, 960, 1_020), 60],
    ['slower', at(0, 75, 150, 225), 75],
    ['out of order', at(180, 0, 120, 60), 60],
    ['three times only', at(0, 60, 120), undefined],
  ])('%s', (_what, ticks, expected) => {
    expect(verdict(ticks).recording.tickEverySeconds).toBe(expected);
  });
});

it('takes no event of a script’s own writing for an answer only if the trigger heard anything at all', () => {
  expect(verdict({}).recording.scriptWriteFiresEdit).toBeUndefined();
  expect(verdict({ heard: [done('sortFiresEdit')] }).recording.scriptWriteFiresEdit).toBe(false);
  const own = { tab: 'Alone', row: 1, lastRow: 1, column: 1, lastColumn: 1, user: OWNER };
  expect(verdict({ heard: [own] }).recording.scriptWriteFiresEdit).toBe(true);
});
