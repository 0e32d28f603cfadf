import { editEvent } from './google.ts';
import { DUTY, eachNight, MANAGER, MINUTE_MS, type Night, SHEET } from './night.ts';

/** A Go is cheap only when it is on plan; through the built Code.js. */

let night: Night;
eachNight(
  (made) => {
    night = made;
  },
  { isProduction: true },
);

const result = (step: number) => String(night.value(step, 'Result'));
const status = (step: number) => night.value(step, 'Status');
/** What the server was asked for, whether or not the service could do it. */
const posts = () => night.api.operations.map(({ request }) => `${request.source.step} ${request.action}`);
const later = (ms: number) => {
  night.google.now += ms;
};

it('on plan it runs at once', () => {
  night.go(2);
  expect(status(2)).toBe('Done');
});

it('with an earlier step of its service still open it asks for a second Go, and names that step', () => {
  night.go(5);
  expect(status(5)).toBe('Planned');
  expect(result(5)).toContain('step 2 of Shop before it is not done yet');
  expect(posts()).toEqual([]);
  later(30_000);
  night.go(5);
  expect(posts()).toEqual(['5 enable-allowlist']);
});

it('a step that closes the service as one of a group is before it too, and single rows tell when each opens', () => {
  night.set(2, 'Service', 'storefront');
  night.go(5);
  expect([status(5), posts()]).toEqual(['Planned', []]);
  expect(result(5)).toContain('step 2 of Shop before it is not done yet');
  night.go(2);
  const ends = Object.fromEntries(night.api.received.map(({ service, plannedEnd }) => [service, plannedEnd]));
  expect(ends).toEqual({
    shop: (night.value(8, 'Planned start') as Date).toISOString(),
    payments: (night.value(10, 'Planned start') as Date).toISOString(),
  });
});

it('a second Go after the minute, or by somebody else, is a first one again', () => {
  night.go(5);
  later(61_000);
  night.go(5);
  expect(posts()).toEqual([]);
  later(10_000);
  night.go(5, DUTY);
  expect(posts()).toEqual([]);
  later(10_000);
  night.go(5, DUTY);
  expect(posts()).toEqual(['5 enable-allowlist']);
});

it('one event that comes twice is no second Go', () => {
  night.go(5);
  const place = { book: SHEET, row: night.row(5), column: night.column('Status') };
  night.google.run('onRundownEdit', editEvent({ ...place, user: MANAGER }));
  expect(posts()).toEqual([]);
  expect(status(5)).toBe('Planned');
});

it('far from its time it asks, and says when it is planned', () => {
  for (const step of [5, 7, 8]) night.set(step, 'Status', 'Skipped');
  night.set(2, 'Planned start', new Date(night.google.now + 36 * MINUTE_MS));
  night.go(2);
  expect(result(2)).toContain('is planned for 2026-11-22 02:36');
  expect(result(2)).toContain('in 36 minutes');
  later(5_000);
  night.go(2);
  expect(posts()).toEqual(['2 enter']);
});

/** Times of the night, in minutes from now; everything else is left out. */
function plan(minutes: Readonly<Record<number, number>>): void {
  for (const step of [2, 5, 7, 8, 10]) {
    const at = minutes[step];
    night.set(step, 'Planned start', at === undefined ? '' : new Date(night.google.now + at * MINUTE_MS));
  }
}

it.each([
  ['ten minutes before its time it runs', { 2: 10 }, true],
  ['more than ten minutes before its time it asks', { 2: 11 }, false],
  ['less than ten minutes after its time it runs', { 2: -9 }, true],
  ['more than ten minutes after its time it asks', { 2: -11 }, false],
  ['at the time of the step after it it asks: the row may be the wrong one', { 2: -6, 5: 0 }, false],
  ['some minutes late it runs, also where steps are close together', { 2: -2, 5: -1 }, true],
] as const)('%s', (_when, minutes, runs) => {
  plan(minutes);
  night.go(2);
  expect(posts()).toEqual(runs ? ['2 enter'] : []);
  if (!runs) expect(result(2)).toContain('set Go again within a minute');
});

it('in a night that runs late the next step may be as late without a question', () => {
  plan({ 2: -25, 5: -12 });
  night.go(2);
  later(5_000);
  night.go(2);
  expect(posts()).toEqual(['2 enter']);
  night.go(5);
  expect(posts()).toEqual(['2 enter', '5 enable-allowlist']);
});

it('an exit near its time is an abort: it runs at once, whatever is open before it', () => {
  night.go(2);
  night.go(8);
  expect(posts()).toEqual(['2 enter', '8 exit']);
});

it('an exit far from its time asks first: it may be the wrong row', () => {
  night.go(2);
  night.set(8, 'Planned start', new Date(night.google.now + 90 * MINUTE_MS));
  night.go(8);
  expect(posts()).toEqual(['2 enter']);
  expect(result(8)).toContain('in 90 minutes');
});

