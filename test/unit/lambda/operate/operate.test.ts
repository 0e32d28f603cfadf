import { DeleteRuleGroupCommand, GetRuleGroupCommand, UpdateRuleGroupCommand } from '@aws-sdk/client-wafv2';
import { canonicalAllowlist } from '../../../../contract/allowlist.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { convergeTarget } from '../../../../lambda/src/waf/converge.ts';
import type { Place } from '../../../../lambda/src/waf/place.ts';
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
  return env;
};

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const rules = async () => (await env.ruleGroups.read(PLACE)).value;
const audit = () => env.store.audit('shop', '', 100);
const writes = () => env.wafCalls().filter((operation) => operation.startsWith('Update'));
const refusal = (request: ReturnType<typeof requestOf>) =>
  operate(env.deps, request).then(
    () => 'accepted',
    (error) => error.problem,
  );

describe('one operation', () => {
  it('closes every target with one list, one read and one write each', async () => {
    await open();
    const operation = await operate(env.deps, requestOf());
    expect(operation).toMatchObject({ state: 'accepted', mode: 'maintenance', revision: 1, changed: true });
    const calls = env.wafCalls().sort();
    expect(calls).toEqual([
      'GetRuleGroup',
      'GetRuleGroup',
      'ListRuleGroups',
      'ListRuleGroups',
      'UpdateRuleGroup',
      'UpdateRuleGroup',
    ]);
    expect((await rules()).Description).toContain('r1 maintenance');
  });

  it('reads the wanted state once for each target that it brings to it', async () => {
    await open();
    await operate(env.deps, requestOf());
    let reads = 0;
    const state: typeof env.store.state = (service) => {
      reads += 1;
      return env.store.state(service);
    };
    const [service] = env.deps.config.services;
    const [target] = service?.targets ?? [];
    if (!service || !target) throw new Error('the test names no target');
    await convergeTarget({ ...env.deps, store: { ...env.store, state } }, service, target, env.clock.now + 10_000);
    expect(reads).toBe(1);
  });

  it('asks for the ids of its rule groups only once', async () => {
    await open();
    await operate(env.deps, requestOf());
    env.wafCalls();
    await operate(env.deps, requestOf({ action: 'exit' }));
    expect(env.wafCalls()).not.toContain('ListRuleGroups');
  });

  it('finds a rule group anew when it was deleted and made again', async () => {
    await open();
    await operate(env.deps, requestOf());
    const { id, lockToken } = await env.ruleGroups.read(PLACE);
    await env.otherClient('eu-west-1').send(
      new DeleteRuleGroupCommand({
        Name: 'drawbridge-production_shop',
        Scope: 'REGIONAL',
        Id: id,
        LockToken: lockToken,
      }),
    );
    await env.createRuleGroup('REGIONAL', 'eu-west-1');
    expect(await operate(env.deps, requestOf({ action: 'exit' }))).toMatchObject({ state: 'accepted' });
  });

  it('sent twice runs once and gives the stored answer', async () => {
    await open();
    const request = requestOf();
    const first = await operate(env.deps, request);
    env.wafCalls();
    expect(await operate(env.deps, request)).toEqual(first);
    expect(env.wafCalls()).toEqual([]);
    expect(await audit()).toHaveLength(1);
  });

  it('sent twice at once runs once', async () => {
    await open();
    const request = requestOf();
    const both = await Promise.all([operate(env.deps, request), operate(env.deps, request)]);
    expect(both.map(({ revision }) => revision)).toEqual([1, 1]);
    expect(await audit()).toHaveLength(1);
  });

  it('gets its stored answer long after its requestedAt went stale', async () => {
    await open();
    const request = requestOf();
    await operate(env.deps, request);
    env.clock.now += 3_600_000;
    expect(await operate(env.deps, request)).toMatchObject({ state: 'accepted' });
  });

  it('for a service that is already so writes nothing, succeeds, and keeps the revision', async () => {
    await open();
    await operate(env.deps, requestOf());
    env.wafCalls();
    expect(await operate(env.deps, requestOf())).toMatchObject({ state: 'accepted', changed: false, revision: 1 });
    expect(writes()).toEqual([]);
    expect(await audit()).toHaveLength(2);
  });

  it('lets one more tester in when Enable allowlist is repeated with a new address', async () => {
    await open();
    await operate(env.deps, requestOf());
    await operate(env.deps, requestOf({ action: 'enable-allowlist' }));
    const again = await operate(env.deps, requestOf({ action: 'enable-allowlist', allowlist: ['2001:db8::7/128'] }));
    expect(again).toMatchObject({ changed: true, revision: 3, state: 'accepted' });
    expect(canonicalAllowlist((await env.ruleGroups.readSet(PLACE, 6)).value)).toEqual(['2001:db8::7/128']);
    expect((await env.ruleGroups.readSet(PLACE, 4)).value).toEqual(['192.0.2.0/28']);
  });

  it('puts an allowlist right into which somebody else wrote what we would refuse', async () => {
    await open();
    await operate(env.deps, requestOf());
    const set = await env.ruleGroups.readSet(PLACE, 4);
    await env.ruleGroups.writeSet(PLACE, 4, set, ['10.0.0.0/7']);
    expect(await operate(env.deps, requestOf({ action: 'enable-allowlist' }))).toMatchObject({ state: 'accepted' });
    expect((await env.ruleGroups.readSet(PLACE, 4)).value).toEqual(['192.0.2.0/28']);
  });

  it('fills the allowlist before the rules let anybody in', async () => {
    await open();
    await operate(env.deps, requestOf());
    env.wafCalls();
    await operate(env.deps, requestOf({ action: 'enable-allowlist' }));
    const order = env.waf
      .calls()
      .filter(({ region, operation }) => region === 'eu-west-1' && operation.startsWith('Update'));
    expect(order.slice(-2).map(({ operation }) => operation)).toEqual(['UpdateIPSet', 'UpdateRuleGroup']);
  });
});

