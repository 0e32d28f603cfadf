import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetRuleGroupCommand, ListRuleGroupsCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { parseDirectStamp } from '../../contract/stamp.ts';
import { createRuleGroupStore } from '../../lambda/src/waf/rule-groups.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { EXIT, execute } from '../../ops/command.ts';
import { type DrawbridgeDependencies, drawbridgeCommand } from '../../ops/drawbridge-command.ts';
import { DIST, signed, siteUrl, startTestStack } from '../stack.ts';
import { fakeTerminal } from '../unit/ops/terminal.ts';

/** The night on which the sheet is down; then the night on which the API is down too. */

let stack: Stack;
let site: string;
let deps: DrawbridgeDependencies;
beforeAll(async () => {
  stack = await startTestStack();
  site = siteUrl(stack, 'payments');
  const { credentials } = stack.breakGlass('production');
  const { now, sleep } = stack.clock;
  const client = (region: string) => new WAFV2Client({ region, endpoint: stack.waf.url, credentials });
  deps = {
    now,
    sleep,
    random: Math.random,
    readBuiltConfig: async () => JSON.parse(await readFile(new URL('local/config.json', DIST), 'utf8')),
    credentials: async () => credentials,
    ruleGroups: createRuleGroupStore({ now, sleep }, client),
    probe: async () => ({ kind: 'answered', status: 200 }),
    apiUrl: async (environment) => stack.breakGlass(environment).url,
    callerIdentity: async () => ({ arn: 'arn:aws:iam::111122223333:user/on-call', skewMs: 0 }),
  };
});
afterAll(() => stack?.close());

async function drawbridge(line: string, more: Partial<DrawbridgeDependencies> = {}) {
  const terminal = fakeTerminal();
  const args = [...line.split(' '), '--environment', 'production'];
  if (!/^(status|audit)/.test(line)) args.push('--reason', 'the sheet does not answer', '--yes');
  const code = await execute(drawbridgeCommand({ ...deps, ...more }), args, terminal);
  return { code, text: terminal.text() };
}

const publicSees = async () => (await visit(site, { as: 'public' })).status;

it('closes and opens a service by a signed command, proven from outside and audited as the person who signed', async () => {
  expect(await publicSees()).toBe(200);

  const entered = await drawbridge('enter payments');
  expect(entered.text).toContain('Payments is closed to everyone');
  expect(entered.code).toBe(EXIT.done);
  expect(await publicSees()).toBe(503);
  expect((await drawbridge('status')).text).toMatch(/Payments is closed to everyone \(r1\) since .* by arn:aws:iam::/);

  const left = await drawbridge('exit payments');
  expect(left.text).toContain('Payments is open to everyone');
  expect(left.code).toBe(EXIT.done);
  expect(await publicSees()).toBe(200);

  const { entries } = (await (await signed(stack, '/audit')).json()) as { entries: object[] };
  const entry = { by: 'arn:aws:iam::111122223333:user/on-call', source: { kind: 'break-glass' } };
  const reason = 'the sheet does not answer';
  expect(entries).toMatchObject([
    { ...entry, reason, action: 'enter', state: 'verified' },
    { ...entry, reason, action: 'exit', state: 'verified' },
  ]);
});

it('rehearses with --dry-run, through the API and past it, and closes nothing', async () => {
  const writes = () => stack.waf.calls().filter(({ operation }) => operation.startsWith('Update')).length;
  const before = writes();
  const told = await drawbridge('enter payments --dry-run');
  expect(told.text).toMatch(
    /^Rehearsed: Enter maintenance would close Payments to everyone \(1 target\): its rules fit \(\d+ of 250 WCU\), its rule group can be read, \d of \d probes? answers? 200 now\. Nothing was changed\.$/,
  );
  expect(told.code).toBe(EXIT.done);
  const direct = await drawbridge('enter payments --direct --dry-run');
  expect(direct.text).toContain('Enter maintenance would close Payments to everyone (1 target)');
  expect([direct.code, await publicSees(), writes()]).toEqual([EXIT.done, 200, before]);
  expect((await drawbridge('audit')).text).toMatch(
    /\(break-glass\): Rehearsed: Enter maintenance would close Payments/,
  );
});

it('opens nothing to a wrong signature, and says which policy is missing', async () => {
  const { credentials } = stack.breakGlass('production');
  const wrong = { credentials: async () => ({ ...credentials, secretAccessKey: 'guessed' }) };
  const told = await drawbridge('enter payments', wrong);
  expect(told).toMatchObject({ code: EXIT.failed, text: expect.stringContaining('drawbridge-production-break-glass') });
  expect(await publicSees()).toBe(200);
});

