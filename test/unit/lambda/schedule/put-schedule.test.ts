import type { ServiceConfig } from '../../../../config/schema.ts';
import type { ScheduleBody, ScheduledStep, ScheduleResponse } from '../../../../contract/schedule.ts';
import type { ApiDependencies } from '../../../../lambda/src/api/dependencies.ts';
import { answer } from '../../../../lambda/src/api/routes.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { verify } from '../../../../lambda/src/proof/verify.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { createHouse, diesAt, type House, NOW, OPERATOR, requestOf } from '../../../builders.ts';

let house: House;
beforeEach(async () => {
  house = await createHouse();
});
afterEach(() => house.close());

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
let ids = 0;
const step = (more: Partial<ScheduledStep> = {}): ScheduledStep => {
  ids += 1;
  const operationId = `op-armed-${ids}`;
  const { action, plannedStart, requestedBy } = {
    action: 'enter' as const,
    plannedStart: at(30),
    requestedBy: OPERATOR,
  };
  return { operationId, step: '2', service: 'shop', action, plannedStart, requestedBy, ...more };
};

async function put(body: object, store = house.store): Promise<{ statusCode: number; body: ScheduleResponse }> {
  const checked: string[] = [];
  const deps: ApiDependencies = {
    ...house.deps,
    store,
    checkToken: async (_token, scope) => {
      checked.push(scope);
    },
    log: () => undefined,
  };
  const whole = { spreadsheetId: 'sheet-1', steps: [], ends: [], ...body } satisfies ScheduleBody;
  const told = await answer(deps, { routeKey: 'PUT /schedule', body: JSON.stringify(whole) });
  expect(checked).toEqual(['drawbridge/operate']);
  return { statusCode: told.statusCode, body: JSON.parse(told.body) };
}

