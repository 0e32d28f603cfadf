import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { createWorld, MANAGER, MINUTE_MS, ran, Terminal, type World } from './terminal.ts';

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
  expect(result('2')).toMatch(/^Shop may not be closed to everyone\. UNREADABLE since .*\(FIREWALL_FORBIDDEN\)/);
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
  expect(result('2')).toMatch(/^Shop may not be closed to everyone\. BYPASSED since/);
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
