import type { RuleGroup } from '@aws-sdk/client-wafv2';
import { NEVER_OPERATED, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { nextState } from '../../../../lambda/src/operate/next-state.ts';
import { type ConvergeDependencies, convergeTarget } from '../../../../lambda/src/waf/converge.ts';
import { isInSync, readDifference } from '../../../../lambda/src/waf/difference.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { examineTarget } from '../../../../lambda/src/waf/examine.ts';
import { inspect } from '../../../../lambda/src/waf/inspect.ts';
import type { RuleGroupStore } from '../../../../lambda/src/waf/rule-groups.ts';
import { environmentOf, NOW, PAGES, requestOf } from '../../../builders.ts';
import { createMemoryRuleGroups, type MemoryRuleGroups } from '../../../memory-rule-groups.ts';

/** One target, what it should be, what it is, and what is written: over rule groups in memory. */

const environment = environmentOf({ allowlist: [], apiPrefixes: ['/api/'] });
const [service] = environment.services;
const [target] = service?.targets ?? [];
if (!service || !target) throw new Error('the test has no target');
const PLACE = { environment: service.environment, service: 'shop', scope: target.scope, region: target.region };
const LATE = NOW + 60_000;

let groups: MemoryRuleGroups;
let state: ServiceState;
let now: number;
let calls: string[];
let logged: unknown[];
/** Where a test lets others act, or fail. */
let meanwhile: ((call: string) => Promise<void> | void) | undefined;

beforeEach(() => {
  groups = createMemoryRuleGroups();
  state = NEVER_OPERATED;
  now = NOW;
  calls = [];
  logged = [];
  meanwhile = undefined;
});

const deps = (): ConvergeDependencies => {
  const told = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    calls.push(call);
    await meanwhile?.(call);
    return work();
  };
  const ruleGroups: RuleGroupStore = {
    read: (...given) => told('read', () => groups.read(...given)),
    write: (...given) => told('write', () => groups.write(...given)),
    readSet: (...given) => told(`read ${given[1]}`, () => groups.readSet(...given)),
    writeSet: (...given) => told(`write ${given[1]}`, () => groups.writeSet(...given)),
    inTurn: (_place, operation, _until, work) => told(`turn ${operation}`, work),
  };
  return {
    config: environment,
    pages: PAGES,
    store: { state: async () => state } as never,
    ruleGroups,
    log: (...line) => void logged.push(line),
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    random: () => 0.5,
  };
};
const wish = (request: Parameters<typeof requestOf>[0] = {}) => {
  state = nextState(service, state, requestOf(request), now);
};
const letIn = (...allowlist: string[]) => wish({ action: 'enable-allowlist', allowlist });
const converge = () => convergeTarget(deps(), service, target, LATE);
const written = () => calls.filter((call) => call.startsWith('write'));
const setOf = async (version: 4 | 6) => (await groups.readSet(PLACE, version)).value;
const descriptionThere = async () => (await groups.read(PLACE)).value.Description;

