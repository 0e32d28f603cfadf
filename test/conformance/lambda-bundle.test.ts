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
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetIPSetCommand, GetRuleGroupCommand, UpdateRuleGroupCommand } from '@aws-sdk/client-wafv2';
import { defineConfig } from '../../config/define-config.ts';
import type { Action } from '../../contract/modes.ts';
import type { Operation } from '../../contract/operation.ts';
import { createClock } from '../../local/clock.ts';
import { type Cognito, startCognito } from '../../local/cognito/start.ts';
import { committedPages } from '../committed-pages.ts';
import { checkRequest } from '../requests/check-request.ts';
import { DIST } from '../stack.ts';
import { type Instance, startInstance } from './lambda-bundle/instance.ts';
import { type Passage, startPassage } from './lambda-bundle/passage.ts';
import { BETWEEN_WRITES_MS, createPlaces, type Places } from './lambda-bundle/places.ts';

const region = process.env.AWS_REGION ?? 'eu-west-1';
const run = randomUUID().slice(0, 8);
const service = `conformance-${run}`;
const OPERATOR = 'release.manager@example.com';
const ON_CALL = 'arn:aws:iam::111122223333:user/on-call';
const POOL = { userPoolId: 'eu-west-1_Production', clientId: 'our-client', clientSecrets: ['local'] };
const SCOPES = ['drawbridge/operate', 'drawbridge/read'];
/** A service far away is slow, and rule groups that are just made may not be writable for a while. */
const LONGEST_MS = 120_000;

let places: Places;
let passage: Passage;
let cognito: Cognito;
let api: Instance;
let reconciler: Instance;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-'));
  cognito = await startCognito({ clock: createClock(), pools: { production: { ...POOL, scopes: SCOPES } } });
  places = await createPlaces({ region, service, tableName: `drawbridge-${service}` });
  passage = await startPassage(places.destinations);
  const environment = {
    ENVIRONMENT: 'production',
    CONFIG_FILE: await writeConfig(),
    TABLE_NAME: `drawbridge-${service}`,
    USER_POOL_ID: POOL.userPoolId,
    CLIENT_ID: POOL.clientId,
    JWKS_URI: cognito.jwksUri('production'),
    NOTICE_TOPIC_ARN: places.topicArn,
    AWS_REGION: region,
    // The passage signs for the services; nothing else is behind it.
    AWS_ACCESS_KEY_ID: 'lambda',
    AWS_SECRET_ACCESS_KEY: 'lambda',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...passage.environment,
  };
  [api, reconciler] = (await Promise.all(
    ['api', 'reconcile'].map((name) => startInstance(new URL(`lambda/${name}-handler.mjs`, DIST), environment)),
  )) as [Instance, Instance];
}, LONGEST_MS);

afterAll(async () => {
  await Promise.all([api?.stop(), reconciler?.stop()]);
  await passage?.close();
  await places?.clear();
  await cognito?.close();
  await rm(folder, { recursive: true, force: true });
}, LONGEST_MS);

async function writeConfig(): Promise<string> {
  const config = defineConfig({
    environments: {
      production: {
        region,
        operators: [OPERATOR],
        breakGlass: { principals: [ON_CALL] },
        services: [
          {
            name: service,
            // What the public sees is for the local site and its proofs: here it is what WAF was told.
            targets: [{ scope: 'REGIONAL', region, verification: 'none' }],
            apiPrefixes: ['/api/'],
            apiOrigins: ['https://app.example.com'],
            exemptPaths: ['/health', { prefix: '/webhooks/' }],
          },
        ],
      },
    },
  });
  const file = join(folder, 'config.json');
  const pages = await committedPages();
  await writeFile(file, JSON.stringify({ config, pages }));
  return file;
}

const reconcile = () => reconciler.invoke({ source: 'aws.scheduler' });

/** As API Gateway hands on what somebody has signed. */
async function post(body: object) {
  const headers = { 'content-type': 'application/json' };
  const requestContext = { authorizer: { iam: { userArn: ON_CALL } } };
  const routeKey = 'POST /break-glass/operations';
  const event = { version: '2.0', routeKey, headers, requestContext, body: JSON.stringify(body) };
  const { body: text } = (await api.invoke(event)) as { body: string };
  return { operation: JSON.parse(text) as Operation };
}

/** As the command sends it. */
function bodyOf(action: Action, more: object = {}) {
  const requestedAt = new Date().toISOString();
  return { operationId: `op-${randomUUID()}`, service, action, requestedAt, reason: 'conformance', ...more };
}

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

const readGroup = () => places.waf.send(new GetRuleGroupCommand(places.group));
const ruleNames = async () => ((await readGroup()).RuleGroup?.Rules ?? []).map(({ Name }) => Name);
const addresses = async (version: 'ipv4' | 'ipv6') =>
  (await places.waf.send(new GetIPSetCommand(places.sets[version]))).IPSet?.Addresses ?? [];

/** As a careless deploy does. */
async function empty(): Promise<void> {
  const { LockToken, RuleGroup } = await readGroup();
  const { VisibilityConfig } = RuleGroup ?? {};
  await places.waf.send(new UpdateRuleGroupCommand({ ...places.group, LockToken, VisibilityConfig, Rules: [] }));
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

it('lists once for each kind, whichever instance asks, and prints what was asked of WAF', () => {
  const calls = passage.passed.filter(({ service: to }) => to === 'wafv2');
  const count = (name: string) => calls.filter(({ operation }) => operation === name).length;
  const counts = Object.fromEntries(
    [...new Set(calls.map(({ operation }) => operation))].map((name) => [name, count(name)]),
  );
  const throttled = calls.filter(({ refusal }) => refusal === 'ThrottlingException').length;
  console.info(`calls to WAF: ${JSON.stringify(counts)}, throttled: ${throttled}`);
  // Each of the two instances may be cold before the other has remembered.
  expect(Math.max(count('ListRuleGroups'), count('ListIPSets'))).toBeLessThanOrEqual(2);
});

it('has sent nothing that the SDK’s model and AWS’s documentation do not allow', () => {
  expect(passage.passed.length).toBeGreaterThan(30);
  expect([...new Set(passage.passed.flatMap(checkRequest))]).toEqual([]);
});
