import type { ApiDependencies } from '../../../../lambda/src/api/dependencies.ts';
import { createPublicStatus, publicServices } from '../../../../lambda/src/api/public-status.ts';
import { answer } from '../../../../lambda/src/api/routes.ts';
import { NEVER_OPERATED, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { createTestEnvironment, environmentOf, NOW, requestOf, type TestEnvironment } from '../../../builders.ts';

/** What anybody may ask, and what they never learn. */

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const one = environmentOf();
const [shop] = one.services;
if (!shop) throw new Error('The test needs a service.');
const config = {
  ...one,
  services: [shop, { ...shop, name: 'payments' }, { ...shop, name: 'backoffice' }],
  groups: [{ name: 'front', services: ['shop', 'payments'] }],
  publicStatus: ['shop', 'payments'],
};
const operation = (action: 'enter' | 'exit' | 'enable-allowlist'): ServiceState['operation'] => ({
  request: requestOf({ action }),
  fingerprint: '',
  committedAt: at(0),
  changed: true,
});
const ACCEPTED = [{ target: 'REGIONAL/eu-west-1', state: 'accepted' as const }];
const PENDING = [{ target: 'REGIONAL/eu-west-1', state: 'pending' as const }];
const CLOSED = { mode: 'maintenance', targets: ACCEPTED, since: at(-30), kept: shop } as const;

const told = (state: Partial<ServiceState>) => {
  const states = new Map([['shop', { ...NEVER_OPERATED, ...state }]]);
  const { service: _service, title: _title, ...rest } = publicServices(config, states, [], NOW)[0] ?? {};
  return rest;
};

it.each<[string, Partial<ServiceState>, object]>([
  ['nobody ever closed it', {}, { state: 'open' }],
  ['it is closed', CLOSED, { state: 'closed' }],
  ['testers are let in', { ...CLOSED, mode: 'maintenance-allowlist' }, { state: 'closed' }],
  [
    'its end is planned',
    { ...CLOSED, plannedEnd: at(60) },
    {
      state: 'closed-planned',
      plannedEnd: at(60),
    },
  ],
  ['it should have opened by now', { ...CLOSED, plannedEnd: at(0) }, { state: 'closed' }],
  [
    'not every firewall has closed it yet',
    { ...CLOSED, targets: PENDING, since: at(0), operation: operation('enter') },
    { state: 'open' },
  ],
  [
    'it is closed, and closed once more',
    { ...CLOSED, targets: PENDING, operation: operation('enter') },
    { state: 'closed' },
  ],
  [
    'testers are being let in',
    {
      ...CLOSED,
      mode: 'maintenance-allowlist',
      targets: PENDING,
      since: at(0),
      operation: operation('enable-allowlist'),
    },
    { state: 'closed' },
  ],
  [
    'not every firewall has opened it yet',
    { mode: 'normal', targets: PENDING, since: at(0), kept: shop, operation: operation('exit') },
    { state: 'closed' },
  ],
  [
    'it is being opened before its planned end',
    { mode: 'normal', targets: PENDING, since: at(0), kept: shop, plannedEnd: at(60), operation: operation('exit') },
    { state: 'closed' },
  ],
  [
    'it is open, and opened once more',
    { mode: 'normal', targets: PENDING, operation: operation('exit') },
    { state: 'open' },
  ],
  [
    'it is open again',
    { mode: 'normal', targets: ACCEPTED, kept: shop, operation: operation('exit') },
    { state: 'open' },
  ],
])('says what the public meets when %s', (_when, state, expected) => {
  expect(told(state)).toEqual(expected);
});

describe('the time at which it will close', () => {
  const step = (more: object) => ({
    ...{ operationId: 'production-0000000a', step: '2', service: 'shop', requestedBy: 'release.manager@example.com' },
    ...{ action: 'enter' as const, plannedStart: at(30), ...more },
  });
  const closings = (...steps: object[]) => {
    const sheet = { spreadsheetId: 'sheet-1', name: 'Release 42', heardAt: '', hasIntents: false };
    const services = publicServices(config, new Map(), [{ ...sheet, armed: steps.map(step) }], NOW);
    return services.map(({ service, closesAt }) => [service, closesAt]);
  };

  it.each<[string, object[], string | undefined, string | undefined]>([
    ['is that of the next armed step that closes it', [{ plannedStart: at(90) }, {}], at(30), undefined],
    ['is that of its group, too', [{ service: 'front' }], at(30), at(30)],
    ['is not that of a step that opens it', [{ action: 'exit' }], undefined, undefined],
    ['is not that of a step that lets testers in', [{ action: 'enable-allowlist' }], undefined, undefined],
    ['is not told when it is past', [{ plannedStart: at(0) }], undefined, undefined],
    ['is not told of what the config does not list', [{ service: 'backoffice' }], undefined, undefined],
  ])('%s', (_what, steps, ofShop, ofPayments) => {
    expect(closings(...steps)).toEqual([
      ['shop', ofShop],
      ['payments', ofPayments],
    ]);
  });

  it('is not told of what is closed already', () => {
    const sheet = { spreadsheetId: 'sheet-1', name: '', heardAt: '', hasIntents: false, armed: [step({})] };
    const states = new Map([['shop', { ...NEVER_OPERATED, ...CLOSED }]]);
    expect(publicServices(config, states, [sheet], NOW)[0]).toEqual({
      service: 'shop',
      title: 'Shop',
      state: 'closed',
    });
  });
});

describe('GET /public/status', () => {
  let env: TestEnvironment;
  beforeEach(async () => {
    env = await createTestEnvironment();
  });
  afterEach(() => env.close());

  const ask = (publicStatus: ApiDependencies['publicStatus']) => {
    const checkToken: ApiDependencies['checkToken'] = async () => {
      throw new Error('A token was asked for.');
    };
    const event = { routeKey: 'GET /public/status' };
    return answer({ ...env.deps, checkToken, ...(publicStatus ? { publicStatus } : {}) }, event);
  };
  const open = () => createPublicStatus({ ...env.deps, config: { ...env.deps.config, publicStatus: ['shop'] } });
  const table = () => {
    let reads = 0;
    env.table.meanwhile = (_what, side) => {
      if (side === 'before') reads += 1;
    };
    return () => reads;
  };

  it('is answered without a token, to every origin, to be kept for half a minute', async () => {
    const { statusCode, headers, body } = await ask(open());
    expect([statusCode, JSON.parse(body)]).toEqual([
      200,
      { services: [{ service: 'shop', title: 'Shop', state: 'open' }] },
    ]);
    expect(headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'public, max-age=30',
      'access-control-allow-origin': '*',
    });
  });

  it('tells no person, no sheet, no operation and no proof', async () => {
    await operate(env.deps, requestOf({ requestedAt: at(0), plannedEnd: at(60) }));
    const { body } = await ask(open());
    expect(JSON.parse(body)).toEqual({
      services: [{ service: 'shop', title: 'Shop', state: 'closed-planned', plannedEnd: at(60) }],
    });
  });

  it('is not there where the config opens it for no service', async () => {
    expect(await ask(undefined)).toMatchObject({ statusCode: 404 });
  });

  it('reads the table once in five seconds, however often it is asked', async () => {
    const status = open();
    const reads = table();
    await status();
    const once = reads();
    expect(once).toBeGreaterThan(0);
    env.clock.now += 4_999;
    for (let index = 0; index < 100; index += 1) await status();
    expect(reads()).toBe(once);
    env.clock.now += 1;
    await status();
    expect(reads()).toBe(2 * once);
  });

  it('says that it does not know when the table is away, asks no oftener then, and comes back by itself', async () => {
    const status = open();
    let tries = 0;
    const rundowns = {
      waiting: async () => {
        tries += 1;
        throw new Error('the table is away');
      },
    };
    const blind = createPublicStatus({ ...env.deps, config, rundowns });
    for (let index = 0; index < 3; index += 1) {
      expect(await ask(blind)).toMatchObject({ statusCode: 500, headers: { 'cache-control': 'no-store' } });
    }
    expect(tries).toBe(1);
    env.clock.now += 5_000;
    await ask(blind);
    expect(tries).toBe(2);
    expect(await ask(status)).toMatchObject({ statusCode: 200 });
  });
});
