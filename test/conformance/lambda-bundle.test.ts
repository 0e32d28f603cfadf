/**
 * The built Lambda bundle against services that it is led to by environment variables alone, as it is in AWS: plain Node,
 * the real SDK clients, no code of ours around it. Ours are started for every variable that is not set:
 *
 *   AWS_ENDPOINT_URL_WAFV2=https://wafv2.eu-west-1.amazonaws.com \
 *   AWS_ENDPOINT_URL_DYNAMODB=https://dynamodb.eu-west-1.amazonaws.com \
 *   AWS_ENDPOINT_URL_SNS=https://sns.eu-west-1.amazonaws.com \
 *   AWS_REGION=eu-west-1 npm run jest -- test/conformance/lambda-bundle
 *
 * WAF_RATES=strict makes our WAF want its calls spaced evenly; by default it keeps token buckets.
 *
 * with credentials from the environment (a profile, a role). It needs no more of a service than its API: a rule group, two
 * IP sets, a table and a topic are made through the SDK, and deleted again. The region of WAF must be AWS_REGION.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteRuleGroupCommand,
  GetIPSetCommand,
  GetRuleGroupCommand,
  UpdateRuleGroupCommand,
} from '@aws-sdk/client-wafv2';
import type { Action } from '../../contract/modes.ts';
import { checkRequest } from '../requests/check-request.ts';
import {
  bodyOf as bodyFor,
  type Deployment,
  post as postTo,
  startDeployment,
  tick,
} from './lambda-bundle/deployment.ts';
import type { Instance } from './lambda-bundle/instance.ts';
import type { Passage } from './lambda-bundle/passage.ts';
import { BETWEEN_WRITES_MS, type Places, type Switch } from './lambda-bundle/places.ts';

/** A service far away is slow, and rule groups that are just made may not be writable for a while. */
const LONGEST_MS = 120_000;

let deployment: Deployment;
let service: string;
let places: Places;
let passage: Passage;
let api: Instance;
let reconciler: Instance;

beforeAll(async () => {
  deployment = await startDeployment();
  ({ places, passage } = deployment);
  service = deployment.services[0] as string;
  [api, reconciler] = await Promise.all([deployment.start('api'), deployment.start('reconcile')]);
}, LONGEST_MS);

afterAll(() => deployment?.close(), LONGEST_MS);

const reconcile = () => tick(reconciler);
const post = async (body: object) => ({ operation: await postTo(api, body) });
const bodyOf = (action: Action, more: object = {}) => bodyFor(service, action, more);

/** What is pending is driven on until the firewall has taken it. */
async function operate(action: Action, more: object = {}) {
  const body = bodyOf(action, more);
  for (let attempt = 0; ; attempt += 1) {
    const { operation } = await post(body);
    if (operation.state !== 'pending' || attempt > 10) return { body, operation };
    await sleep(BETWEEN_WRITES_MS);
    await reconcile();
  }
}

const door = () => places.switches[0] as Switch;
const readGroup = () => places.waf.send(new GetRuleGroupCommand(door().group));
const ruleNames = async () => ((await readGroup()).RuleGroup?.Rules ?? []).map(({ Name }) => Name);
const addresses = async (version: 'ipv4' | 'ipv6') =>
  (await places.waf.send(new GetIPSetCommand(door().sets[version]))).IPSet?.Addresses ?? [];

/** As a careless deploy does. */
async function empty(): Promise<void> {
  const { LockToken, RuleGroup } = await readGroup();
  const { VisibilityConfig } = RuleGroup ?? {};
  await places.waf.send(new UpdateRuleGroupCommand({ ...door().group, LockToken, VisibilityConfig, Rules: [] }));
}

const CLOSED = ['exempt-paths', 'api-clients', 'preflight-1', 'api-1', 'api', 'everything-else'];
const writes = () =>
  passage
    .since()
    .filter(({ service: to, operation }) => to === 'wafv2' && operation.startsWith('Update'))
    .map(({ operation }) => operation);

