import { DUTY, eachNight, MANAGER, MINUTE_MS, Night, SHEET } from './night.ts';

/** Steps that run by the clock, through the built Code.js. */

let night: Night;
const code = eachNight((made) => {
  night = made;
});

const result = (step: number) => String(night.value(step, 'Result'));
const status = (step: number) => night.value(step, 'Status');
const posts = () => night.api.received.map(({ source, service, action }) => [source.step, service, action].join(' '));
const at = (minute: number, second = 0) =>
  new Date(Date.parse('2026-11-22T02:00:00Z') + minute * MINUTE_MS + second * 1_000);
const moveTo = (step: number, when: Date, user = MANAGER) =>
  night.google.edit(SHEET, night.row(step), night.column('Planned start'), [[when]], user);
const minutes = (count: number) => {
  for (let minute = 0; minute < count; minute += 1) night.minute();
};

it('an armed step runs by itself at its planned start, to the second, in the name of who armed it', () => {
  moveTo(2, at(5, 20));
  night.status(2, 'Scheduled');
  expect(result(2)).toContain(`Armed by ${MANAGER}: runs by itself at 2026-11-22 02:05`);
  const id = night.value(2, 'Operation');
  minutes(4);
  expect(posts()).toEqual([]);
  minutes(2);
  expect(posts()).toEqual(['2 shop enter']);
  expect(night.api.received[0]).toMatchObject({ operationId: id, requestedBy: MANAGER });
  const lateMs = Date.parse(night.api.received[0]?.requestedAt as string) - at(5, 20).getTime();
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(1_000);
  expect(status(2)).toBe('Done');
});

it('on production it says which steps must be done first, and leaves out those that are armed themselves', () => {
  night = new Night(code(), { isProduction: true });
  night.status(5, 'Scheduled');
  expect(result(5)).toContain('It runs only if step 2 before it is Done or Skipped by then.');
  night.status(2, 'Scheduled');
  moveTo(5, at(13));
  expect(result(5)).toContain('Still armed');
  expect(result(5)).not.toContain('runs only if');
  moveTo(5, at(40));
  expect(result(5)).toContain('only if steps 7 and 8 before it are Done');
});

it('moved later by an operator it stays armed, says so, and runs at the new time only', () => {
  night.status(2, 'Scheduled');
  moveTo(2, at(25), DUTY);
  expect(status(2)).toBe('Scheduled');
  expect(result(2)).toContain(`Still armed: ${DUTY} moved it to 2026-11-22 02:25`);
  minutes(20);
  expect(posts()).toEqual([]);
  minutes(6);
  expect(posts()).toEqual(['2 shop enter']);
});

it.each([
  ['an earlier time', () => moveTo(2, at(3)), 'earlier'],
  ['a later time, by somebody who is no operator', () => moveTo(2, at(25), 'intern@example.com'), 'not an operator'],
  ['a later time, by nobody who was named', () => moveTo(2, at(25), ''), 'not an operator'],
  [
    'another service',
    () => night.google.edit(SHEET, night.row(2), night.column('Service'), [['payments']], MANAGER),
    'service, action or step was changed',
  ],
])('%s disarms it', (_what, change, why) => {
  night.status(2, 'Scheduled');
  change();
  expect(status(2)).toBe('Planned');
  expect(result(2)).toContain(why);
  minutes(30);
  expect(posts()).toEqual([]);
  expect(night.outbox).toEqual([]);
});

it('a change whose event was lost never lets it run', () => {
  night.status(2, 'Scheduled');
  night.set(2, 'Action', 'Exit maintenance');
  minutes(30);
  expect(posts()).toEqual([]);
  expect(status(2)).toBe('Planned');
  expect(result(2)).toContain('did not report who');
});

