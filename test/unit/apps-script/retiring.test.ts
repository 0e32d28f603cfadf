import { type Cell, type Cut, editEvent, type Run } from './google.ts';
import { eachNight, MANAGER, MINUTE_MS, type Night, SHEET } from './night.ts';

/** Sheets whose night is over make room for others: by themselves after a week, or when somebody retires them. */

let night: Night;
eachNight((made) => {
  night = made;
});

const DAY_MS = 24 * 60 * MINUTE_MS;
/** A live sheet is heard of every hour: one that comes after a longer silence is taken for registered anew. */
const daysPass = (days: number) => {
  for (let hour = 0; hour < days * 24; hour += 1) {
    night.google.now += 59 * MINUTE_MS;
    night.minute();
  }
};
const handlers = () => night.google.triggers.map(({ handler }) => handler);

it('a week after its last step a sheet is let go of, with its trigger and all that the script remembers of it', () => {
  night.go(2);
  daysPass(8);
  expect([...night.google.userProperties.keys()].filter((key) => key.includes(SHEET))).toEqual([]);
  expect(handlers()).toEqual(['onMinute']);
});

it('a sheet with a step that is still armed is kept', () => {
  night.set(9, 'Planned start', new Date(night.google.now + 9 * DAY_MS));
  night.status(9, 'Scheduled');
  daysPass(8);
  expect(night.google.userProperties.has(`sheet:${SHEET}`)).toBe(true);
  expect(handlers()).toContain('onRundownEdit');
});

it('a day after its last step it is still there', () => {
  daysPass(1);
  expect(night.google.userProperties.has(`sheet:${SHEET}`)).toBe(true);
});

it('while an environment that has rows in it is silent, it is kept', () => {
  night.api.fault = (request) => (request.url.includes('/rundowns/') ? 'no answer' : undefined);
  daysPass(8);
  expect(night.google.userProperties.has(`sheet:${SHEET}`)).toBe(true);
});

describe('Retire in the control spreadsheet', () => {
  const CONTROL = 'control';
  beforeEach(() => {
    const header = ['Release', 'Action', 'Sheet', 'Status', 'Result', 'By', 'At'];
    const url = `https://docs.google.com/spreadsheets/d/${SHEET}/edit`;
    night.google.books.set(CONTROL, new Map([['Releases', [header, ['Release 42', 'Retire', url, '', '', '', '']]]]));
  });
  function retire(cut?: Cut): Run {
    night.google.type(CONTROL, 2, 4, [['Go']], 'Releases');
    const event = editEvent({ book: CONTROL, tab: 'Releases', row: 2, column: 4, user: MANAGER, value: 'Go' });
    return night.google.run('onControlEdit', event, cut);
  }
  const told = () => night.google.tab(CONTROL, 'Releases')[1]?.slice(3, 5) as Cell[];
  const isKept = () => night.google.userProperties.has(`sheet:${SHEET}`);

  it('is refused while a step runs, as its row would say so for ever; nothing is disarmed', () => {
    night.status(9, 'Scheduled');
    night.api.leaks('shop');
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Running');
    retire();
    expect(told()).toEqual(['Failed', expect.stringContaining('step 2, Enter maintenance of shop, is running')]);
    expect([isKept(), night.value(9, 'Status')]).toEqual([true, 'Scheduled']);
    night.api.leaks();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
    retire();
    expect(told()).toEqual(['Done', expect.stringContaining('retired')]);
    expect([isKept(), night.value(2, 'Status'), night.value(9, 'Status')]).toEqual([false, 'Done', 'Planned']);
  });

  it('does not wait for a proof that may never come: its row says that nobody follows it any more', () => {
    night.api.leaks('shop');
    night.go(2);
    for (let minute = 0; minute < 6; minute += 1) night.minute();
    expect(night.value(2, 'Status')).toBe('Unproven');
    retire();
    expect([told()[0], isKept(), night.value(2, 'Status')]).toEqual(['Done', false, 'Unproven']);
    expect(night.value(2, 'Result')).toMatch(/still got in.*this release sheet was retired then/s);
  });

  it('is finished by the next minute when its execution dies once the environments were told', () => {
    night.status(9, 'Scheduled');
    const calls = retire({ at: 1_000, side: 'before' }).calls;
    expect(isKept()).toBe(false);
    const toldAt = calls.findLastIndex((call) => call.includes('/sync')) + 1;
    night.register(SHEET);
    night.minute();
    night.status(9, 'Scheduled');
    expect(night.value(9, 'Status')).toBe('Scheduled');
    retire({ at: toldAt, side: 'after' });
    expect(isKept()).toBe(true);
    night.minute();
    expect([isKept(), night.value(9, 'Status')]).toEqual([false, 'Planned']);
    expect(night.value(9, 'Result')).toContain('this release sheet was retired');
  });

  it('a Go whose edit was still on its way runs nothing, and is answered', () => {
    const waiting = night.google.userProperties;
    const kept = new Map(waiting);
    retire();
    // The execution of that edit began while the sheet was connected.
    for (const [key, value] of kept) waiting.set(key, value);
    night.go(2);
    expect([night.value(2, 'Status'), night.value(2, 'Result')]).toEqual([
      'Planned',
      expect.stringContaining('this release sheet is retired'),
    ]);
    expect(night.unfinished()).toEqual([]);
  });
});
