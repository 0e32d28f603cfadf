import { GetRuleGroupCommand, ListRuleGroupsCommand, UpdateRuleGroupCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { formatDirectStamp } from '../../contract/stamp.ts';
import { send } from '../../local/outside-network.ts';
import { rowsOf, type SheetRow, stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { go, siteUrl, startTestStack, type } from '../stack.ts';

/** What somebody does behind our back, and what fails to happen: noticed, mended where it can be, and told. */

const MANAGER = 'release.manager@example.com';
const ON_CALL = 'arn:aws:sts::111122223333:assumed-role/on-call/ana';
const MINUTE_MS = 60_000;
const [PUBLIC, GUEST, TESTER] = ['127.0.0.1', '127.0.0.5', '127.0.0.2'];

let stack: Stack;
let waf: WAFV2Client;
beforeAll(async () => {
  stack = await startTestStack({
    startAt: Date.parse('2026-11-22T02:00:00Z'),
  });
  // Whoever else may write in this account.
  const credentials = { accessKeyId: 'production', secretAccessKey: 'local' };
  waf = new WAFV2Client({ region: 'eu-west-1', endpoint: stack.waf.url, credentials });
  await minute();
}, 60_000);
afterAll(async () => {
  waf?.destroy();
  await stack?.close();
});

const pass = (minutes: number) => stack.clock.moveTo(stack.clock.now() + minutes * MINUTE_MS);
/** As long as WAF may take to apply a change everywhere. */
const settle = () => stack.clock.moveTo(stack.clock.now() + 500);

/** The reconcilers alone: the sheet's triggers come when they like. */
async function reconcilersMinute(): Promise<void> {
  pass(1);
  await stack.reconcile();
  settle();
}
async function minute(): Promise<void> {
  await reconcilersMinute();
  await stack.runtime.tick();
}
async function minutesUntil(what: string, isSo: () => boolean): Promise<void> {
  for (let minutes = 0; minutes < 8 && !isSo(); minutes += 1) await minute();
  if (isSo()) return;
  const tabs = ['Services', 'Allowlist', 'Audit', 'Rundown'];
  const told = tabs.map((tab) => stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues(tab));
  throw new Error(`it never came to this: ${what}\n${JSON.stringify(told)}`);
}

async function publicSees(service: string, from: string | undefined = PUBLIC): Promise<number> {
  const url = siteUrl(stack, service);
  const headers = { accept: 'text/html' };
  return (await send({ url, method: 'GET', headers, localAddress: from })).status;
}

async function groupOf(service: string) {
  const Scope = 'REGIONAL' as const;
  const Name = `drawbridge-production_${service}`;
  const { RuleGroups = [] } = await waf.send(new ListRuleGroupsCommand({ Scope }));
  const { Id } = RuleGroups.find((group) => group.Name === Name) ?? {};
  return { Name, Scope, Id };
}

/** Writes the group as it was deployed: empty. */
async function empty(service: string, Description?: string): Promise<void> {
  const group = await groupOf(service);
  const { LockToken, RuleGroup } = await waf.send(new GetRuleGroupCommand(group));
  const { VisibilityConfig } = RuleGroup ?? {};
  await waf.send(new UpdateRuleGroupCommand({ ...group, LockToken, VisibilityConfig, Description, Rules: [] }));
  settle();
}

const board = (service: string): SheetRow => {
  const found = rowsOf(stack, 'Services').find(({ value }) => value('Service') === service);
  if (!found) throw new Error(`the board has no row for ${service}`);
  return found;
};
const known = (service: string) => board(service).value('What we know');
const audit = () =>
  rowsOf(stack, 'Audit').map(({ value }) => `${value('What')} · ${value('Outcome')} · ${value('Who')}`);
const subjects = () => stack.notices.map(({ subject = '' }) => subject.replace('[production] ', ''));
const toldTimes = (subject: string) => subjects().filter((one) => one === subject).length;
const timeOfSheet = (minutes: number) =>
  new Date(stack.clock.now() + minutes * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');

const REPAIRED = 'Somebody changed the firewall rules of Payments; they were put back';
const CONTESTED = 'Payments may no longer be closed: its firewall rules are contested';

it('a careless deploy empties the rules of a closed service: closed again within a tick, and told in a notice and on the board', async () => {
  expect((await go(stack, 'payments', 'Enter maintenance')).value('Status')).toBe('Done');
  await empty('payments');
  expect(await publicSees('payments')).toBe(200);

  await reconcilersMinute();
  expect(await publicSees('payments')).toBe(503);
  expect(toldTimes(REPAIRED)).toBe(1);
  await minutesUntil('the board tells it', () => known('payments').includes('they were put back at'));
  expect(board('payments').value('Mode')).toBe('Closed');
  expect(known('payments')).toMatch(/^Somebody changed the rules of REGIONAL\/eu-west-1; they were put back at /);
});

it('done again, it is contested: Drawbridge gives way, calls a person, and the board says that it is in doubt', async () => {
  await empty('payments');
  await reconcilersMinute();
  expect(await publicSees('payments')).toBe(200);
  expect([toldTimes(REPAIRED), toldTimes(CONTESTED)]).toEqual([1, 1]);
  await minutesUntil('the board tells it', () => known('payments').includes('CONTESTED'));
  expect(board('payments').value('Mode')).toBe('In doubt');
  expect(toldTimes(CONTESTED)).toBe(1);
});

it('a person who sets the step to Go again has decided: it is closed again, and in doubt no more', async () => {
  expect((await go(stack, 'payments', 'Enter maintenance')).value('Status')).toBe('Done');
  settle();
  expect(await publicSees('payments')).toBe(503);
  await minutesUntil('the board tells it', () => board('payments').value('Mode') === 'Closed');
  expect(known('payments')).not.toMatch(/CONTESTED|put back/);
});

it('what on-call people write past the API is adopted, not fought, and told to those who held it', async () => {
  const at = new Date(stack.clock.now()).toISOString();
  await empty('payments', formatDirectStamp({ mode: 'normal', at, actor: ON_CALL }));
  expect(await publicSees('payments')).toBe(200);
  await reconcilersMinute();
  await reconcilersMinute();
  expect(await publicSees('payments')).toBe(200);
  const [notice] = stack.notices.filter(({ subject }) => subject?.includes('Payments was set to open directly'));
  expect(notice?.message).toContain(`${ON_CALL} wrote so into its firewall`);
  expect(notice?.message).toContain(`held by ${MANAGER}`);
  await minutesUntil('the board tells it', () => board('payments').value('Mode') === 'Open');
  expect(board('payments').value('Set by')).toBe(ON_CALL);
  await minutesUntil('the audit tells it', () => audit().some((line) => line.includes(ON_CALL)));
  expect(audit().filter((line) => line.includes(ON_CALL))).toEqual([expect.stringContaining('Exit maintenance')]);
});

it('a tester whose time ends is out within a tick, the others stay in, and the tabs tell it', async () => {
  await go(stack, 'shop', 'Enter maintenance');
  await writeAllowlist([GUEST, 'Ana from the agency', timeOfSheet(12), 'shop']);
  expect((await go(stack, 'shop', 'Enable allowlist')).value('Status')).toBe('Done');
  settle();
  expect([await publicSees('shop', GUEST), await publicSees('shop', TESTER), await publicSees('shop')]).toEqual([
    200, 200, 503,
  ]);
  await minutesUntil('let in', () => check() === `Let in (${GUEST}/32).`);

  stack.clock.moveTo(until());
  await reconcilersMinute();
  expect([await publicSees('shop', GUEST), await publicSees('shop', TESTER), await publicSees('shop')]).toEqual([
    503, 200, 503,
  ]);
  await minutesUntil('expired', () => check() === 'Expired: this entry is not sent any more.');
  await minutesUntil('the audit tells it', () => auditDetails().some((line) => line.includes('Ana from the agency')));
  expect(board('shop').value('Mode')).toBe('Testers only');
  expect(subjects().filter((subject) => subject.includes('Shop') && subject.includes('changed'))).toEqual([]);
});

const check = () => rowsOf(stack, 'Allowlist')[0]?.value('Check');
const until = () => Date.parse(`${rowsOf(stack, 'Allowlist')[0]?.value('Until').replace(' ', 'T')}Z`);
const auditDetails = () => rowsOf(stack, 'Audit').map(({ value }) => `${value('What')}: ${value('Details')}`);
async function writeAllowlist(line: string[]): Promise<void> {
  const edit = { sheet: 'Allowlist', range: 'A2:D2', values: [line], user: MANAGER };
  await stack.runtime.edit({ spreadsheetId: stack.releaseSheet, ...edit }).executions;
}

it('an armed step whose sheet has stopped ticking is told before its time and after it, once each; and late, it does not run', async () => {
  const row = () => stepOf(stack, 'shop', 'Exit maintenance');
  const step = row().value('Step');
  await type(stack, row().cell('Planned start'), timeOfSheet(25));
  await type(stack, row().cell('Status'), 'Scheduled');
  expect(row().value('Status')).toBe('Scheduled');
  await stack.runtime.tick();

  // From here on no trigger of the script fires any more.
  const STOPPED = 'A release sheet is not heard of: 1 armed step may not run';
  const MISSED = `Missed: step ${step}, Exit maintenance, Shop`;
  const later = async (minutes: number) => {
    pass(minutes);
    await stack.minute();
    // What the scheduler found is told by the next minute at the latest.
    await stack.reconcile();
    return [toldTimes(STOPPED), toldTimes(MISSED)];
  };
  expect(await later(2)).toEqual([0, 0]);
  expect(await later(3)).toEqual([1, 0]);
  expect(await later(32)).toEqual([1, 1]);
  expect(await later(1)).toEqual([1, 1]);
  expect(await publicSees('shop')).toBe(503);

  // It comes back, far too late.
  await stack.runtime.tick();
  expect([row().value('Status'), row().value('Result')]).toEqual(['Failed', expect.stringContaining('late')]);
  expect(await publicSees('shop')).toBe(503);
});