it('Planned disarms it, and Go runs it at once and only once', () => {
  night.status(2, 'Scheduled');
  night.status(2, 'Planned');
  expect(result(2)).toContain('Disarmed by');
  minutes(10);
  expect(posts()).toEqual([]);
  night.status(2, 'Planned');
  night.set(2, 'Planned start', at(20));
  night.status(2, 'Scheduled');
  night.go(2);
  minutes(20);
  expect(posts()).toEqual(['2 shop enter']);
});

describe('a Go that is not run leaves it armed', () => {
  const runsAsArmed = () => {
    expect(status(2)).toBe('Scheduled');
    expect(result(2)).toContain('It stays armed for 2026-11-22 02:05');
    minutes(7);
    expect(posts()).toEqual(['2 shop enter']);
    expect(night.api.received[0]).toMatchObject({ requestedBy: MANAGER });
    expect(status(2)).toBe('Done');
  };

  it.each([
    ['by nobody who was named', '', 'did not report who'],
    ['by somebody who is no operator', 'intern@example.com', 'not an operator of Shop'],
  ])('%s', (_what, user, why) => {
    night.status(2, 'Scheduled');
    night.go(2, user);
    expect(result(2)).toContain(why);
    runsAsArmed();
  });

  it('whose event was lost, once it is clear that none comes', () => {
    night.status(2, 'Scheduled');
    night.set(2, 'Status', 'Go');
    minutes(2);
    expect(result(2)).toContain('did not report who');
    runsAsArmed();
  });

  it('that asks for a second one', () => {
    night = new Night(code(), { isProduction: true });
    moveTo(2, at(45));
    night.status(2, 'Scheduled');
    night.go(2);
    expect(result(2)).toMatch(/set Go again within a minute, until [\d:]{8}\. It stays armed for 2026-11-22 02:45/);
    expect([status(2), posts()]).toEqual(['Scheduled', []]);
    night.go(2);
    expect([status(2), posts()]).toEqual(['Done', ['2 shop enter']]);
    minutes(50);
    expect(posts()).toEqual(['2 shop enter']);
  });
});

it('Done typed over it disarms it, and says that nothing was run', () => {
  night.status(2, 'Scheduled');
  night.status(2, 'Done');
  expect([status(2), result(2)]).toEqual(['Done', `Set to Done by hand by ${MANAGER}: nothing was run.`]);
  minutes(8);
  expect([posts(), night.outbox]).toEqual([[], []]);
});

it('Running typed over it disarms it, and does not stay', () => {
  night.status(2, 'Scheduled');
  night.status(2, 'Running');
  expect(status(2)).toBe('Planned');
  expect(result(2)).toContain('Disarmed by');
  minutes(8);
  expect([posts(), night.outbox]).toEqual([[], []]);
});

it('what was taken back and whose event was lost is disarmed at the next reading', () => {
  night.status(2, 'Scheduled');
  night.set(2, 'Status', 'Planned');
  night.go(9);
  expect(night.outbox).toEqual([]);
  expect(result(2)).toContain('Disarmed by');
  minutes(8);
  expect(posts()).toEqual(['9 payments enter']);
});

it.each([
  ['nothing', '', 'is empty'],
  ['a word', 'around two', 'no date with a time'],
  ['a time without a date', new Date('1899-12-30T02:00:00Z'), 'has a time but no date'],
  ['a time that has passed', at(-1), 'has passed'],
])('with %s in Planned start it is not armed', (_what, when, why) => {
  night.set(2, 'Planned start', when);
  night.status(2, 'Scheduled');
  expect(status(2)).toBe('Planned');
  expect(result(2)).toContain(why);
});

it('is armed by operators only, and by nobody unseen', () => {
  night.status(2, 'Scheduled', 'intern@example.com');
  expect(result(2)).toContain('intern@example.com is not an operator of Shop');
  night.status(2, 'Scheduled', '');
  expect(status(2)).toBe('Planned');
  night.set(2, 'Status', 'Scheduled');
  minutes(3);
  expect(status(2)).toBe('Planned');
  expect(result(2)).toContain('did not report who');
  minutes(10);
  expect(posts()).toEqual([]);
});

