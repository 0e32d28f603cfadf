import type { OperationRequest } from '../../../../contract/operation.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { rehearse } from '../../../../lambda/src/operate/rehearse.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import {
  createTestEnvironment,
  NOW,
  OPERATOR,
  requestOf,
  type TestEnvironment,
  type TestEnvironmentOptions,
} from '../../../builders.ts';

let env: TestEnvironment;
afterEach(() => env?.close());
const open = async (options?: TestEnvironmentOptions) => {
  env = await createTestEnvironment(options);
};

const of = (more: Partial<OperationRequest> = {}) => requestOf({ dryRun: true, ...more });
const say = async (more?: Partial<OperationRequest>) => (await rehearse(env.deps, of(more))).message;
const audit = () => env.store.audit('shop', '', 100);

/** Everything that is stored, but for the audit. */
const stored = () => env.table.items().filter(({ sk }) => !sk.startsWith('AUDIT#'));

/** What was sent to WAF and the table while it was done. */
async function during(work: () => Promise<unknown>) {
  env.wafCalls();
  const from = env.table.calls.length;
  await work();
  const commits = env.table.calls.slice(from).filter((call) => call.startsWith('commit'));
  return { waf: env.wafCalls().sort(), commits };
}

describe('a rehearsal', () => {
  it('says what would happen, what was checked, and that nothing was changed', async () => {
    await open();
    expect(await say()).toBe(
      'Rehearsed: Enter maintenance would close Shop to everyone (2 targets): its rules fit (31 of 250 WCU), both rule ' +
        'groups can be read, 2 of 2 probes answer 200 now. Nothing was changed.',
    );
  });

  it('reads each rule group, asks each page once, and writes its audit entry and nothing else', async () => {
    await open();
    const asked: string[] = [];
    env.sees = (url, way) => {
      asked.push(`${way} ${url}`);
      return { kind: 'answered', status: 200 };
    };
    const before = stored();
    const { waf, commits } = await during(() => operate(env.deps, of()));
    expect(waf).toEqual(['GetRuleGroup', 'GetRuleGroup', 'ListRuleGroups', 'ListRuleGroups']);
    expect(commits).toEqual(['commit audit, audit by time, audit of the sheet']);
    expect(asked).toEqual(Array(2).fill('past-caches https://shop.example.com/'));
    expect(stored()).toEqual(before);
    expect(await audit()).toMatchObject([
      { kind: 'rehearsal', by: OPERATOR, action: 'enter', message: expect.stringContaining('Nothing was changed.') },
    ]);
    expect(await env.store.auditOfSheet('sheet-1')).toHaveLength(1);
  });

  it('starts no operation, takes no revision and holds nothing: the real one comes after it with the same id', async () => {
    await open();
    const request = of();
    const told = await operate(env.deps, request);
    expect(told).toMatchObject({ dryRun: true, revision: 0, faults: [], targets: [] });
    expect(told.again).toBeUndefined();
    expect(await env.store.operation(request.operationId)).toBeUndefined();
    expect(await env.store.state('shop')).toMatchObject({ version: 0, mode: 'normal' });
    expect(await operate(env.deps, { ...request, dryRun: false })).toMatchObject({ state: 'accepted', revision: 1 });
    expect(await refusalOf(of({ operationId: request.operationId }))).toMatchObject({ code: 'ID_REUSED' });
  });

  it('reads the IP sets too where testers would be let in, and counts them', async () => {
    await open();
    await operate(env.deps, requestOf({ plannedEnd: '2026-11-22T04:00:00Z' }));
    let message = '';
    const { waf } = await during(async () => {
      message = await say({ action: 'enable-allowlist', allowlist: ['203.0.113.9', '2001:db8::/64'] });
    });
    expect(waf.filter((call) => call === 'GetIPSet')).toHaveLength(4);
    expect(waf.filter((call) => /^(Update|Create|Delete)/.test(call))).toEqual([]);
    expect(message).toContain('would let 3 ranges of addresses in to Shop, and keep it closed to the public');
    expect(message).toContain('The public would be told that it opens at 2026-11-22 04:00 UTC.');
  });

  it('of what is so already says that nothing would change', async () => {
    await open();
    await operate(env.deps, requestOf());
    expect(await say()).toContain('Enter maintenance would change nothing, as Shop is closed to everyone by then');
  });

  it('says that nobody would prove it, where the config says so', async () => {
    const target = { scope: 'REGIONAL', region: 'eu-west-1', verification: 'none' } as const;
    await open({ service: { targets: [target] } });
    expect(await say()).toContain('its rule group can be read, and nobody would prove it (verification: none).');
  });
});

const refusalOf = (request: OperationRequest) =>
  rehearse(env.deps, request).then(
    () => 'rehearsed',
    (error) => error.problem,
  );

