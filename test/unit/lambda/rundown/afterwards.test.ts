import { operate as runOperation } from '../../../../lambda/src/operate/operate.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { at, createWorld, DUTY, line, MANAGER, MINUTE_MS, ran, Terminal, type World } from './terminal.ts';

/** A row never stays a green "closed" while the service is open, contested, or nobody knows. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;

let world: World;
let sheet: Terminal;
beforeEach(async () => {
  world = createWorld({ production: true });
  sheet = new Terminal(world);
  await sheet.set('2', 'Go');
  expect(sheet.step('2').status).toBe('Done');
});

const result = (step: string) => sheet.step(step).result;
const status = (step: string) => sheet.step(step).status;

/** Nobody may read the group, until this is called. */
function deny(): () => void {
  const { read } = world.ruleGroups;
  world.ruleGroups.read = async () => {
    throw new RuleGroupError('FIREWALL_FORBIDDEN', false, 'drawbridge-shop: AccessDeniedException');
  };
  return () => {
    world.ruleGroups.read = read;
  };
}
/** The group is left out of the web ACL: its rules are right, and everybody gets in. */
function leaveOut(): () => void {
  const { visit } = world.ruleGroups;
  world.ruleGroups.visit = () => ({ kind: 'answered', status: 200 });
  return () => {
    world.ruleGroups.visit = visit;
  };
}

it('says within two minutes that the rules cannot be read, and again what it said when they can', async () => {
  const before = { ...sheet.step('2') };
  const allow = deny();
  await sheet.minutes(2);
  expect(status('2')).toBe('Unproven');
  expect(result('2')).toMatch(/^Shop may no longer be closed to everyone\. UNREADABLE since .*\(FIREWALL_FORBIDDEN\)/);
  expect(result('2')).toContain(`Before: ${before.result}`);
  await sheet.minutes(3);
  expect(status('2')).toBe('Unproven');
  allow();
  await sheet.minutes(2);
  expect(sheet.step('2')).toEqual(before);
});

it('says that visitors get in, and keeps who and when', async () => {
  const { by, started, finished, operation } = sheet.step('2');
  const putIn = leaveOut();
  await sheet.minutes(4);
  expect(sheet.step('2')).toMatchObject({ status: 'Unproven', by, started, finished, operation });
  expect(result('2')).toMatch(/^Shop may no longer be closed to everyone\. BYPASSED since/);
  putIn();
  await sheet.minutes(3);
  expect(status('2')).toBe('Done');
});

it('says that the rules are contested until a person decides', async () => {
  for (const _time of [1, 2]) {
    const { write } = world.ruleGroups;
    await write(PLACE, await world.ruleGroups.read(PLACE), { Description: 'by hand', Rules: [] } as never);
    await sheet.minutes(2);
  }
  expect(status('2')).toBe('Unproven');
  expect(result('2')).toContain('CONTESTED since');
  await sheet.set('2', 'Go');
  // On production a step that has happened is asked about; what is found stays said.
  expect([status('2'), ran(world)]).toEqual(['Unproven', ['2 shop enter']]);
  expect(result('2')).toContain('set Go again');
  await sheet.set('2', 'Go');
  expect(status('2')).toBe('Done');
  await sheet.minutes(2);
  expect([status('2'), result('2').includes('CONTESTED')]).toEqual(['Done', false]);
});

it('concerns the step that set the service last, and no step before it', async () => {
  sheet.allowlist.push({ row: 2, address: '192.0.2.10', who: 'Ana', until: { text: '' }, services: 'shop' });
  world.clock.now += 8 * MINUTE_MS;
  await sheet.set('5', 'Go');
  deny();
  await sheet.minutes(2);
  expect([status('2'), status('5')]).toEqual(['Done', 'Unproven']);
});

it('a repair is no doubt: the rules are ours again', async () => {
  await world.ruleGroups.write(PLACE, await world.ruleGroups.read(PLACE), { Description: '', Rules: [] } as never);
  await sheet.minutes(2);
  expect((await world.deps.store.state('shop')).drift.map(({ state }) => state)).toEqual(['repaired']);
  expect([status('2'), sheet.step('2').by]).toEqual(['Done', MANAGER]);
});