describe('a refusal names what is wrong, changes nothing and is audited', () => {
  it.each([
    ['a person who is no operator', { requestedBy: 'intern@example.com' }, 'NOT_OPERATOR', OPERATOR],
    [
      'a request from six minutes ago',
      { requestedAt: new Date(NOW - 360_000).toISOString() },
      'STALE_REQUEST',
      'Set Go again',
    ],
    [
      'a request from the future',
      { requestedAt: new Date(NOW + 90_000).toISOString() },
      'FUTURE_REQUEST',
      'still to come',
    ],
    ['Enable allowlist while open', { action: 'enable-allowlist' }, 'ILLEGAL_MOVE', 'set Enter maintenance to Go'],
    ['a planned end that has passed', { plannedEnd: '2026-11-22T01:00:00Z' }, 'INVALID_FIELD', 'has passed'],
    ['a planned end for exit', { action: 'exit', plannedEnd: '2026-11-22T03:00:00Z' }, 'INVALID_FIELD', 'Leave it out'],
    ['an allowlist for enter', { allowlist: ['192.0.2.1/32'] }, 'INVALID_FIELD', 'enable-allowlist'],
  ] as const)('%s', async (_what, more, code, remedy) => {
    await open();
    const request = requestOf(more as object);
    expect(await refusal(request)).toMatchObject({ code, message: expect.stringContaining(remedy) });
    expect(await env.store.state('shop')).toMatchObject({ revision: 0, mode: 'normal', targets: [] });
    expect(env.wafCalls()).toEqual([]);
    expect(await audit()).toMatchObject([{ operationId: request.operationId, state: 'refused', problem: { code } }]);
  });

  it('an unknown service, with the known ones', async () => {
    await open();
    expect(await refusal(requestOf({ service: 'shpo' }))).toMatchObject({
      code: 'UNKNOWN_SERVICE',
      message: expect.stringContaining('shop'),
    });
    expect(await env.store.audit('(unknown)', '', 10)).toHaveLength(1);
  });

  it('an id that was used with other content, which stays as it was', async () => {
    await open();
    const request = requestOf();
    await operate(env.deps, request);
    expect(await refusal({ ...request, action: 'exit' })).toMatchObject({ code: 'ID_REUSED', field: 'operationId' });
    expect(await env.store.state('shop')).toMatchObject({ mode: 'maintenance' });
    expect(await audit()).toHaveLength(1);
  });

  it('the same refusal again for the same id, even when it would be legal by now', async () => {
    await open();
    const request = requestOf({ action: 'enable-allowlist' });
    expect(await refusal(request)).toMatchObject({ code: 'ILLEGAL_MOVE' });
    await operate(env.deps, requestOf());
    expect(await refusal(request)).toMatchObject({ code: 'ILLEGAL_MOVE' });
  });

  it('Enter while testers are in, as it would throw them out', async () => {
    await open();
    await operate(env.deps, requestOf());
    await operate(env.deps, requestOf({ action: 'enable-allowlist' }));
    expect(await refusal(requestOf())).toMatchObject({
      code: 'ILLEGAL_MOVE',
      message: expect.stringContaining('Disable allowlist to Go'),
    });
  });

  it('what was asked before the last thing that was done', async () => {
    await open();
    await operate(env.deps, requestOf());
    const late = requestOf({ action: 'exit', requestedAt: new Date(NOW - 30_000).toISOString() });
    expect(await refusal(late)).toMatchObject({ code: 'OVERTAKEN', message: expect.stringContaining('set Go again') });
  });

  it('nobody else because of a caller whose clock is fast', async () => {
    await open();
    await operate(env.deps, requestOf({ requestedAt: new Date(NOW + 50_000).toISOString() }));
    expect(await operate(env.deps, requestOf({ action: 'exit' }))).toMatchObject({ mode: 'normal' });
  });

  it('another sheet’s step while this one holds the service, unless it takes over', async () => {
    await open();
    await operate(env.deps, requestOf());
    const source = { kind: 'sheet', spreadsheetId: 'sheet-2', step: '9' } as const;
    const held = await refusal(requestOf({ action: 'exit', source }));
    expect(held).toMatchObject({ code: 'HELD_BY_OTHER', message: expect.stringMatching(/step 2.*step 9/s) });
    expect(await operate(env.deps, requestOf({ action: 'exit', source, takeOver: true }))).toMatchObject({
      mode: 'normal',
    });
  });

  it('Enable allowlist when there is nobody to let in', async () => {
    await open({ service: { allowlist: [] } });
    await operate(env.deps, requestOf());
    expect(await refusal(requestOf({ action: 'enable-allowlist' }))).toMatchObject({
      code: 'INVALID_FIELD',
      field: 'allowlist',
    });
  });
});

