import { operate } from '../../../lambda/src/operate/operate.ts';
import { createRuleGroupStore } from '../../../lambda/src/waf/rule-groups.ts';
import { type Listening, listen } from '../../../local/http-server.ts';
import { EXIT, execute } from '../../../ops/command.ts';
import { type DrawbridgeDependencies, drawbridgeCommand } from '../../../ops/drawbridge-command.ts';
import { createTestEnvironment, NOW, requestOf, type TestEnvironment } from '../../builders.ts';
import { createVirtualTime } from '../../virtual-time.ts';
import { awsError, BUILT } from './aws.ts';
import { fakeTerminal } from './terminal.ts';

let env: TestEnvironment;
let deps: DrawbridgeDependencies;
beforeEach(async () => {
  env = await createTestEnvironment();
  deps = {
    ...env.deps,
    ruleGroups: env.ruleGroups,
    readBuiltConfig: async () => BUILT,
    credentials: async () => ({ accessKeyId: 'production', secretAccessKey: 'local' }),
    apiUrl: async () => 'http://127.0.0.1:1',
    callerIdentity: async () => ({ arn: 'arn:aws:iam::111122223333:user/on-call', skewMs: 0 }),
  };
});
afterEach(() => env.close());

async function drawbridge(args: string[], types = '') {
  const terminal = fakeTerminal(types);
  const code = await execute(drawbridgeCommand(deps), args, terminal);
  return { code, text: terminal.text(), ...terminal.lines };
}
const HERE = ['--environment', 'production'];
const WHY = [...HERE, '--reason', 'the API is down'];
const writes = () => env.wafCalls().filter((call) => call.startsWith('Update'));

it.each([
  ['no environment', ['status'], '--environment'],
  ['no reason', ['enter', 'shop', ...HERE], '--reason'],
  ['an action that is none', ['toggle', 'shop', ...WHY], 'enter, enable-allowlist'],
  ['no service', ['enter', ...WHY], 'one service'],
  ['disarming without a reason', ['disarm', ...HERE], '--reason'],
  ['an API without TLS', ['status', ...HERE, '--api-url', 'http://api.example.com'], 'https'],
  ['testers without the API', ['enable-allowlist', 'shop', ...WHY, '--direct'], 'enter and exit'],
  ['taking over without the API', ['enter', 'shop', ...WHY, '--direct', '--take-over'], '--take-over'],
  ['a plan that has passed', ['enter', 'shop', ...WHY, '--direct', '--planned-end', '2020-01-01T00:00:00Z'], 'ahead'],
  ['a plan for an opening', ['exit', 'shop', ...WHY, '--direct', '--planned-end', '2030-01-01T00:00:00Z'], 'exit'],
  ['an address that is none', ['enable-allowlist', 'shop', ...WHY, '--allow', 'office'], 'allowlist[0]'],
  ['a plan that the API would not read', ['enter', 'shop', ...WHY, '--planned-end', 'soon'], 'plannedEnd'],
  ['a plan that is no time', ['enter', 'shop', ...WHY, '--direct', '--planned-end', 'soon'], 'ahead'],
])('does not understand %s, and says what is right', async (_what, args, remedy) => {
  const { code, text } = await drawbridge([...args, ...(args.includes('status') ? [] : ['--yes'])]);
  expect(code).toBe(EXIT.usage);
  expect(text).toContain(remedy);
  expect(writes()).toEqual([]);
});

it('names the services that there are', async () => {
  expect(await drawbridge(['enter', 'shp', ...WHY])).toMatchObject({
    code: 1,
    text: 'There is no service "shp". There are: shop.',
  });
});

it.each([[[]], [['--direct']]])('does nothing until the service’s name is typed (%j)', async (more) => {
  const { code, asked } = await drawbridge(['enter', 'shop', ...WHY, ...more], 'y');
  expect(code).toBe(EXIT.failed);
  expect(asked).toEqual([expect.stringContaining('Shop in production, for everybody. Type shop')]);
  expect(writes()).toEqual([]);
});