describe('a row whose service was set anew tells the past', () => {
  it('by a later step of the sheet: until when, by which step, and what it was', async () => {
    expect(result('2')).toMatch(
      /^Shop is closed to everyone \(all \d+ probes from outside agree, .* To open again: step 8\. /,
    );
    world.clock.now += 20 * MINUTE_MS;
    await sheet.set('8', 'Go');
    expect(status('8')).toBe('Done');
    expect(result('2')).toMatch(
      /^Until 02:20:\d\d, when step 8 \(release\.manager@example\.com\) opened it: Shop was closed to everyone \(all \d+ probes from outside agreed, checked .*\)\. \(production-\d+\)$/,
    );
    expect(status('2')).toBe('Done');
  });

  it('says since when that was in doubt before it was set anew', async () => {
    for (const _time of [1, 2]) {
      const { write } = world.ruleGroups;
      await write(PLACE, await world.ruleGroups.read(PLACE), { Description: 'by hand', Rules: [] } as never);
      await sheet.minutes(2);
    }
    expect(result('2')).toContain('CONTESTED since');
    world.clock.now += 20 * MINUTE_MS;
    await sheet.set('8', 'Go');
    expect(result('2')).toMatch(
      /^Until 02:24:\d\d, when step 8 .* opened it: Shop was closed .*\. From 02:03:\d\d on that was in doubt\. \(production-/,
    );
  });

  it('through another door, within a minute, whenever the next step is planned', async () => {
    sheet.step('8').plannedStart = { text: '2026-11-23 02:00', at: at(24 * 60) };
    for (const step of ['5', '7', '9']) sheet.step(step).status = 'Skipped';
    const { again } = await sheet.sync();
    expect(again.afterMs).toBeLessThanOrEqual(MINUTE_MS);
    await operate('exit');
    await sheet.minute();
    expect(result('2')).toMatch(
      /^Until .*, when the break-glass command \(duty\.manager@example\.com\) opened it: Shop was closed/,
    );
  });

  it('names the step of another sheet, and the one that came first', async () => {
    const other = new Terminal(world, 'release-43', [
      line('1', 'shop', 'Exit maintenance'),
      line('2', 'shop', 'Enter maintenance'),
    ]);
    await other.set('1', 'Go', DUTY);
    await other.set('1', 'Go', DUTY);
    expect(other.step('1').status).toBe('Done');
    await other.set('2', 'Go', DUTY);
    expect(other.step('2').status).toBe('Done');
    await sheet.minute();
    expect(result('2')).toMatch(/^Until .*, when step 1 of release-43 \(duty\.manager@example\.com\) opened it/);
  });

  it('stays as it is told, and a doubt of what came after is none of this row', async () => {
    sheet.allowlist.push({ row: 2, address: '192.0.2.10', who: 'Ana', until: { text: '' }, services: 'shop' });
    world.clock.now += 8 * MINUTE_MS;
    await sheet.set('5', 'Go');
    const told = result('2');
    expect(told).toMatch(/^Until .* let the testers in: Shop was closed to everyone/);
    deny();
    await sheet.minutes(2);
    expect([status('2'), result('2'), status('5')]).toEqual(['Done', told, 'Unproven']);
  });

  it('not for what only said again what was so: then a doubt is its own', async () => {
    await operate('enter');
    await sheet.minute();
    expect(result('2')).toMatch(/^Shop is closed to everyone/);
    deny();
    await sheet.minutes(2);
    expect(status('2')).toBe('Unproven');
  });

  it('of a group, what is so still comes first', async () => {
    const group = new Terminal(world, 'release-44', [line('1', 'storefront', 'Enter maintenance')]);
    await operate('exit');
    await group.set('1', 'Go');
    await group.set('1', 'Go');
    expect(group.step('1').status).toBe('Done');
    await operate('exit');
    await group.minute();
    expect(group.step('1').result.split('\n')).toEqual([
      expect.stringMatching(
        /^Payments is closed to everyone .* To open again: pick Exit maintenance under Do now in the tab Services\./,
      ),
      expect.stringMatching(/^Until .* opened it: Shop was closed to everyone/),
    ]);
  });

  it('set to Go again, it begins anew', async () => {
    await operate('exit');
    await sheet.minute();
    await sheet.set('2', 'Go');
    expect(result('2')).toContain('Done already');
    await sheet.set('2', 'Go');
    expect([status('2'), result('2').slice(0, 26)]).toEqual(['Done', 'Shop is closed to everyone']);
  });
});

let asked = 0;
/** Through the break-glass command. */
async function operate(action: 'enter' | 'exit'): Promise<void> {
  asked += 1;
  const { state } = await runOperation(world.deps, {
    operationId: `break-glass-${asked}`,
    service: 'shop',
    action,
    requestedBy: DUTY,
    requestedAt: new Date(world.clock.now).toISOString(),
    source: { kind: 'break-glass' },
    takeOver: true,
  });
  expect(state).not.toBe('refused');
}

it('a sheet that keeps a service closed is read every minute for a day, and every ten after that', async () => {
  for (const step of ['5', '7', '8', '9']) sheet.step(step).status = 'Skipped';
  expect((await sheet.sync()).again.afterMs).toBe(MINUTE_MS);
  world.clock.now += 25 * 60 * MINUTE_MS;
  expect((await sheet.sync()).again.afterMs).toBe(10 * MINUTE_MS);
  await operate('exit');
  expect((await sheet.sync()).again.afterMs).toBe(60 * MINUTE_MS);
});