it('prints who did what, without the sheet', async () => {
  const { code, text } = await drawbridge('audit');
  expect(code).toBe(EXIT.done);
  expect(text).toMatch(
    /payments {2}arn:aws:iam::111122223333:user\/on-call \(break-glass\): .*the sheet does not answer/,
  );
});

it('does not let staging’s person into production', async () => {
  const { credentials } = stack.breakGlass('staging');
  expect((await drawbridge('enter payments', { credentials: async () => credentials })).code).toBe(EXIT.failed);
  expect(await publicSees()).toBe(200);
});

it('works as it is built, with the credentials of its environment', async () => {
  const { url, credentials } = stack.breakGlass('production');
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_WAFV2: stack.waf.url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  // As built, but for the example's services, which are the local stack's.
  const folder = await mkdtemp(fileURLToPath(new URL('ops-example-', DIST)));
  await cp(fileURLToPath(new URL('ops/', DIST)), join(folder, 'ops'), { recursive: true });
  await mkdir(join(folder, 'lambda'));
  await cp(fileURLToPath(new URL('local/config.json', DIST)), join(folder, 'lambda/config.json'));
  const run = (command: string, args: string[]) =>
    promisify(execFile)(process.execPath, [join(folder, `ops/${command}.mjs`), ...args], { env });
  const status = await run('drawbridge', ['status', '--environment', 'production', '--api-url', url]);
  expect(status.stdout).toContain('Payments is open to everyone');
  const capacity = await run('capacity', ['production']);
  expect(capacity.stdout).toMatch(/✓ payments in REGIONAL\/eu-west-1: \d+ of 250 WCU/);
  await rm(folder, { recursive: true });
});

async function descriptionOf(name: string): Promise<string> {
  const { credentials } = stack.breakGlass('production');
  const client = new WAFV2Client({ region: 'eu-west-1', endpoint: stack.waf.url, credentials });
  const { RuleGroups = [] } = await client.send(new ListRuleGroupsCommand({ Scope: 'REGIONAL' }));
  const { Id } = RuleGroups.find(({ Name }) => Name === name) ?? {};
  const { RuleGroup } = await client.send(new GetRuleGroupCommand({ Name: name, Scope: 'REGIONAL', Id }));
  client.destroy();
  return RuleGroup?.Description ?? '';
}

/** Services that should be open are read back in rotation: one minute in so many; the next one proves what it adopted. */
const OPEN_ROTATION = 10;
async function minutes(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    stack.clock.moveTo(stack.clock.now() + 60_000);
    await stack.reconcile();
  }
}

it('closes and opens it with no API at all, and leaves word of who did', async () => {
  const noApi = { apiUrl: () => Promise.reject(new Error('nobody may ask')) };
  const before = stack.clock.now();
  const entered = await drawbridge('enter payments --direct', noApi);
  expect(entered.text).toContain('✓ REGIONAL/eu-west-1: the firewall accepted the rules that close it');
  expect(entered.text).toContain('Nothing is proven');
  expect(entered.code).toBe(EXIT.notProven);
  const stamp = parseDirectStamp(await descriptionOf('drawbridge-production_payments'));
  expect(stamp).toMatchObject({ mode: 'maintenance', actor: 'arn:aws:iam::111122223333:user/on-call' });
  expect(Date.parse(stamp?.at ?? '')).toBeGreaterThanOrEqual(Math.trunc(before));
  await stack.clock.sleep(500);
  expect(await visit(site, { as: 'public' })).toMatchObject({ status: 503, headers: { 'x-maintenance-mode': 'r0' } });

  // The reconciler is back: what was decided meanwhile becomes the desired state, and is not fought.
  await minutes(OPEN_ROTATION + 1);
  await stack.clock.sleep(500);
  const adopted = await visit(site, { as: 'public' });
  expect([adopted.status, adopted.headers['x-maintenance-mode']]).toEqual([503, 'r3']);
  expect((await drawbridge('status')).text).toMatch(
    /Payments is closed to everyone \(r3\) .* by arn:aws:iam::.*on-call/,
  );

  expect((await drawbridge('exit payments --direct', noApi)).code).toBe(EXIT.notProven);
  await stack.clock.sleep(500);
  expect(await publicSees()).toBe(200);
  await minutes(1);
  const { entries } = (await (await signed(stack, '/audit')).json()) as { entries: object[] };
  const by = 'arn:aws:iam::111122223333:user/on-call';
  expect(entries.slice(-2)).toMatchObject([
    { action: 'enter', by, source: { kind: 'break-glass' } },
    { action: 'exit', by, source: { kind: 'break-glass' } },
  ]);
});