it('closes directly when the name is typed, and claims no proof', async () => {
  const { code, text } = await drawbridge(['enter', 'shop', ...WHY, '--direct'], 'shop');
  expect(code).toBe(EXIT.notProven);
  expect(text).toContain('✓ REGIONAL/eu-west-1');
  expect(text).toContain('Nothing is proven');
  expect(text).toContain('reconciler adopts this as written by arn:aws:iam::111122223333:user/on-call');
  expect(writes()).toEqual(['UpdateRuleGroup']);
});

it('says that it is not all there when a target could not be written', async () => {
  const bare = await createTestEnvironment({ bare: true });
  deps = { ...deps, ruleGroups: bare.ruleGroups };
  const { code, text } = await drawbridge(['enter', 'shop', ...WHY, '--direct', '--yes']);
  await bare.close();
  expect(code).toBe(EXIT.failed);
  expect(text).toContain('✗ REGIONAL/eu-west-1: not written');
  expect(text).toContain('RULE_GROUP_MISSING');
});

it('rehearses a direct write without writing', async () => {
  const { code, text } = await drawbridge(['exit', 'shop', ...WHY, '--direct', '--dry-run']);
  expect(code).toBe(EXIT.done);
  expect(text).toContain('Exit maintenance would open Shop to everyone (1 target)');
  expect(text).toContain('1 of 1 probe answers 200 now. Nothing was changed.');
  expect(writes()).toEqual([]);
});

it('tells of a direct write that would not fit, or that nobody could prove, with the remedy', async () => {
  const bare = await createTestEnvironment({ bare: true });
  deps = { ...deps, ruleGroups: bare.ruleGroups, probe: async () => ({ kind: 'unknown', why: 'ENOTFOUND' }) };
  const { code, text } = await drawbridge(['enter', 'shop', ...WHY, '--direct', '--dry-run']);
  await bare.close();
  expect(code).toBe(EXIT.failed);
  expect(text).toContain('drawbridge-production_shop does not exist in REGIONAL/eu-west-1. Deploy its stack.');
  expect(text).toContain('gives no answer (ENOTFOUND)');
});

describe('what the config has lost while it was closed', () => {
  beforeEach(async () => {
    await operate(env.deps, requestOf());
    const { production } = BUILT.config.environments;
    const services = production?.services.map((one) => ({ ...one, name: 'payments' })) ?? [];
    const config = { ...BUILT.config, environments: { production: { ...production, services } } } as never;
    deps = { ...deps, readBuiltConfig: async () => ({ ...BUILT, config }) };
    env.wafCalls();
  });
  const rules = async (scope: 'REGIONAL' | 'CLOUDFRONT', region: string) =>
    ((await env.ruleGroups.read({ environment: 'production', service: 'shop', scope, region })).value.Rules ?? [])
      .length;

  it('is opened directly, wherever the config has a place, and where the person says', async () => {
    const { code, text } = await drawbridge(['exit', 'shop', ...WHY, '--direct', '--yes']);
    expect([code, await rules('REGIONAL', 'eu-west-1')]).toEqual([EXIT.notProven, 0]);
    expect(text).toContain('✓ REGIONAL/eu-west-1');
    expect(await rules('CLOUDFRONT', 'us-east-1')).toBeGreaterThan(0);
    await drawbridge(['exit', 'shop', ...WHY, '--direct', '--yes', '--target', 'CLOUDFRONT/us-east-1']);
    expect(await rules('CLOUDFRONT', 'us-east-1')).toBe(0);
  });

  it('is not closed again', async () => {
    const { code, text } = await drawbridge(['enter', 'shop', ...WHY, '--direct', '--yes']);
    expect([code, text, writes()]).toEqual([1, 'There is no service "shop". There are: payments.', []]);
  });

  it('that is nowhere is said to be nowhere', async () => {
    const { code, text } = await drawbridge(['exit', 'shp', ...WHY, '--direct', '--yes']);
    expect([code, writes()]).toEqual([1, []]);
    expect(text).toContain('there is no rule group drawbridge-production_shp in REGIONAL/eu-west-1');
  });

  it.each([
    [['exit', 'shop', '--direct', '--target', 'eu-west-1'], 'a scope and a region'],
    [['exit', 'shop', '--target', 'REGIONAL/eu-west-1'], '--target means something only'],
    [['exit', 'payments', '--direct', '--target', 'REGIONAL/eu-west-1'], '--target means something only'],
  ])('%j is not understood', async (args, remedy) => {
    const { code, text } = await drawbridge([...args, ...WHY, '--yes']);
    expect(code).toBe(EXIT.usage);
    expect(text).toContain(remedy);
  });
});