it('more than ten minutes late it is Failed, not run', () => {
  night.status(2, 'Scheduled');
  night.google.now = at(5).getTime() + 11 * MINUTE_MS;
  night.minute();
  expect(status(2)).toBe('Failed');
  expect(result(2)).toContain('too late');
  expect(posts()).toEqual([]);
});

it('late within the grace it still runs', () => {
  night.status(2, 'Scheduled');
  night.google.now = at(5).getTime() + 8 * MINUTE_MS;
  night.minute();
  expect(posts()).toEqual(['2 shop enter']);
});

it('a copied row with its id runs neither, and both are told', () => {
  night.status(2, 'Scheduled');
  const line = [...(night.cells[night.row(2) - 1] as unknown[])] as string[];
  night.cells.push(line);
  minutes(7);
  expect(posts()).toEqual([]);
  expect(result(2)).toContain('carry the same operation');
});

it('a deleted row is not run', () => {
  night.status(2, 'Scheduled');
  night.cells.splice(night.row(2) - 1, 1);
  minutes(8);
  expect(posts()).toEqual([]);
  expect(night.outbox).toEqual([]);
});

it('a sorted sheet runs the step wherever its row is by then', () => {
  night.status(2, 'Scheduled');
  const [header, ...rows] = night.cells as [unknown[], ...unknown[][]];
  night.google.books.get(SHEET)?.set('Rundown', [header, ...rows.reverse()] as never);
  minutes(7);
  expect(posts()).toEqual(['2 shop enter']);
  expect(status(2)).toBe('Done');
});

it('an exit by hand disarms what is armed for its service, in all sheets, and nothing else', () => {
  night.addSheet('release-43');
  night.register('release-43');
  night.status(2, 'Scheduled');
  night.status(9, 'Scheduled');
  const other = night.google.tab('release-43');
  night.google.edit('release-43', 3, 7, [['Scheduled']], MANAGER);
  night.go(8);
  expect(status(2)).toBe('Planned');
  expect(result(2)).toContain('step 8');
  night.minute();
  expect(other[2]?.[6]).toBe('Planned');
  expect(String(other[2]?.[7])).toContain('step 8 of release-42');
  expect(status(9)).toBe('Scheduled');
  minutes(40);
  expect(posts()).toEqual(['8 shop exit', '9 payments enter']);
});

describe('an exit that is not let in disarms nothing', () => {
  const refusing = (code: string, status: number) => {
    night.api.fault = ({ method }) =>
      method === 'post' ? { status, body: JSON.stringify({ code, message: 'Talk to them first.' }) } : undefined;
  };

  it.each([
    ['its person is no operator', 'NOT_OPERATOR', 403],
    ['another sheet holds the service', 'HELD_BY_OTHER', 409],
  ])('because %s', (_what, code, status_) => {
    night.status(2, 'Scheduled');
    refusing(code, status_);
    night.go(8);
    night.api.fault = undefined;
    expect([status(8), status(2)]).toEqual(['Failed', 'Scheduled']);
    minutes(7);
    expect(posts()).toEqual(['2 shop enter']);
    expect(status(2)).toBe('Done');
  });
});

it('an exit tells no planned end, though another one is planned after it', () => {
  night.set(10, 'Service', 'shop');
  night.go(8);
  expect(night.api.received[0]).toMatchObject({ action: 'exit' });
  expect(night.api.received[0]).not.toHaveProperty('plannedEnd');
});

it('the page is told when the service opens again, and hears when that moves', () => {
  night.go(2);
  expect(night.api.received[0]).toMatchObject({ plannedEnd: at(22).toISOString() });
  moveTo(8, at(42));
  const state = night.api.items().find(({ pk, sk }) => pk === 'SERVICE#shop' && sk === 'STATE');
  expect(state).toMatchObject({ plannedEnd: at(42).toISOString() });
});
