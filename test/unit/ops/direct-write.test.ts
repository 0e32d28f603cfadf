import type { RuleGroup } from '@aws-sdk/client-wafv2';
import type { ServiceConfig } from '../../../config/schema.ts';
import { parseDirectStamp } from '../../../contract/stamp.ts';
import { operate } from '../../../lambda/src/operate/operate.ts';
import { RuleGroupError } from '../../../lambda/src/waf/errors.ts';
import type { Place } from '../../../lambda/src/waf/place.ts';
import type { RuleGroupStore } from '../../../lambda/src/waf/rule-groups.ts';
import { type DirectDependencies, type DirectRequest, readDirect, writeDirect } from '../../../ops/direct-write.ts';
import { createTestEnvironment, PAGES, requestOf, type TestEnvironment } from '../../builders.ts';

const ON_CALL = 'arn:aws:sts::111122223333:assumed-role/OnCall/alex@example.com';
const AT = Date.parse('2026-11-22T02:00:07.250Z');
const REGIONAL: Place = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' };
const CLOUDFRONT: Place = { environment: 'production', service: 'shop', scope: 'CLOUDFRONT', region: 'us-east-1' };

let env: TestEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment();
});
afterEach(() => env.close());

const request = (action: DirectRequest['action']): DirectRequest => ({
  service: env.deps.config.services[0] as ServiceConfig,
  action,
  retryAfterSeconds: 600,
  pages: PAGES,
  actor: ON_CALL,
  at: AT,
});
const deps = (more: Partial<RuleGroupStore> = {}): DirectDependencies => ({
  ...env.deps,
  ruleGroups: { ...env.ruleGroups, ...more },
});
const groupAt = async (place: Place): Promise<RuleGroup> => (await env.ruleGroups.read(place)).value;

it('closes every target with one write each, and says in each the same: who wants what, decided when', async () => {
  const results = await writeDirect(deps(), request('enter'));
  expect(results.map(({ target, acceptedAt }) => [target, acceptedAt !== undefined])).toEqual([
    ['REGIONAL/eu-west-1', true],
    ['CLOUDFRONT/us-east-1', true],
  ]);
  expect(env.wafCalls().filter((call) => call === 'UpdateRuleGroup')).toHaveLength(2);
  for (const place of [REGIONAL, CLOUDFRONT]) {
    const { Rules, Description = '' } = await groupAt(place);
    expect(Rules?.at(-1)?.Action?.Block?.CustomResponse?.ResponseCode).toBe(503);
    expect(parseDirectStamp(Description)).toEqual({
      mode: 'maintenance',
      at: '2026-11-22T02:00:07.250Z',
      actor: ON_CALL,
    });
  }
});

it('opens by taking every rule away, and tells what stood there', async () => {
  await operate(env.deps, requestOf());
  const results = await writeDirect(deps(), request('exit'));
  expect(results[0]?.before).toMatch(/^drawbridge r1 maintenance/);
  const { Rules, Description = '' } = await groupAt(REGIONAL);
  expect(Rules).toEqual([]);
  expect(parseDirectStamp(Description)).toMatchObject({ mode: 'normal' });
});

it('carries the revision of no operation, so that no probe takes it for a proof', async () => {
  await operate(env.deps, requestOf());
  await writeDirect(deps(), request('enter'));
  const { Rules = [] } = await groupAt(REGIONAL);
  const headers = Rules.flatMap(({ Action }) => Action?.Block?.CustomResponse?.ResponseHeaders ?? []);
  const told = headers.filter(({ Name }) => Name === 'x-maintenance-mode').map(({ Value }) => Value);
  expect(new Set(told)).toEqual(new Set(['r0']));
});

it('reads and writes anew when somebody else wrote in between', async () => {
  let collisions = 2;
  const results = await writeDirect(
    deps({
      async write(place, from, content) {
        if (place.scope === 'REGIONAL' && collisions > 0) {
          collisions -= 1;
          const theirs = await env.ruleGroups.read(place);
          await env.ruleGroups.write(place, theirs, { ...content, Rules: [], Description: 'somebody else' });
        }
        return env.ruleGroups.write(place, from, content);
      },
    }),
    request('enter'),
  );
  expect(results.every(({ error }) => !error)).toBe(true);
  expect(collisions).toBe(0);
  expect((await groupAt(REGIONAL)).Rules?.length).toBeGreaterThan(0);
});

it('closes the other targets when one cannot be written, and says which', async () => {
  const missing = RuleGroupError.missing(REGIONAL, 'drawbridge-production_shop');
  const read: RuleGroupStore['read'] = (place) =>
    place.scope === 'REGIONAL' ? Promise.reject(missing) : env.ruleGroups.read(place);
  const startedAt = env.clock.now;
  const [regional, cloudFront] = await writeDirect(deps({ read }), request('enter'));
  expect(regional).toMatchObject({ target: 'REGIONAL/eu-west-1', error: missing });
  expect(cloudFront?.acceptedAt).toBeDefined();
  // Waiting makes no group appear.
  expect(env.clock.now - startedAt).toBeLessThan(1_000);
});

it('gives up on a group that stays busy, within a minute or so', async () => {
  const startedAt = env.clock.now;
  const busy = () => Promise.reject(RuleGroupError.movedOn(REGIONAL));
  const [regional] = await writeDirect(deps({ write: busy }), request('enter'));
  expect(regional?.error?.code).toBe('RULE_GROUP_BUSY');
  expect(env.clock.now - startedAt).toBeLessThanOrEqual(120_000);
});

it('asks for credentials at once instead of trying for a minute without them', async () => {
  const cause = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
  const read = () => Promise.reject(new RuleGroupError('FIREWALL_UNREACHABLE', true, 'x', { cause }));
  await expect(writeDirect(deps({ read }), request('enter'))).rejects.toBe(cause);
});

it('writes nothing when it only looks', async () => {
  const results = await readDirect(deps(), request('enter').service);
  expect(results).toHaveLength(2);
  expect(env.wafCalls()).not.toContain('UpdateRuleGroup');
});