it('tells the way around an API that is down', async () => {
  const { code, text } = await drawbridge(['enter', 'shop', ...WHY, '--yes']);
  expect(code).toBe(EXIT.failed);
  expect(text).toContain('--direct');
  expect(writes()).toEqual([]);
});

it('tells what stands in the firewall when there is no API to ask', async () => {
  const before = await drawbridge(['status', ...HERE, '--direct']);
  expect(before.out).toEqual([
    expect.stringContaining('Shop, REGIONAL/eu-west-1: no rules, so nothing is closed here'),
  ]);
  await drawbridge(['enter', 'shop', ...WHY, '--direct', '--yes']);
  const { code, out } = await drawbridge(['status', ...HERE, '--direct']);
  expect(code).toBe(EXIT.done);
  expect(out.join()).toMatch(/[34] rules; the group says "drawbridge direct maintenance at .* by arn:aws:iam/);
});

it('reads a hundred services at WAF’s pace, again where it is busy, and says which it could not read', async () => {
  const { production } = BUILT.config.environments;
  const [shop] = production?.services ?? [];
  if (!production || !shop) throw new Error('the config has no service');
  const names = Array.from({ length: 100 }, (_none, at) => `service-${at}`);
  const services = names.map((name) => ({ ...shop, name, title: name }));
  const many = { ...BUILT, config: { ...BUILT.config, environments: { production: { ...production, services } } } };
  const time = createVirtualTime(NOW);
  const at: number[] = [];
  let busy = 3;
  const send = async ({ input }: { input: { Id?: string } }) => {
    if (!input.Id)
      return {
        RuleGroups: names.map((name) => ({ Name: `drawbridge-production_${name}`, Id: name, ARN: `arn:${name}` })),
      };
    at.push(time.now());
    busy -= 1;
    if (busy >= 0) throw awsError('ThrottlingException');
    if (input.Id === 'service-42') throw awsError('AccessDeniedException', 'not yours');
    return { RuleGroup: { Rules: [], Description: '' }, LockToken: 'token' };
  };
  const ruleGroups = createRuleGroupStore(time, () => ({ send }) as never);
  deps = { ...deps, ...time, ruleGroups, readBuiltConfig: async () => many };
  const { code, out, notes } = await time.run(() => drawbridge(['status', ...HERE, '--direct']));
  expect(code).toBe(EXIT.failed);
  expect(out).toHaveLength(100);
  expect(notes).toContain('Not read, so not known: service-42 (REGIONAL/eu-west-1).');
  for (const one of at) expect(at.filter((other) => other >= one && other < one + 1_000).length).toBeLessThanOrEqual(5);
});

it('can do without the stack’s outputs: who may break the glass may not be allowed to read them', async () => {
  deps = { ...deps, apiUrl: () => Promise.reject(awsError('AccessDenied', 'not authorized')) };
  expect((await drawbridge(['status', ...HERE])).text).toContain('--api-url');
  deps = { ...deps, apiUrl: () => Promise.reject(awsError('CredentialsProviderError')) };
  expect((await drawbridge(['status', ...HERE])).text).not.toContain('--api-url');
});

describe('over an API that answers', () => {
  let server: Listening;
  let asked: string[];
  const ENTRY = {
    service: 'shop',
    revision: 3,
    operationId: 'op-1',
    kind: 'operation',
    at: '2026-11-22T02:00:00.000Z',
  };
  const STEP = { kind: 'sheet', spreadsheetId: 'sheet-1', step: '2' };
  const ANSWERS: Record<string, object> = {
    'POST /break-glass/disarm': { environment: 'production', steps: 12, sheets: 3 },
    'GET /audit?since=2026-11-22T00%3A00%3A00Z': {
      environment: 'production',
      isCut: true,
      entries: [
        { ...ENTRY, by: 'duty.manager@example.com', source: STEP, message: 'Closed.' },
        { ...ENTRY, by: 'arn:on-call', source: { kind: 'break-glass' }, message: 'Opened.', reason: 'sheet down' },
      ],
    },
  };
  beforeEach(async () => {
    asked = [];
    server = await listen(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const what = `${request.method} ${request.url}`;
      asked.push(`${what} ${body}`.trim());
      response.end(JSON.stringify(ANSWERS[what] ?? {}));
    });
    deps = { ...deps, apiUrl: async () => server.url };
  });
  afterEach(() => server.close());

  it('disarms every sheet once the environment’s name is typed, and says how much that was', async () => {
    expect((await drawbridge(['disarm', ...WHY], 'yes')).code).toBe(EXIT.failed);
    expect(asked).toEqual([]);
    const { code, out } = await drawbridge(['disarm', ...WHY], 'production');
    expect(code).toBe(EXIT.done);
    expect(out).toEqual([expect.stringContaining('12 steps in 3 release sheets will not run by the clock any more')]);
    expect(asked).toEqual(['POST /break-glass/disarm {"reason":"the API is down"}']);
  });

  it('rehearses without asking, and fails where something would go wrong', async () => {
    const rehearsed = {
      ...{
        operationId: 'op-1',
        service: 'shop',
        title: 'Shop',
        action: 'enter',
        mode: 'maintenance',
        state: 'pending',
      },
      ...{ changed: true, revision: 0, requestedBy: 'arn:on-call', requestedAt: '', dryRun: true, targets: [] },
      source: { kind: 'break-glass' },
      proof: { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 },
      message: 'Rehearsed: it would close.',
    };
    ANSWERS['POST /break-glass/operations'] = { ...rehearsed, faults: [] };
    const fine = await drawbridge(['enter', 'shop', ...WHY, '--dry-run']);
    expect([fine.code, fine.out, fine.asked]).toEqual([EXIT.done, ['Rehearsed: it would close.'], []]);
    expect(asked).toEqual([expect.stringMatching(/^POST \/break-glass\/operations .*"dryRun":true/)]);
    const fault = { code: 'NO_ANSWER', target: 'REGIONAL/eu-west-1', message: 'no answer' };
    ANSWERS['POST /break-glass/operations'] = { ...rehearsed, faults: [fault] };
    expect((await drawbridge(['enter', 'shop', ...WHY, '--dry-run'])).code).toBe(EXIT.failed);
    delete ANSWERS['POST /break-glass/operations'];
  });

  it('opens what the config has lost while it was closed, by the name that the API tells', async () => {
    const proof = { state: 'verified', probes: 1, agree: 1, disagree: 0, open: 0, unknown: 0 };
    const lost = {
      service: 'outlet',
      title: 'Outlet',
      mode: 'maintenance',
      revision: 1,
      proof,
      targets: [],
      drift: [],
    };
    ANSWERS['GET /break-glass/services'] = { environment: 'production', services: [{ ...lost, orphaned: true }] };
    const { out } = await drawbridge(['status', ...HERE]);
    expect(out.join('\n')).toContain('Outlet is closed to everyone (r1).\n  NOT IN THE CONFIG ANY MORE');
    const { asked: question } = await drawbridge(['exit', 'outlet', ...WHY], 'outlet');
    expect(question).toEqual([expect.stringContaining('Exit maintenance: Outlet in production, for everybody.')]);
    expect(asked.at(-1)).toMatch(/^POST \/break-glass\/operations .*"service":"outlet","action":"exit"/);
    expect((await drawbridge(['exit', 'outlt', ...WHY, '--yes'])).text).toBe(
      'There is no service "outlt". There are: shop.',
    );
    expect((await drawbridge(['enter', 'outlet', ...WHY, '--yes'])).text).toContain('There is no service "outlet".');
  });

  it('pauses repairs once the service’s name is typed, for as long as it is told', async () => {
    ANSWERS['POST /break-glass/pause-repair'] = {
      service: 'shop',
      until: '2026-11-22T02:30:00.000Z',
      message: 'Until …',
    };
    expect((await drawbridge(['pause-repair', 'shop', ...WHY, '--for', '30m'], 'no')).code).toBe(EXIT.failed);
    const { code, out } = await drawbridge(['pause-repair', 'shop', ...WHY, '--for', '1h30m'], 'shop');
    expect([code, out]).toEqual([EXIT.done, ['Until …']]);
    await drawbridge(['pause-repair', 'shop', ...WHY, '--for', '0']);
    expect(asked.map((line) => line.split(' ')[2])).toEqual([
      '{"service":"shop","forMinutes":90,"reason":"the',
      '{"service":"shop","forMinutes":0,"reason":"the',
    ]);
  });

  it.each([
    ['no time', []],
    ['a time that is none', ['--for', 'ages']],
  ])('does not pause repairs for %s', async (_what, more) => {
    expect((await drawbridge(['pause-repair', 'shop', ...WHY, '--yes', ...more])).code).toBe(EXIT.usage);
    expect(asked).toEqual([]);
  });

  it('lists services a line each, and says by its exit code whether one of them is in doubt', async () => {
    const proof = { state: 'verified', probes: 1, agree: 1, disagree: 0, open: 0, unknown: 0 };
    const one = { service: 'shop', title: 'Shop', mode: 'normal', revision: 2, proof, targets: [], drift: [] };
    const doubted = { ...one, service: 'payments', drift: [{ target: 't', state: 'contested', at: '', revision: 2 }] };
    ANSWERS['GET /break-glass/services'] = { environment: 'production', services: [one] };
    expect(await drawbridge(['services', ...HERE])).toMatchObject({ code: EXIT.done, out: ['shop  Open  r2'] });
    ANSWERS['GET /break-glass/services'] = { environment: 'production', services: [one, doubted] };
    expect(await drawbridge(['services', ...HERE])).toMatchObject({
      code: EXIT.notProven,
      out: ['shop      Open  r2', 'payments  In doubt  r2'],
    });
  });

  it('tells programs what the API answers, as one line of JSON', async () => {
    for (const [command, field] of [
      ['status', '0.service'],
      ['services', '0.service'],
    ] as const) {
      const { out } = await drawbridge([command, ...HERE, '--json']);
      expect(out).toHaveLength(1);
      expect(JSON.parse(out[0] as string)).toHaveProperty(field, 'shop');
    }
    const { out, notes } = await drawbridge(['audit', ...HERE, '--since', '2026-11-22T00:00:00Z', '--json']);
    expect(JSON.parse(out.join())).toMatchObject({ isCut: true, entries: [{ service: 'shop' }, { service: 'shop' }] });
    expect(notes).toEqual([]);
    expect((await drawbridge(['status', ...HERE, '--json', '--direct'])).code).toBe(EXIT.usage);
  });

  it('prints the audit, a line for each thing that happened, and says that there is more', async () => {
    const { code, out, notes } = await drawbridge(['audit', ...HERE, '--since', '2026-11-22T00:00:00Z']);
    expect(code).toBe(EXIT.done);
    expect(out).toEqual([
      '2026-11-22T02:00:00.000Z  shop  duty.manager@example.com (step 2): Closed.',
      '2026-11-22T02:00:00.000Z  shop  arn:on-call (break-glass): Opened. Reason: sheet down',
    ]);
    expect(notes).toEqual([expect.stringContaining('more before this')]);
  });
});
