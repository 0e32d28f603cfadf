import type { ServiceConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { verify } from '../../../../lambda/src/proof/verify.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { movePlannedEnds } from '../../../../lambda/src/rundown/planned-end.ts';
import { createTestEnvironment, NOW, OPERATOR, requestOf, type TestEnvironment } from '../../../builders.ts';
import { dieOnceAt } from '../../../memory-table.ts';

/** What the public is told of the end, moved by an operator: the same maintenance goes on. */

let env: TestEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment();
});
afterEach(() => env.close());

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const move = (minutes: number, { service = 'shop', spreadsheetId = 'sheet-1' } = {}) =>
  movePlannedEnds(env.deps, { spreadsheetId, ends: [{ service, plannedEnd: at(minutes), by: OPERATOR }] });
const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const rules = async () => JSON.stringify((await env.ruleGroups.read(PLACE)).value);
const audit = async () => (await env.store.audit('shop', '', 100)).filter(({ kind }) => kind === 'replan');
const plannedEnd = async () => (await env.store.state('shop')).plannedEnd;

describe('a planned end that moves', () => {
  it('does not begin a fight anew that a person has to end', async () => {
    await operate(env.deps, requestOf());
    for (const _minute of [1, 2]) {
      const group = await env.ruleGroups.read(PLACE);
      await env.ruleGroups.write(PLACE, group, { ...group.value, Rules: [], CustomResponseBodies: {} } as never);
      env.clock.now += 60_000;
      await reconcile(env.deps);
    }
    const before = await rules();
    await move(90);
    env.clock.now += 60_000;
    await reconcile(env.deps);
    expect(await rules()).toBe(before);
    expect(await env.store.state('shop')).toMatchObject({ plannedEnd: at(90), drift: [{ state: 'contested' }] });
  });

  it('moves what the public is told, without a new revision, and the audit names the person', async () => {
    await operate(env.deps, requestOf({ plannedEnd: at(60) }));
    await move(90);
    expect(await env.store.state('shop')).toMatchObject({ revision: 1, plannedEnd: at(90) });
    expect(await rules()).toContain(new Date(at(90)).toUTCString());
    expect(await rules()).toContain('Sun, 22 Nov 2026, 03:30 UTC');
    expect(await rules()).not.toContain('03:00');
    expect(await audit()).toMatchObject([{ revision: 1, by: OPERATOR, source: { spreadsheetId: 'sheet-1' } }]);
  });

  it('leaves the operation’s proof alone, whether it is under way or done', async () => {
    const request = requestOf({ plannedEnd: at(60) });
    await operate(env.deps, request);
    env.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r1' });
    const shop = env.deps.config.services[0] as ServiceConfig;
    await verify(env.deps, shop);
    const { proof } = await env.store.state('shop');
    await move(90);
    expect((await env.store.state('shop')).proof).toEqual(proof);
    env.clock.now += 11_000;
    await verify(env.deps, shop);
    await move(91);
    expect(await env.store.operation(request.operationId)).toMatchObject({ state: 'verified' });
  });

  it('is not moved a second time: nothing written to WAF, nothing audited', async () => {
    await operate(env.deps, requestOf({ plannedEnd: at(60) }));
    await move(90);
    env.wafCalls();
    await move(90);
    expect(env.wafCalls()).toEqual([]);
    expect(await audit()).toHaveLength(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['that has passed', () => move(-1)],
    ['more than 30 days ahead', () => move(31 * 24 * 60)],
    ['of a service that is unknown', () => move(90, { service: 'Shpo!' })],
    ['of a service that another sheet holds', () => move(90, { spreadsheetId: 'sheet-2' })],
  ])('%s is not applied', async (_what, moving) => {
    await operate(env.deps, requestOf({ plannedEnd: at(60) }));
    await moving();
    expect(await plannedEnd()).toBe(at(60));
    expect(await audit()).toEqual([]);
  });

  it('of a service that is open is not applied', async () => {
    await operate(env.deps, requestOf());
    await operate(env.deps, requestOf({ action: 'exit' }));
    await move(90);
    expect(await plannedEnd()).toBeUndefined();
    expect(await audit()).toEqual([]);
  });

  it('is audited even if the execution dies right after it was committed', async () => {
    await operate(env.deps, requestOf({ plannedEnd: at(60) }));
    dieOnceAt(env.table, /^commit/, 'after');
    await expect(move(90)).rejects.toThrow('died');
    expect(await audit()).toHaveLength(1);
    await reconcile(env.deps);
    expect(await audit()).toHaveLength(1);
  });
});
