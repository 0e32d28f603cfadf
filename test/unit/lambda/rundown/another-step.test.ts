import { REHEARSAL_TITLES } from '../../../../contract/rehearsal.ts';
import { runDueSteps } from '../../../../lambda/src/schedule/run-due-steps.ts';
import { at, createWorld, DUTY, line, MANAGER, MINUTE_MS, ran, Terminal, type World } from './terminal.ts';

/** A row that ran, and was changed into another step since. */

const ID = 'production-00000001';
const CHANGE = { coversStatus: false, coversPlan: true };

let world: World;
let sheet: Terminal;
function begin(options: Parameters<typeof createWorld>[0] = {}, lines?: ConstructorParameters<typeof Terminal>[2]) {
  world = createWorld(options);
  sheet = new Terminal(world, 'release-42', lines);
}
beforeEach(() => begin());

const row = (step: string) => sheet.step(step);

/** Somebody changes cells of a row, and the event comes. */
async function change(step: string, cells: Partial<ReturnType<typeof row>>, by = MANAGER) {
  Object.assign(row(step), cells);
  const answer = await sheet.sync(sheet.event([step], by, CHANGE));
  await sheet.follow(answer);
}

const NOT_RUN = { status: 'Planned', started: '', finished: '', by: '', operation: '' };

