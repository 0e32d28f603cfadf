import {
  CreateRuleGroupCommand,
  DeleteRuleGroupCommand,
  GetRuleGroupCommand,
  ListRuleGroupsCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { send } from '../../local/outside-network.ts';
import { rowsOf, type SheetRow, stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { api, go, siteUrl, startTestStack } from '../stack.ts';

/** What nobody can know any more: a rule group that is gone, a service that the config has lost. Never falsely well. */

const MINUTE_MS = 60_000;

let stack: Stack;
let waf: WAFV2Client;
beforeAll(async () => {
  stack = await startTestStack({
    startAt: Date.parse('2026-11-22T02:00:00Z'),
  });
  const credentials = { accessKeyId: 'production', secretAccessKey: 'local' };
  waf = new WAFV2Client({ region: 'eu-west-1', endpoint: stack.waf.url, credentials });
  await minute();
}, 120_000);
afterAll(async () => {
  waf?.destroy();
  await stack?.close();
});

async function minute(): Promise<void> {
  stack.clock.moveTo(stack.clock.now() + MINUTE_MS);
  await stack.reconcile();
  stack.clock.moveTo(stack.clock.now() + 500);
  await stack.runtime.tick();
}
async function minutesUntil(what: string, isSo: () => boolean): Promise<void> {
  for (let minutes = 0; minutes < 8 && !isSo(); minutes += 1) await minute();
  if (isSo()) return;
  const told = ['Services', 'Rundown'].map((tab) =>
    stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues(tab),
  );
  throw new Error(`it never came to this: ${what}\n${JSON.stringify(told)}`);
}

const publicSees = async (service: string) =>
  (await send({ url: siteUrl(stack, service), method: 'GET', headers: { accept: 'text/html' } })).status;
const board = (service: string): SheetRow =>
  rowsOf(stack, 'Services').find(({ value }) => value('Service') === service) as SheetRow;
const known = (service: string) => board(service).value('What we know');
const told = (subject: string) => stack.notices.filter((one) => one.subject === `[production] ${subject}`).length;

async function groupOf(service: string) {
  const Scope = 'REGIONAL' as const;
  const { RuleGroups = [] } = await waf.send(new ListRuleGroupsCommand({ Scope }));
  const { Name, Id } = RuleGroups.find((group) => group.Name?.endsWith(service)) ?? {};
  return { Name, Scope, Id };
}

it('a service that the config loses while it is closed is shown, told, and opened with the row that names it', async () => {
  expect((await go(stack, 'shop', 'Enter maintenance')).value('Status')).toBe('Done');
  await stack.redeploy((config) => {
    const production = config.environments.production as (typeof config.environments)[string];
    const services = production.services.filter(({ name }) => name !== 'shop');
    const groups = production.groups.filter((group) => !group.services.includes('shop'));
    return { ...config, environments: { ...config.environments, production: { ...production, services, groups } } };
  });
  await minutesUntil('the board tells it', () => known('shop').startsWith('NOT IN THE CONFIG ANY MORE'));
  expect(board('shop').value('Mode')).toBe('Closed');
  expect(told('Shop is closed, and no longer in the config')).toBe(1);
  expect(await publicSees('shop')).toBe(503);
  const { services } = (await (await api(stack, '/services')).json()) as { services: { service: string }[] };
  expect(services).toContainEqual(expect.objectContaining({ service: 'shop', orphaned: true }));

  expect((await go(stack, 'shop', 'Exit maintenance')).value('Status')).toBe('Done');
  expect(await publicSees('shop')).toBe(200);
  await minute();
  await minute();
  const after = (await (await api(stack, '/services')).json()) as { services: { service: string }[] };
  expect(after.services.map(({ service }) => service)).not.toContain('shop');
  expect(stepOf(stack, 'shop', 'Exit maintenance').value('Status')).toBe('Done');
});

it('a rule group that somebody deletes is gone: called for, in doubt on the board, and no green Done in its row', async () => {
  expect((await go(stack, 'payments', 'Enter maintenance')).value('Status')).toBe('Done');
  const group = await groupOf('payments');
  const { LockToken, RuleGroup } = await waf.send(new GetRuleGroupCommand(group));
  await waf.send(new DeleteRuleGroupCommand({ ...group, LockToken }));
  stack.clock.moveTo(stack.clock.now() + 500);
  expect(await publicSees('payments')).toBe(200);

  await minutesUntil('the board tells it', () => known('payments').startsWith('GONE since'));
  expect(board('payments').value('Mode')).toBe('In doubt');
  expect(told('The rule group of Payments is gone: nothing closes it, though it should be closed')).toBe(1);
  await minutesUntil('it is bypassed, too', () => known('payments').includes('BYPASSED since'));
  const row = stepOf(stack, 'payments', 'Enter maintenance');
  expect(row.value('Status')).toBe('Unproven');
  expect(row.value('Result')).toMatch(/^Payments may no longer be closed to everyone\. GONE since/);

  // Made again under its name it is filled within a minute, and its row says again what it said.
  const { Capacity, VisibilityConfig } = RuleGroup ?? {};
  const { Name, Scope } = group;
  await waf.send(new CreateRuleGroupCommand({ Name, Scope, Capacity, VisibilityConfig }));
  await minutesUntil('it is closed again', () => board('payments').value('Mode') === 'Closed');
  expect(await publicSees('payments')).toBe(503);
  expect(known('payments')).not.toMatch(/GONE|BYPASSED/);
  expect(stepOf(stack, 'payments', 'Enter maintenance').value('Status')).toBe('Done');
});