it('opens no door without a token', async () => {
  const answer = await api.invoke({ version: '2.0', routeKey: 'GET /services', headers: {} });
  expect(answer).toMatchObject({ statusCode: 401 });
  expect(passage.passed).toEqual([]);
});

it('closes a service with one write: the rules and the pages are there, under the revision', async () => {
  const plannedEnd = new Date(Date.now() + 3_600_000).toISOString();
  const { operation } = await operate('enter', { plannedEnd });
  expect(operation).toMatchObject({ state: 'accepted', mode: 'maintenance', revision: 1, changed: true });
  expect(writes()).toEqual(['UpdateRuleGroup']);
  const { RuleGroup } = await readGroup();
  expect(RuleGroup?.Description).toMatch(/^drawbridge r1 maintenance since /);
  expect(await ruleNames()).toEqual(CLOSED);
  expect(Object.keys(RuleGroup?.CustomResponseBodies ?? {}).sort()).toEqual(['api', 'page']);
  expect(RuleGroup?.Rules?.at(-1)?.Action?.Block?.CustomResponse).toMatchObject({
    ResponseCode: 503,
    CustomResponseBodyKey: 'page',
    ResponseHeaders: expect.arrayContaining([
      { Name: 'Retry-After', Value: new Date(plannedEnd).toUTCString() },
      { Name: 'x-maintenance-mode', Value: 'r1' },
    ]),
  });
});

it('sent again, a request is answered again and nothing is written', async () => {
  const { body, operation } = await operate('enter');
  expect(operation).toMatchObject({ state: 'accepted' });
  passage.since();
  expect((await post(body)).operation).toMatchObject({
    operationId: operation.operationId,
    revision: operation.revision,
  });
  expect(writes()).toEqual([]);
});

it('lets testers in: the sets are filled before a rule refers to them', async () => {
  passage.since();
  const allowlist = ['198.51.100.7/32', { range: '2001:db8:7e57::/48', who: 'Ana' }];
  const { operation } = await operate('enable-allowlist', { allowlist });
  expect(operation).toMatchObject({ state: 'accepted', mode: 'maintenance-allowlist' });
  expect(writes()).toEqual(['UpdateIPSet', 'UpdateIPSet', 'UpdateRuleGroup']);
  expect(await addresses('ipv4')).toEqual(['198.51.100.7/32']);
  expect(await addresses('ipv6')).toHaveLength(1);
  expect(await ruleNames()).toEqual(['allowlisted', ...CLOSED]);
});

it('puts back within a tick what somebody emptied behind its back, and tells a person', async () => {
  await sleep(BETWEEN_WRITES_MS);
  await empty();
  expect(await ruleNames()).toEqual([]);
  await sleep(BETWEEN_WRITES_MS);
  passage.since();
  await reconcile();
  expect(await ruleNames()).toEqual(['allowlisted', ...CLOSED]);
  const told = passage.since().filter(({ operation }) => operation === 'Publish');
  expect(told).toMatchObject([{ status: 200, value: { Subject: expect.stringContaining('they were put back') } }]);
});

it('meets a lock conflict by reading everything anew: whoever wrote meanwhile does not win', async () => {
  passage.since();
  await sleep(BETWEEN_WRITES_MS);
  passage.holdNext('UpdateRuleGroup', async () => {
    await empty();
    // Or the second write would be refused for coming too soon, and not for its lock token.
    await sleep(BETWEEN_WRITES_MS);
  });
  const { operation } = await post(bodyOf('disable-allowlist'));
  expect(operation).toMatchObject({ state: 'accepted', mode: 'maintenance' });
  const passed = passage.since().filter(({ operation }) => /^(Get|Update)RuleGroup$/.test(operation));
  expect(passed.slice(0, 4)).toMatchObject([
    { operation: 'GetRuleGroup', status: 200 },
    { operation: 'UpdateRuleGroup', refusal: 'WAFOptimisticLockException' },
    { operation: 'GetRuleGroup', status: 200 },
    { operation: 'UpdateRuleGroup' },
  ]);
  expect(await ruleNames()).toEqual(CLOSED);
});