describe('a row that is changed after it was Done', () => {
  it('into another service is Planned, and says what was run, when, for whom, and under which id', async () => {
    await sheet.set('2', 'Go', DUTY);
    const { started } = row('2');
    await change('2', { service: 'payments' });
    expect(row('2')).toMatchObject(NOT_RUN);
    expect(row('2').result).toBe(
      'What this row says now has not run. Until it was changed, it said Enter maintenance of Shop, asked for at ' +
        `${started.slice(11, 19)} by ${DUTY}: Done (${ID}). ` +
        'If that change was a mistake, undo it, and the row says so again.',
    );
    expect(ran(world)).toEqual(['2 shop enter']);
  });

  it.each([
    ['another action', { action: 'Exit maintenance' }],
    ['a group with that service in it', { service: 'storefront' }],
    ['no service', { service: '' }],
    ['a service that nobody knows', { service: 'blog' }],
  ])('into %s is not Done, also when nobody was seen to change it', async (_, cells) => {
    await sheet.set('2', 'Go');
    Object.assign(row('2'), cells);
    await sheet.minute();
    expect(row('2')).toMatchObject(NOT_RUN);
  });

  it('says what it said before, once that is undone, and tells what became of it since', async () => {
    await sheet.set('2', 'Go');
    const before = { ...row('2') };
    await change('2', { service: 'payments' });
    await change('2', { service: 'shop' });
    expect(row('2')).toEqual(before);
    await change('2', { action: 'Exit maintenance' });
    await sheet.minutes(2);
    await sheet.set('8', 'Go');
    await change('2', { action: 'Enter maintenance' });
    expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
    expect(row('2').result).toMatch(/^Until .*, when step 8 .* opened it: Shop was closed to everyone/);
  });

  it('is known by what it was told, wherever it was moved, changed again and moved in time', async () => {
    await sheet.set('2', 'Go');
    await change('2', { service: 'payments' });
    await change('2', { service: 'blog', plannedStart: { text: 'later' } });
    sheet.lines.reverse();
    await sheet.minute();
    await change('2', { service: 'shop' });
    expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
  });

  it('and back before the sheet was told says Done as before', async () => {
    for (const service of ['shop', 'storefront']) {
      begin();
      row('2').service = service;
      await sheet.set('2', 'Go');
      const before = { ...row('2') };
      Object.assign(row('2'), { service: 'payments' });
      await sheet.send(sheet.read('edit', sheet.event(['2'], MANAGER, CHANGE)));
      Object.assign(row('2'), { service });
      await sheet.minute();
      expect(row('2')).toEqual(before);
    }
  });

  it('is told again, if that answer was lost', async () => {
    await sheet.set('2', 'Go');
    row('2').service = 'payments';
    await sheet.send(sheet.read());
    expect(row('2').status).toBe('Done');
    await sheet.minute();
    expect(row('2')).toMatchObject(NOT_RUN);
  });

  it('only in its name, its time, or how its service is written stays Done', async () => {
    await sheet.set('2', 'Go');
    const before = { ...row('2') };
    const more = { step: '2b', service: ' Shop ', plannedStart: { text: 'soon' } };
    Object.assign(row('2'), more);
    await sheet.minutes(2);
    expect(row('2b')).toEqual({ ...before, ...more });
  });

  it('keeps what a person sets there at the same time, or did before', async () => {
    await sheet.set('2', 'Go');
    await sheet.set('2', 'Skipped');
    await change('2', { service: 'payments' });
    expect(row('2')).toMatchObject({ ...NOT_RUN, status: 'Skipped' });
    expect(row('2').result).not.toContain(': Done');
    await change('2', { service: 'shop' });
    expect(row('2')).toMatchObject({ status: 'Skipped', operation: ID });
    await sheet.set('9', 'Go');
    Object.assign(row('9'), { service: 'shop', status: 'Skipped' });
    await sheet.sync(sheet.event(['9'], MANAGER, { coversPlan: true }));
    expect(row('9')).toMatchObject({ ...NOT_RUN, status: 'Skipped' });
    expect(row('9').result).toContain('Enter maintenance of Payments');
  });

  it('is a step like any other: Go runs what it says now, and what ran before is over for good', async () => {
    begin({ production: true });
    world.clock.now += 5 * MINUTE_MS;
    await sheet.set('2', 'Go');
    await change('2', { service: 'payments' });
    await sheet.set('2', 'Go');
    expect(row('2')).toMatchObject({ status: 'Done', operation: 'production-00000002' });
    expect(ran(world)).toEqual(['2 shop enter', '2 payments enter']);
    await change('2', { service: 'shop' });
    expect(row('2')).toMatchObject(NOT_RUN);
    expect(row('2').result).toContain('Enter maintenance of Payments');
  });

  it('and set to Go in one edit runs, without a question whether it is meant a second time', async () => {
    begin({ production: true });
    world.clock.now += 5 * MINUTE_MS;
    await sheet.set('2', 'Go');
    Object.assign(row('2'), { service: 'payments', status: 'Go' });
    await sheet.follow(await sheet.sync(sheet.event(['2'], MANAGER, { coversPlan: true })));
    expect(ran(world)).toEqual(['2 shop enter', '2 payments enter']);
  });

  it('holds up the steps after it, from the very reading that shows it', async () => {
    begin({ production: true });
    world.clock.now += 30 * MINUTE_MS;
    await sheet.set('2', 'Go');
    await sheet.set('2', 'Go');
    expect(row('2').status).toBe('Done');
    row('2').service = 'payments';
    await sheet.set('9', 'Go');
    expect([row('9').status, row('2').status]).toEqual(['Planned', 'Planned']);
    expect(row('9').result).toContain('step 2 of Payments before it is not done yet');
  });

  it('does not let the server fire a step after it, also while the sheet does not say so yet', async () => {
    begin({ production: true });
    world.clock.now = Date.parse(at(5));
    await sheet.set('2', 'Go');
    await sheet.set('9', 'Scheduled');
    world.clock.now = Date.parse(at(29, 50));
    row('2').service = 'payments';
    await sheet.send(sheet.read());
    expect(row('2').status).toBe('Done');
    await runDueSteps(world.deps);
    await sheet.minute();
    expect(row('9')).toMatchObject({ status: 'Failed' });
    expect(row('9').result).toContain('Not run: step 2 before it was not done.');
    expect(ran(world)).toEqual(['2 shop enter']);
  });

  it('is no measure of how late the night is', async () => {
    const lines = [line('1', 'shop', 'Enter maintenance', at(0)), line('2', 'payments', 'Enter maintenance', at(11))];
    begin({ production: true }, lines);
    world.clock.now += 40 * MINUTE_MS;
    await sheet.set('1', 'Go');
    await sheet.set('1', 'Go');
    expect(row('1').status).toBe('Done');
    row('1').service = 'shop-2';
    await sheet.set('2', 'Go');
    expect(row('2').result).toContain('which was 29 minutes ago');
  });

  it('is rehearsed as what it says now', async () => {
    await sheet.set('2', 'Go');
    await change('2', { service: 'payments' });
    const pick = { ...NOT_RUN, row: 2, service: 'shop', action: REHEARSAL_TITLES.all, status: '', result: '' };
    const request = sheet.read('edit', sheet.event([], MANAGER, { tab: 'services', rows: [2] }));
    sheet.apply({
      rows: (await sheet.send({ ...request, picks: [pick] })).rows.filter(({ tab }) => tab === 'rundown'),
    });
    expect(row('2').result).toMatch(
      /^Rehearsed .* would close Payments .* Before: What this row says now has not run\. .*: Done \(/,
    );
    await change('2', { service: 'shop' });
    expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
    expect(row('2').result).toMatch(/^Shop is closed to everyone/);
  });
});

describe('a Go that is not run, in a row that was changed', () => {
  it('changes nothing: what was run before is told after the reason, and comes back', async () => {
    begin({ production: true });
    await sheet.set('2', 'Go');
    await change('2', { service: 'payments', plannedStart: { text: 'later' } });
    await sheet.set('2', 'Go');
    expect(row('2')).toMatchObject({ status: 'Planned', operation: '' });
    expect(row('2').result).toMatch(/^Not run yet: .* Before: What this row says now has not run\. .*: Done \(/);
    await change('2', { service: 'shpo' });
    await sheet.set('2', 'Go');
    expect(row('2').status).toBe('Planned');
    expect(row('2').result).toMatch(/^Nothing was run: there is no Service "shpo".* Before: What this row says now/);
    await change('2', { service: 'shop' });
    expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
  });
});

it('several rows that are changed in one edit each tell of their own run', async () => {
  await sheet.set('2', 'Go');
  await sheet.set('9', 'Go');
  Object.assign(row('2'), { service: 'payments' });
  Object.assign(row('9'), { service: 'shop' });
  await sheet.sync(sheet.event(['2', '9'], MANAGER, CHANGE));
  expect([row('2'), row('9')]).toMatchObject([NOT_RUN, NOT_RUN]);
  expect(row('2').result).toContain('Enter maintenance of Shop');
  expect(row('9').result).toContain('Enter maintenance of Payments');
});

it('what was refused in a row is not Failed of what the row says now', async () => {
  await sheet.set('2', 'Go', 'intern@example.com');
  expect(row('2').status).toBe('Failed');
  await change('2', { service: 'payments' });
  expect(row('2')).toMatchObject(NOT_RUN);
  expect(row('2').result).toContain(': Failed (');
});

describe('a row that is changed while it runs', () => {
  const start = async () => {
    row('2').status = 'Go';
    await sheet.sync(sheet.event(['2'], MANAGER, { typed: 'Go' }));
    row('2').service = 'payments';
    return sheet.sync(sheet.event(['2'], MANAGER, CHANGE));
  };

  it('says what it is that runs, and is not Done at its end', async () => {
    const answer = await start();
    expect(row('2')).toMatchObject({ status: 'Running', operation: ID });
    expect(row('2').result).toMatch(
      /^This row was changed while it ran\. What runs is Enter maintenance of Shop, and it goes on: Closing Shop…/,
    );
    const said: string[] = [];
    const { apply } = sheet;
    sheet.apply = (told) => {
      apply.call(sheet, told);
      said.push(row('2').status);
    };
    await sheet.follow(answer);
    expect(said).not.toContain('Done');
    expect(row('2')).toMatchObject(NOT_RUN);
    expect(row('2').result).toContain('Enter maintenance of Shop, asked for at ');
    expect(row('2').result).toContain(`: Done (${ID})`);
    await change('2', { service: 'shop' });
    expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
  });

  it('and changed back meanwhile is Done at its end', async () => {
    await start();
    await change('2', { service: 'shop' });
    expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
    expect(row('2').result).toContain('Shop is closed to everyone');
  });
});

it('a copy of a row that ran has not run, whichever of the two is changed', async () => {
  await sheet.set('2', 'Go');
  sheet.lines.push({ ...row('2'), step: '2c' });
  await sheet.minute();
  expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
  expect(row('2c')).toMatchObject(NOT_RUN);
  expect(row('2c').result).toContain('in row 2, which it is a copy of');
  sheet.lines.push({ ...row('2'), step: '2d', service: 'payments' });
  await sheet.minute();
  expect(row('2d')).toMatchObject(NOT_RUN);
});

it('a step that ran before records knew what was asked for keeps its Done', async () => {
  await sheet.set('2', 'Go');
  for (const { run, ...item } of world.table.items()) {
    const { asked: _, ...older } = (run ?? {}) as { asked?: unknown };
    if (run) await world.table.commit([{ put: { ...item, run: older } as never, label: 'older' }]);
  }
  await change('2', { service: 'payments' });
  expect(row('2')).toMatchObject({ status: 'Done', operation: ID });
});