const PLACE = { service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const rules = async () => JSON.stringify((await house.ruleGroups.read(PLACE)).value);
const audit = async (kind: string) => (await house.store.audit('shop', '', 100)).filter((entry) => entry.kind === kind);

describe('a schedule', () => {
  it('is remembered with the time it came, until the sheet takes it away', async () => {
    const { body } = await put({ steps: [step()] });
    expect(body).toMatchObject({ spreadsheetId: 'sheet-1', steps: 1, conflicts: [], ends: [] });
    house.clock.now = NOW + 300_000;
    await put({ steps: [step(), step()] });
    const [only, ...others] = await house.store.schedules();
    expect(others).toEqual([]);
    expect(only?.schedule).toMatchObject({ at: at(5), steps: [{}, {}] });
    await put({});
    expect(await house.store.schedules()).toEqual([]);
  });

  it('with more than a hundred steps, or a time that is none, is refused with the field', async () => {
    const many = Array.from({ length: 101 }, () => step());
    expect(await put({ steps: many })).toMatchObject({ statusCode: 400, body: { field: 'steps' } });
    const wrong = [step(), step({ plannedStart: 'tonight' })];
    expect(await put({ steps: wrong })).toMatchObject({ statusCode: 400, body: { field: 'steps[1].plannedStart' } });
    expect(await house.store.schedules()).toEqual([]);
  });
});

describe('a conflict is told when a step is armed', () => {
  const conflict = async (armed: ScheduledStep) => {
    const { conflicts } = (await put({ steps: [armed] })).body;
    expect(conflicts.map(({ operationId }) => operationId)).toEqual([armed.operationId]);
    return conflicts[0]?.message;
  };

  it('by somebody who is no operator', async () => {
    expect(await conflict(step({ requestedBy: 'intern@example.com' }))).toMatch(
      /intern@example.com.*no(t an)? operator/,
    );
  });

  it('on a service that is unknown, with the known ones', async () => {
    expect(await conflict(step({ service: 'Shpo!' }))).toContain('There are: shop');
  });

  it('on a service that another sheet holds', async () => {
    await operate(house.deps, requestOf({ source: { kind: 'sheet', spreadsheetId: 'sheet-2', step: '9' } }));
    expect(await conflict(step({ action: 'exit' }))).toMatch(/another release sheet.*step 9.*step 2/s);
  });

  it('on a service for which another sheet has armed a step within 15 minutes, naming both', async () => {
    const theirs = step({ step: '7', plannedStart: at(45), requestedBy: 'other@example.com' });
    await put({ spreadsheetId: 'sheet-2', steps: [theirs] });
    expect(await conflict(step())).toMatch(/step 7.*02:45 UTC.*other@example.com.*step 2.*02:30 UTC/s);
  });

  it.each([
    ['a step of another sheet that is sixteen minutes away', { plannedStart: at(46) }],
    ['a step of another sheet on another service', { service: 'payments' }],
  ])('but not because of %s', async (_what, theirs) => {
    await put({ spreadsheetId: 'sheet-2', steps: [step(theirs)] });
    expect((await put({ steps: [step()] })).body.conflicts).toEqual([]);
  });

  it('but not because of the sheet’s own steps, nor because it holds the service itself', async () => {
    await operate(house.deps, requestOf());
    expect((await put({ steps: [step(), step({ action: 'exit' })] })).body.conflicts).toEqual([]);
  });
});

describe('a planned end that moves', () => {
  it('does not begin a fight anew that a person has to end', async () => {
    await operate(house.deps, requestOf({ source: { kind: 'sheet', spreadsheetId: 'sheet-1', step: '2' } }));
    for (const _minute of [1, 2]) {
      const group = await house.ruleGroups.read(PLACE);
      await house.ruleGroups.write(PLACE, group, { ...group.value, Rules: [], CustomResponseBodies: {} } as never);
      house.clock.now += 60_000;
      await reconcile(house.deps);
    }
    const before = await rules();
    const { body } = await put({ ends: [{ service: 'shop', plannedEnd: at(90) }] });
    expect(body.ends).toEqual([
      { service: 'shop', plannedEnd: at(90), applied: false, why: expect.stringContaining('keeps the old time') },
    ]);
    house.clock.now += 60_000;
    await reconcile(house.deps);
    expect(await rules()).toBe(before);
    expect(await house.store.state('shop')).toMatchObject({ plannedEnd: at(90), drift: [{ state: 'contested' }] });
  });

  const ends = (minutes: number, service = 'shop') => [{ service, plannedEnd: at(minutes) }];

  it('moves what the public is told, without a new revision', async () => {
    await operate(house.deps, requestOf({ plannedEnd: at(60) }));
    const { body } = await put({ ends: ends(90) });
    expect(body.ends).toEqual([{ service: 'shop', plannedEnd: at(90), applied: true }]);
    expect(await house.store.state('shop')).toMatchObject({ revision: 1, plannedEnd: at(90) });
    expect(await rules()).toContain(new Date(at(90)).toUTCString());
    expect(await rules()).toContain('We expect to be back at 03:30 UTC');
    expect(await rules()).not.toContain('03:00');
    expect(await audit('replan')).toMatchObject([{ revision: 1, source: { spreadsheetId: 'sheet-1' } }]);
  });

  it('leaves the operation’s proof alone, whether it is under way or done', async () => {
    const request = requestOf({ plannedEnd: at(60) });
    await operate(house.deps, request);
    house.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r1' });
    const shop = house.deps.config.services[0] as ServiceConfig;
    await verify(house.deps, shop);
    const { proof } = await house.store.state('shop');
    await put({ ends: ends(90) });
    expect((await house.store.state('shop')).proof).toEqual(proof);
    house.clock.now += 11_000;
    await verify(house.deps, shop);
    await put({ ends: ends(91) });
    expect(await house.store.operation(request.operationId)).toMatchObject({ state: 'verified' });
  });

  it('is not moved a second time by a resend: nothing written to WAF, nothing audited', async () => {
    await operate(house.deps, requestOf({ plannedEnd: at(60) }));
    await put({ ends: ends(90) });
    house.wafCalls();
    const { body } = await put({ ends: ends(90) });
    expect(body.ends).toMatchObject([{ applied: true }]);
    expect(house.wafCalls()).toEqual([]);
    expect(await audit('replan')).toHaveLength(1);
  });

  it.each([
    ['that has passed', async () => ends(-1), 'has passed'],
    ['more than 30 days ahead', async () => ends(31 * 24 * 60), '30 days'],
    ['of a service that is unknown', async () => ends(90, 'shpo'), 'shpo'],
    [
      'of a service that is open',
      async () => {
        await operate(house.deps, requestOf({ action: 'exit' }));
        return ends(90);
      },
      'open',
    ],
    [
      'of a service that another sheet holds',
      async () => {
        const source = { kind: 'sheet', spreadsheetId: 'sheet-2', step: '9' } as const;
        await operate(house.deps, requestOf({ source, takeOver: true, plannedEnd: at(60) }));
        return ends(90);
      },
      'not held by this release sheet',
    ],
  ])('%s is not applied, and the answer says why', async (_what, prepare, why) => {
    await operate(house.deps, requestOf({ plannedEnd: at(60) }));
    const asked = await prepare();
    const before = await house.store.state('shop');
    const { body } = await put({ ends: asked });
    expect(body.ends).toMatchObject([{ applied: false, why: expect.stringContaining(why) }]);
    expect((await house.store.state('shop')).plannedEnd).toBe(before.plannedEnd);
    expect(await audit('replan')).toEqual([]);
  });

  it('is audited even if the execution dies right after it was committed', async () => {
    await operate(house.deps, requestOf({ plannedEnd: at(60) }));
    expect(await put({ ends: ends(90) }, diesAt(house.store, 'putAudit'))).toMatchObject({ statusCode: 500 });
    expect(await audit('replan')).toEqual([]);
    await put({ ends: ends(90) });
    expect(await audit('replan')).toHaveLength(1);
    expect((await house.store.state('shop')).events).toEqual([]);
  });
});

it('GET /services counts what is armed for each service, in all sheets', async () => {
  await put({ steps: [step(), step()] });
  await put({ spreadsheetId: 'sheet-2', steps: [step({ service: 'payments' })] });
  const deps: ApiDependencies = { ...house.deps, checkToken: async () => {}, log: () => undefined };
  const { services } = JSON.parse((await answer(deps, { routeKey: 'GET /services' })).body);
  const armed = services.map((one: { service: string; armed: number }) => [one.service, one.armed]);
  expect(Object.fromEntries(armed)).toMatchObject({ shop: 2 });
});