describe('others at the same time', () => {
  it('an operation that is committed and written while another one reads is not written over by it', async () => {
    await open();
    let isOvertaken = false;
    const store = {
      ...env.store,
      async states(services: readonly string[]) {
        const states = await env.store.states(services);
        // The first one has read what it wants, and stands still while the second one does all of its work.
        if (states.get('shop')?.mode === 'maintenance' && !isOvertaken) {
          isOvertaken = true;
          await operate(env.deps, requestOf({ action: 'exit' }));
        }
        return states;
      },
    };
    await operate({ ...env.deps, store }, requestOf()).catch(() => undefined);
    expect(isOvertaken).toBe(true);
    expect((await env.store.state('shop')).mode).toBe('normal');
    for (const place of [PLACE, { ...PLACE, scope: 'CLOUDFRONT', region: 'us-east-1' } as const]) {
      expect((await env.ruleGroups.read(place)).value.Rules ?? []).toEqual([]);
    }
  });

  it('somebody else’s update between our read and our write does not keep the site open', async () => {
    await open();
    const { read } = env.ruleGroups;
    let meddled = false;
    const ruleGroups = {
      ...env.ruleGroups,
      async read(place: Place) {
        const snapshot = await read(place);
        if (!meddled) {
          meddled = true;
          const { VisibilityConfig } = snapshot.value;
          const update = {
            Name: 'drawbridge-production_shop',
            Scope: place.scope,
            Id: snapshot.id,
            LockToken: snapshot.lockToken,
            Rules: [],
            VisibilityConfig,
          };
          await env.otherClient(place.region).send(new UpdateRuleGroupCommand(update));
        }
        return snapshot;
      },
    };
    const operation = await operate({ ...env.deps, ruleGroups }, requestOf());
    expect(operation.state).toBe('accepted');
    expect((await rules()).Rules?.length).toBeGreaterThan(0);
  });

  it('of two operations that race, the higher revision is the last write', async () => {
    await open();
    for (let round = 0; round < 10; round += 1) {
      const requestedAt = new Date(env.clock.now).toISOString();
      const both = await Promise.allSettled([
        operate(env.deps, requestOf({ requestedAt })),
        operate(env.deps, requestOf({ action: 'exit', requestedAt })),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
      const state = await env.store.state('shop');
      const isClosed = ((await rules()).Rules ?? []).length > 0;
      expect({ round, isClosed }).toEqual({ round, isClosed: state.mode === 'maintenance' });
      if (state.revision > 0) expect((await rules()).Description).toContain(`r${state.revision} `);
    }
  });

  it('an operation that another one overtakes before it was proven is superseded, by name', async () => {
    await open();
    const first = requestOf();
    await operate(env.deps, first);
    await operate(
      env.deps,
      requestOf({ action: 'exit', source: { kind: 'sheet', spreadsheetId: 'sheet-1', step: '8' } }),
    );
    expect(await env.store.operation(first.operationId)).toMatchObject({
      state: 'superseded',
      supersededBy: { step: '8' },
    });
    const states = (await audit()).map(({ operationId, state }) => [operationId === first.operationId, state]);
    expect(states).toEqual([
      [false, 'accepted'],
      [true, 'superseded'],
    ]);
  });
});

describe('when WAF does not take it', () => {
  it('says which rule group is missing, and drives on when it is there', async () => {
    await open({ bare: true });
    const logged: unknown[][] = [];
    const log = (...line: unknown[]) => void logged.push(line);
    const operation = await operate({ ...env.deps, log }, requestOf());
    expect(operation.state).toBe('pending');
    const said = expect.stringContaining('drawbridge-production_shop does not exist in REGIONAL/eu-west-1');
    const facts = { service: 'shop', target: 'REGIONAL/eu-west-1', code: 'RULE_GROUP_MISSING', said };
    expect(logged).toContainEqual(['warn', 'not taken', facts]);
    expect(operation.targets).toMatchObject([{ code: 'RULE_GROUP_MISSING' }, { code: 'RULE_GROUP_MISSING' }]);
    expect(operation.message).toContain('Do not start the deployment');
    await env.createRuleGroup('REGIONAL', 'eu-west-1');
    await env.createRuleGroup('CLOUDFRONT', 'us-east-1');
    env.clock.now += 60_000;
    await reconcile(env.deps);
    expect(await env.store.operation(operation.operationId)).toMatchObject({ state: 'accepted' });
  });

  it('waits for its turn when WAF is busy with others’ writes', async () => {
    await open({ quotas: { writesPerSecond: 1 } });
    const client = env.otherClient('eu-west-1');
    const { id, lockToken, value } = await env.ruleGroups.read(PLACE);
    const update = {
      Name: 'drawbridge-production_shop',
      Scope: 'REGIONAL',
      Id: id,
      LockToken: lockToken,
      VisibilityConfig: value.VisibilityConfig,
    } as const;
    await client.send(new UpdateRuleGroupCommand(update));
    expect(await operate(env.deps, requestOf())).toMatchObject({ state: 'accepted' });
    expect(env.waf.calls().some(({ error }) => error === 'ThrottlingException')).toBe(true);
  });

  it('keeps the other target closed when one region cannot be reached', async () => {
    await open();
    const ruleGroups = {
      ...env.ruleGroups,
      read: (place: Place) =>
        place.region === 'us-east-1'
          ? env.ruleGroups.read({ ...place, service: 'nobody' })
          : env.ruleGroups.read(place),
    };
    const operation = await operate({ ...env.deps, ruleGroups }, requestOf());
    expect(operation.state).toBe('pending');
    expect(operation.targets.map(({ target, state }) => [target, state])).toEqual([
      ['REGIONAL/eu-west-1', 'accepted'],
      ['CLOUDFRONT/us-east-1', 'pending'],
    ]);
    const { RuleGroup } = await env.otherClient('eu-west-1').send(
      new GetRuleGroupCommand({
        Name: 'drawbridge-production_shop',
        Scope: 'REGIONAL',
        Id: (await env.ruleGroups.read(PLACE)).id,
      }),
    );
    expect(RuleGroup?.Rules?.length).toBeGreaterThan(0);
  });
});