describe('a target is brought to what is wanted', () => {
  it('by one write in its turn, after one read; and once it is so, by none', async () => {
    wish();
    const done = await converge();
    expect(done).toMatchObject({
      target: 'REGIONAL/eu-west-1',
      state: 'accepted',
      of: { revision: 1 },
      at: new Date(NOW).toISOString(),
    });
    expect(calls).toEqual(['turn UpdateRuleGroup', 'read', 'write']);
    expect(await descriptionThere()).toContain('r1 maintenance');
    calls = [];
    expect(await converge()).toMatchObject({ state: 'accepted' });
    expect(calls).toEqual(['turn UpdateRuleGroup', 'read']);
  });

  it('sets first and rules last where testers are let in, each in its turn', async () => {
    letIn('192.0.2.1', '2001:db8::1');
    await converge();
    const expected = ['write 4', 'write 6', 'write'];
    expect(written()).toEqual(expected);
    expect(calls.filter((call) => call.startsWith('turn'))).toEqual([
      'turn UpdateRuleGroup',
      ...['turn UpdateIPSet', 'turn UpdateIPSet'],
      'turn UpdateRuleGroup',
    ]);
    expect([await setOf(4), await setOf(6)]).toEqual([['192.0.2.1/32'], ['2001:db8::1/128']]);
  });

  it('rules first where a set is not used any more: nobody is left in it', async () => {
    letIn('192.0.2.1', '2001:db8::1');
    await converge();
    calls = [];
    letIn('192.0.2.1');
    await converge();
    expect(written()).toEqual(['write', 'write 6']);
    expect(await setOf(6)).toEqual([]);
  });

  it('by its rules alone on the way out of the mode', async () => {
    letIn('192.0.2.1');
    await converge();
    calls = [];
    wish({ action: 'disable-allowlist' });
    await converge();
    expect(calls).toEqual(['turn UpdateRuleGroup', 'read', 'write']);
    expect(await setOf(4)).toEqual(['192.0.2.1/32']);
  });

  it('again from the first read when somebody else wrote meanwhile', async () => {
    wish();
    let others = 2;
    meanwhile = async (call) => {
      if (call !== 'write' || others === 0) return;
      others -= 1;
      const from = await groups.read(PLACE);
      await groups.write(PLACE, from, { Description: 'somebody else', Rules: [] } as never);
    };
    expect(await converge()).toMatchObject({ state: 'accepted' });
    expect(calls.filter((call) => call === 'read')).toHaveLength(3);
  });

  it('to the newest wish, and never with the list of an older one', async () => {
    letIn('192.0.2.1');
    meanwhile = (call) => {
      if (call !== 'turn UpdateIPSet') return;
      meanwhile = undefined;
      letIn('192.0.2.2');
    };
    expect(await converge()).toMatchObject({ state: 'accepted', of: { revision: 2 } });
    expect(await setOf(4)).toEqual(['192.0.2.2/32']);
    expect(written()).toEqual(['write 4', 'write']);
  });

  it('not twice where somebody has filled the set already', async () => {
    letIn('192.0.2.1');
    meanwhile = async (call) => {
      if (call !== 'turn UpdateIPSet') return;
      await groups.writeSet(PLACE, 4, await groups.readSet(PLACE, 4), ['192.0.2.1/32']);
    };
    await converge();
    expect(written()).toEqual(['write']);
  });

  it('later, where others keep taking out who is let in', async () => {
    letIn('192.0.2.1');
    meanwhile = async (call) => {
      if (call === 'turn UpdateRuleGroup') await groups.writeSet(PLACE, 4, await groups.readSet(PLACE, 4), []);
    };
    expect(await converge()).toMatchObject({ state: 'pending', code: 'RULE_GROUP_BUSY', of: { revision: 1 } });
    expect(written()).not.toContain('write');
    expect(now).toBeLessThanOrEqual(LATE);
  });

  it('or is told why not, and logged', async () => {
    wish();
    meanwhile = (call) => {
      if (call === 'write') throw RuleGroupError.missing(PLACE, 'the group');
    };
    expect(await converge()).toMatchObject({ state: 'pending', code: 'RULE_GROUP_MISSING', of: { revision: 1 } });
    expect(logged).toMatchObject([['warn', 'not taken', { service: 'shop', code: 'RULE_GROUP_MISSING' }]]);
  });

  it('and left alone where on-call people wrote past us', async () => {
    wish();
    const at = new Date(NOW + 1_000).toISOString();
    const Description = `drawbridge direct normal at ${at} by someone`;
    await groups.write(PLACE, await groups.read(PLACE), { Description, Rules: [] } as never);
    expect(await converge()).toMatchObject({ state: 'pending', code: 'WRITTEN_DIRECTLY' });
    expect(written()).toEqual([]);
    expect(await inspect(deps(), service, target, state)).toMatchObject({
      found: 'changing',
      stamp: { mode: 'normal', at },
    });
  });
});