describe('what a real one would be refused for', () => {
  it.each([
    ['somebody who is no operator', { requestedBy: 'intern@example.com' }, 'NOT_OPERATOR'],
    ['a service that there is not', { service: 'shp' }, 'UNKNOWN_SERVICE'],
    ['a request of long ago', { requestedAt: new Date(NOW - 360_000).toISOString() }, 'STALE_REQUEST'],
    ['a move that does not fit', { action: 'enable-allowlist' }, 'ILLEGAL_MOVE'],
    ['a planned end that has passed', { plannedEnd: '2026-11-22T01:00:00Z' }, 'INVALID_FIELD'],
    ['testers of an action that lets nobody in', { allowlist: ['203.0.113.9'] }, 'INVALID_FIELD'],
  ] as const)(
    'refuses %s with the same words, audits it, and reads and writes nothing in WAF',
    async (_who, more, code) => {
      await open();
      const request = of(more as Partial<OperationRequest>);
      const refused = await refusalOf(request);
      const real = await operate(env.deps, { ...request, dryRun: false }).catch((error) => error.problem);
      expect(refused).toMatchObject({ code, message: real.message });
      expect(env.wafCalls()).toEqual([]);
      const service = code === 'UNKNOWN_SERVICE' ? '(unknown)' : 'shop';
      const entries = await env.store.audit(service, '', 100);
      expect(entries.filter(({ kind }) => kind === 'rehearsal')).toMatchObject([
        { by: request.requestedBy, problem: { code }, message: expect.stringContaining('would be refused.') },
      ]);
    },
  );

  it('refuses what another sheet holds, and is told of as taken over where that is asked', async () => {
    await open();
    await operate(env.deps, requestOf());
    const source = { kind: 'sheet', spreadsheetId: 'sheet-2', step: '9' } as const;
    expect(await refusalOf(of({ action: 'exit', source }))).toMatchObject({ code: 'HELD_BY_OTHER' });
    expect(await say({ action: 'exit', source, takeOver: true })).toContain('would open Shop to everyone');
  });
});

describe('what would go wrong after that is told, with its remedy', () => {
  const failing = (code: 'FIREWALL_FORBIDDEN' | 'FIREWALL_UNREACHABLE', retryable: boolean) => ({
    ...env.deps,
    ruleGroups: {
      ...env.ruleGroups,
      read: () => Promise.reject(new RuleGroupError(code, retryable, 'AccessDeniedException: arn:…')),
    },
  });

  it('a rule group that does not exist', async () => {
    await open({ bare: true });
    await env.createRuleGroup('REGIONAL', 'eu-west-1');
    const { message, faults } = await rehearse(env.deps, of());
    expect(message).toBe(
      'Rehearsed: Enter maintenance of Shop would not be taken by the firewall everywhere. drawbridge-production_shop does ' +
        'not exist in CLOUDFRONT/us-east-1. Deploy its stack. Nothing was changed.',
    );
    expect(faults).toMatchObject([{ code: 'RULE_GROUP_MISSING', target: 'CLOUDFRONT/us-east-1' }]);
  });

  it('a rule group that may not be read, or a firewall that does not answer', async () => {
    await open();
    const forbidden = await rehearse(failing('FIREWALL_FORBIDDEN', false), of());
    expect(forbidden.message).toContain('may not read the firewall rules of REGIONAL/eu-west-1 (FIREWALL_FORBIDDEN)');
    expect(forbidden.message).not.toContain('arn:');
    const silent = await rehearse(failing('FIREWALL_UNREACHABLE', true), of());
    expect(silent.message).toContain('did not answer in time (FIREWALL_UNREACHABLE). Rehearse again in a minute.');
  });

  it('rules that do not fit into the group as it is', async () => {
    await open();
    const read: typeof env.ruleGroups.read = async (place) => {
      const group = await env.ruleGroups.read(place);
      return { ...group, value: { ...group.value, Capacity: 20 } };
    };
    const { faults } = await rehearse({ ...env.deps, ruleGroups: { ...env.ruleGroups, read } }, of());
    expect(faults).toMatchObject([{ code: 'TOO_MANY_WCU' }, { code: 'TOO_MANY_WCU' }]);
    expect(faults?.[0]?.message).toContain('WCU in REGIONAL/eu-west-1, and its rule group has 20. Name fewer');
  });

  it('a page that nobody answers at: it would never be proven', async () => {
    await open();
    env.sees = () => ({ kind: 'unknown', why: 'ENOTFOUND' });
    const { message } = await rehearse(env.deps, of());
    expect(message).toContain('Enter maintenance of Shop would be taken by the firewall and stay Unproven.');
    expect(message).toContain('https://shop.example.com/ gives no answer (ENOTFOUND)');
    expect(message).toContain('verification.urls');
  });

  it('says what the pages answer, also when that is an error of the site', async () => {
    await open();
    let nth = 0;
    env.sees = () => {
      nth += 1;
      return { kind: 'answered', status: nth === 1 ? 200 : 502 };
    };
    expect(await say()).toContain('1 of 2 probes answers 200 and 1 of 2 probes answers 502 now');
  });
});