it('opens it again: no rule and no page is left', async () => {
  const { operation } = await operate('exit');
  expect(operation).toMatchObject({ state: 'accepted', mode: 'normal' });
  const { RuleGroup } = await readGroup();
  expect([RuleGroup?.Rules ?? [], RuleGroup?.CustomResponseBodies ?? {}]).toEqual([[], {}]);
});

/** Everybody who was told of it, by the subject. */
const told = () =>
  passage
    .since()
    .filter(({ operation }) => operation === 'Publish')
    .map(({ value }) => String((value as { Subject?: string }).Subject));

it('says that it may not read a rule group, changes nothing meanwhile, and goes on when it may', async () => {
  await operate('enter');
  passage.since();
  passage.forbid('GetRuleGroup');
  await reconcile();
  expect(told()).toEqual([expect.stringContaining('cannot be read')]);
  const { operation } = await post(bodyOf('exit'));
  expect(operation).toMatchObject({ state: 'pending', targets: [{ code: 'FIREWALL_FORBIDDEN' }] });
  expect(operation.message).toContain('is not open everywhere yet');
  passage.allow('GetRuleGroup');
  await sleep(BETWEEN_WRITES_MS);
  await reconcile();
  expect(await ruleNames()).toEqual([]);
});

it('says that a rule group is gone, and fills the one that is made again under the same name', async () => {
  await sleep(BETWEEN_WRITES_MS);
  await operate('enter');
  const { LockToken } = await readGroup();
  await places.waf.send(new DeleteRuleGroupCommand({ ...door().group, LockToken }));
  passage.since();
  await reconcile();
  await reconcile();
  expect(told()).toEqual([expect.stringContaining('is gone')]);
  await sleep(BETWEEN_WRITES_MS);
  await places.createGroupAgain(door().group);
  await sleep(BETWEEN_WRITES_MS);
  await reconcile();
  expect(await ruleNames()).toEqual(CLOSED);
});

it('a service that is closed and left the config is told of, and can be opened', async () => {
  const [without, ticking] = await Promise.all([
    deployment.start('api', ['another']),
    deployment.start('reconcile', ['another']),
  ]);
  passage.since();
  await tick(ticking);
  expect(told()).toContainEqual(expect.stringContaining('no longer in the config'));
  await sleep(BETWEEN_WRITES_MS);
  expect(await postTo(without, bodyOf('enter'))).toMatchObject({ code: 'ORPHANED' });
  expect(await postTo(without, bodyOf('exit'))).toMatchObject({ state: 'accepted', mode: 'normal' });
  expect(await ruleNames()).toEqual([]);
});

it('lists once for each kind, whichever instance asks, and prints what was asked of WAF', () => {
  const calls = passage.passed.filter(({ service: to }) => to === 'wafv2');
  const count = (name: string) => calls.filter(({ operation }) => operation === name).length;
  const counts = Object.fromEntries(
    [...new Set(calls.map(({ operation }) => operation))].map((name) => [name, count(name)]),
  );
  const throttled = calls.filter(({ refusal }) => refusal === 'ThrottlingException').length;
  console.info(`calls to WAF: ${JSON.stringify(counts)}, throttled: ${throttled}`);
  // Each of the first two instances may be cold before the other has remembered; a group that is gone is looked for by name.
  expect([count('ListIPSets') <= 2, count('ListRuleGroups') <= 4]).toEqual([true, true]);
});

it('has sent nothing that the SDK’s model and AWS’s documentation do not allow', () => {
  expect(passage.passed.length).toBeGreaterThan(30);
  expect([...new Set(passage.passed.flatMap(checkRequest))]).toEqual([]);
});