describe('what is there is as it should be', () => {
  const change = async (to: (value: RuleGroup) => object) => {
    const from = await groups.read(PLACE);
    const { Description, Rules, CustomResponseBodies } = from.value;
    await groups.write(PLACE, from, { Description, Rules, CustomResponseBodies, ...to(from.value) } as never);
  };
  const isSame = async () => isInSync(await readDifference(deps(), service, target));
  const withFirst = (more: object) => (value: RuleGroup) => ({
    Rules: value.Rules?.map((rule, at) => (at === 0 ? { ...rule, ...more } : rule)),
  });

  beforeEach(async () => {
    letIn('192.0.2.1');
    await converge();
  });

  it('with fields besides that nobody sent', async () => {
    expect(await isSame()).toBe(true);
    await change(withFirst({ CaptchaConfig: { ImmunityTimeProperty: { ImmunityTime: 60 } } }));
    expect(await isSame()).toBe(true);
  });

  it('with bytes that are the same, wherever they come from', async () => {
    await change((value) => ({ Rules: structuredClone(value.Rules) }));
    expect(await isSame()).toBe(true);
  });

  it.each<readonly [string, (value: RuleGroup) => object]>([
    ['another description', () => ({ Description: 'drawbridge r1 maintenance' })],
    ['no rules', () => ({ Rules: undefined })],
    ['a rule less', ({ Rules }) => ({ Rules: Rules?.slice(1) })],
    ['a rule more', ({ Rules = [] }) => ({ Rules: [...Rules, ...Rules.slice(0, 1)] })],
    ['other rules', ({ Rules = [] }) => ({ Rules: [...Rules].reverse() })],
    ['a rule that counts what was to be blocked', withFirst({ Priority: 9 })],
    ['a rule without its action', withFirst({ Action: undefined })],
    ['a rule whose action is a word', withFirst({ Action: 'Count' })],
    ['no pages', () => ({ CustomResponseBodies: undefined })],
    [
      'other bytes',
      ({ Rules }) => ({
        Rules: JSON.parse(JSON.stringify(Rules), (key, value) =>
          key === 'SearchString' ? new Uint8Array([1]) : value,
        ),
      }),
    ],
    [
      'a header that lets in whoever sends it',
      ({ Rules }) => ({
        Rules: structuredClone(Rules)?.map((rule) => {
          const set = rule.Statement?.IPSetReferenceStatement;
          const IPSetForwardedIPConfig = { HeaderName: 'x', FallbackBehavior: 'MATCH', Position: 'ANY' };
          return set ? { ...rule, Statement: { IPSetReferenceStatement: { ...set, IPSetForwardedIPConfig } } } : rule;
        }),
      }),
    ],
  ])('but not with %s', async (_what, to) => {
    await change(to);
    expect(await isSame()).toBe(false);
    expect(await inspect(deps(), service, target, state)).toMatchObject({ found: 'modified' });
  });

  it('but not with somebody else in its set, and in whatever way IPv6 is written', async () => {
    letIn('192.0.2.1', '2001:db8::1');
    await converge();
    const refill = async (version: 4 | 6, ...ranges: string[]) =>
      groups.writeSet(PLACE, version, await groups.readSet(PLACE, version), ranges);
    await refill(6, '2001:0db8:0000:0000:0000:0000:0000:0001/128');
    expect(await isSame()).toBe(true);
    await refill(6, '2001:db8::2/128');
    expect(await isSame()).toBe(false);
    await refill(6, '2001:db8::1/128', 'what we would not take');
    expect(await isSame()).toBe(false);
    await refill(6);
    expect(await isSame()).toBe(false);
  });

  it('of a service that was never closed, whatever description it was created with', async () => {
    state = NEVER_OPERATED;
    await change(() => ({ Description: 'made by CloudFormation', Rules: [], CustomResponseBodies: undefined }));
    expect(await isSame()).toBe(true);
    await change(() => ({ Rules: [{}] }));
    expect(await isSame()).toBe(false);
  });

  it('is not asked of what is being set at the moment', async () => {
    const before = state;
    letIn('192.0.2.2');
    expect(await inspect(deps(), service, target, before)).toMatchObject({ found: 'changing' });
    expect(await inspect(deps(), service, target, state)).toMatchObject({ found: 'modified' });
  });

  it('and where ours of a moment ago stand there, that is not somebody else', async () => {
    state = { ...state, plannedEnd: new Date(NOW + 3_600_000).toISOString() };
    expect(await inspect(deps(), service, target, state)).toMatchObject({ found: 'stale' });
  });

  it.each([
    ['missing', RuleGroupError.missing(PLACE, 'the group')],
    ['no-answer', RuleGroupError.noToken(PLACE)],
    ['denied', new RuleGroupError('FIREWALL_FORBIDDEN', false, 'no')],
  ] as const)('or cannot be read: %s', async (found, error) => {
    meanwhile = () => {
      throw error;
    };
    expect(await inspect(deps(), service, target, state)).toEqual({ target, found, code: error.code });
    expect(now - NOW).toBeLessThanOrEqual(10_000);
  });
});

describe('before anything is written, a target is examined', () => {
  const examined = (withSets: boolean) => examineTarget(deps(), service, target, { until: LATE, withSets });

  it('with its capacity, its rules and its sets', async () => {
    wish();
    await converge();
    calls = [];
    const told = await examined(true);
    expect(told).toMatchObject({
      target: 'REGIONAL/eu-west-1',
      capacity: 250,
      setArns: { 4: expect.any(String), 6: expect.any(String) },
    });
    expect(told.setArns[4]).not.toBe(told.setArns[6]);
    expect(told.rules).toBeGreaterThan(0);
    expect(told.description).toContain('r1 maintenance');
    expect(told).not.toHaveProperty('error');
    expect(calls.sort()).toEqual(['read', 'read 4', 'read 6']);
    const from = await groups.read(PLACE);
    await groups.write(PLACE, from, { Capacity: 100 } as never);
    expect(await examined(true)).toMatchObject({ capacity: 100, rules: 0, description: '' });
  });

  it('without sets where nobody is let in', async () => {
    const told = await examined(false);
    expect(calls).toEqual(['read']);
    expect(told.setArns).toEqual({});
  });

  it('and without a lock token it could not be written', async () => {
    const { read, readSet } = groups;
    groups.read = async (...given) => ({ ...(await read(...given)), lockToken: '' });
    expect(await examined(false)).toMatchObject({ error: { code: 'FIREWALL_UNREACHABLE' }, capacity: 250, rules: 0 });
    groups.read = read;
    groups.readSet = async (place, version) => ({
      ...(await readSet(place, version)),
      lockToken: version === 6 ? '' : '1',
    });
    now = NOW;
    expect(await examined(true)).toMatchObject({ error: { code: 'FIREWALL_UNREACHABLE' } });
  });
});