it('somebody who is no operator is not asked twice, but refused', () => {
  night.go(5, 'intern@example.com');
  expect(status(5)).toBe('Failed');
  expect(result(5)).toContain('not an operator');
});

it('a step that is Done asks, and the second Go is its run 2', () => {
  night.go(2);
  const first = night.value(2, 'Operation');
  night.go(2);
  expect([status(2), posts()]).toEqual(['Done', ['2 enter']]);
  expect(result(2)).toContain('would run a second time');
  later(5_000);
  night.go(2);
  expect(status(2)).toBe('Done');
  expect(night.value(2, 'Operation')).not.toBe(first);
  expect(posts()).toEqual(['2 enter', '2 enter']);
});

it('a step that is Done stays Done, with what was proven, as long as its Go is not run', () => {
  night.go(2);
  const proven = result(2);
  const operation = night.value(2, 'Operation');
  for (let mistake = 0; mistake < 3; mistake += 1) {
    night.go(2, mistake === 1 ? '' : MANAGER);
    later(2 * MINUTE_MS);
  }
  night.set(2, 'Status', 'Go');
  for (let minute = 0; minute < 3; minute += 1) night.minute();
  expect([status(2), night.value(2, 'Operation'), posts()]).toEqual(['Done', operation, ['2 enter']]);
  expect(result(2).endsWith(` Before: ${proven}`)).toBe(true);
  expect(result(2).split('Before:')).toHaveLength(2);
  night.go(5);
  expect(posts()).toEqual(['2 enter', '5 enable-allowlist']);
});

it('a Done that was pasted over another step is marked as by hand, and the one that it came from stays', () => {
  night.go(2);
  const [from, to] = [night.row(2), night.row(9)];
  const columns = [night.column('Status'), night.column('Operation')] as const;
  const cells = (night.cells[from - 1] as string[]).slice(columns[0] - 1, columns[1]);
  night.google.edit(SHEET, to, columns[0], [cells], MANAGER);
  expect([status(9), result(9), night.value(9, 'Operation')]).toEqual([
    'Done',
    `Set to Done by hand by ${MANAGER}: nothing was run.`,
    '',
  ]);
  expect([status(2), result(2)]).toEqual(['Done', expect.stringContaining('Shop is closed to everyone')]);
});

it('a step that failed may be set to Go again without being asked', () => {
  night.go(2, 'intern@example.com');
  expect(status(2)).toBe('Failed');
  night.go(2);
  expect(status(2)).toBe('Done');
});

it('skipped steps are not in the way', () => {
  night.status(2, 'Skipped');
  later(8 * MINUTE_MS);
  night.go(5);
  expect(posts()).toEqual(['5 enable-allowlist']);
});

it('two Gos of one service in one edit run neither; one of them set again runs', () => {
  const column = night.column('Status');
  const rows = [2, 3, 4, 5].map((step) => [night.value(step, 'Action') === '' ? 'Planned' : 'Go']);
  night.google.edit(SHEET, night.row(2), column, rows as never, MANAGER);
  expect(posts()).toEqual([]);
  expect(result(2)).toContain('at once');
  night.go(2);
  expect(posts()).toEqual(['2 enter']);
});

/** Another release sheet has closed the shop. */
const heldByOther = () => {
  night.addSheet('release-43');
  night.register('release-43');
  night.google.edit('release-43', 3, night.column('Status'), [['Go']], DUTY);
  expect(night.google.tab('release-43')[2]?.[night.column('Status') - 1]).toBe('Done');
  later(5_000);
};

it('a service that another sheet holds is told with both steps; a second Go takes over', () => {
  heldByOther();
  night.go(2);
  expect(status(2)).toBe('Failed');
  expect(result(2)).toContain(DUTY);
  expect(result(2)).toContain('set Go again within two minutes');
  later(90_000);
  night.go(2);
  expect(night.api.received.at(-1)).toMatchObject({ requestedBy: MANAGER, takeOver: true });
  expect(status(2)).toBe('Done');
});

it('a Go two minutes later takes nothing over', () => {
  heldByOther();
  night.go(2);
  later(121_000);
  night.go(2);
  expect(night.api.operations.at(-1)?.request).not.toHaveProperty('takeOver');
  expect(status(2)).toBe('Failed');
});

it('Done typed by hand is marked: nothing was run', () => {
  night.status(2, 'Done');
  expect(status(2)).toBe('Done');
  expect(result(2)).toBe(`Set to Done by hand by ${MANAGER}: nothing was run.`);
  expect(posts()).toEqual([]);
});

it('an armed step whose earlier step is still open is not run: nobody is there to be asked', () => {
  night.status(5, 'Scheduled');
  for (let minute = 0; minute < 14; minute += 1) night.minute();
  expect(status(5)).toBe('Failed');
  expect(result(5)).toContain('step 2 before it was not done');
  expect(posts()).toEqual([]);
});
