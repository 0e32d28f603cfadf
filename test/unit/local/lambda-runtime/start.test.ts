import { request } from 'node:http';
import { createClock } from '../../../../local/clock.ts';
import { createTable, startDynamodb } from '../../../../local/dynamodb/start.ts';
import { type Listening, listen } from '../../../../local/http-server.ts';
import { type FunctionOptions, type LocalFunction, startFunction } from '../../../../local/lambda-runtime/start.ts';
import type { Hop } from '../../../../local/trace.ts';
import { type Bundles, makeBundles } from './bundles.ts';

const MIDNIGHT = Date.UTC(2026, 10, 22);

let bundles: Bundles;
let started: LocalFunction[] = [];

beforeAll(async () => {
  bundles = await makeBundles();
});
afterEach(async () => {
  await Promise.all(started.map((one) => one.close()));
  started = [];
});
afterAll(() => bundles.remove());

async function start(bundle: string, more: Partial<FunctionOptions> = {}): Promise<LocalFunction> {
  const usual = { name: 'test', clock: createClock(MIDNIGHT), workerFile: bundles.workerFile, hosts: {} };
  const made = await startFunction({ ...usual, environment: {}, bundle, ...more });
  started.push(made);
  return made;
}

const fromSource = async (source: string, more: Partial<FunctionOptions> = {}) =>
  start(await bundles.handler(source), more);

/** Looks again every few milliseconds; the test's own time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('an invocation', () => {
  it('sees its own environment and nothing of this machine’s', async () => {
    const made = await fromSource(
      'export const handler = () => ({ colour: process.env.COLOUR, path: process.env.PATH });',
      {
        environment: { COLOUR: 'green' },
      },
    );
    expect(await made.invoke({})).toEqual({ colour: 'green' });
  });

  it('gets a context that counts down the time it has left', async () => {
    const made = await fromSource(
      'export const handler = (_, context) => ({ id: context.awsRequestId.length, left: context.getRemainingTimeInMillis() });',
      { timeoutMs: 5_000 },
    );
    const { id, left } = (await made.invoke({})) as { id: number; left: number };
    expect(id).toBe(36);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(5_000);
  });

  it('fails with the error type and message that the handler threw', async () => {
    const made = await fromSource('export const handler = () => { throw new TypeError("no such service"); };');
    await expect(made.invoke({})).rejects.toMatchObject({
      name: 'FunctionError',
      payload: { errorType: 'TypeError', errorMessage: 'no such service' },
    });
  });

  it('names a bundle without a handler', async () => {
    const made = await fromSource('export const other = 1;');
    await expect(made.invoke({})).rejects.toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
  });

  it('ends when its time is over, and the next one gets a new instance', async () => {
    const made = await fromSource(
      'export const handler = ({ stuck }) => { while (stuck) { /* for ever */ } return "free"; };',
      { timeoutMs: 1_500 },
    );
    await expect(made.invoke({ stuck: true })).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await made.invoke({ stuck: false })).toBe('free');
    expect(made.coldStarts()).toBe(2);
  });

  it('fails, and spoils nothing, when the function ends its own process', async () => {
    const made = await fromSource('export const handler = ({ exit }) => exit ? process.exit(3) : "here";');
    await expect(made.invoke({ exit: true })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await made.invoke({})).toBe('here');
  });

  it('keeps what the function writes out of this process, for whoever asks', async () => {
    const made = await fromSource(
      'export const handler = () => { console.log("closing shop"); console.error("too slow"); };',
    );
    expect(await made.invoke({})).toBeNull();
    await until(() => made.logs().length >= 2);
    expect(made.logs()).toEqual(expect.arrayContaining(['closing shop', 'too slow']));
  });
});

describe('instances', () => {
  const COUNTING =
    'let count = 0; export const handler = async ({ ms = 0 }) => { await new Promise((r) => setTimeout(r, ms)); return ++count; };';

  it('are reused while they are warm', async () => {
    const made = await fromSource(COUNTING);
    expect([await made.invoke({}), await made.invoke({}), made.coldStarts()]).toEqual([1, 2, 1]);
  });

  it('take one invocation at a time: a second one at once is a cold start', async () => {
    const made = await fromSource(COUNTING);
    const both = await Promise.all([made.invoke({ ms: 100 }), made.invoke({ ms: 100 })]);
    expect([both, made.coldStarts()]).toEqual([[1, 1], 2]);
  });

  it('are limited: one invocation too many is throttled and never runs', async () => {
    const made = await fromSource(COUNTING, { concurrency: 1 });
    const first = made.invoke({ ms: 100 });
    await expect(made.invoke({})).rejects.toMatchObject({ name: 'TooManyRequestsException', statusCode: 429 });
    expect(await first).toBe(1);
    expect(await made.invoke({})).toBe(2);
  });
});

describe('time', () => {
  it('follows the local clock, also when it is moved while the function runs', async () => {
    const clock = createClock(MIDNIGHT);
    const made = await fromSource(
      `export const handler = async () => {
         const first = new Date().getTime();
         console.log('waiting');
         while (Date.now() < first + 3_600_000) await new Promise((r) => setTimeout(r, 5));
         return { first, text: Date(), day: new Date().toISOString().slice(0, 10), fixed: new Date(0).getTime(),
           same: new Date() instanceof Date && new Date().constructor === Date };
       };`,
      { clock },
    );
    const running = made.invoke({});
    await until(() => made.logs().includes('waiting'));
    clock.moveTo(MIDNIGHT + 86_400_000);
    const { first, text, day, fixed, same } = (await running) as Record<string, never>;
    expect(first).toBeGreaterThanOrEqual(MIDNIGHT);
    expect(first).toBeLessThan(MIDNIGHT + 60_000);
    expect({ day, fixed, same }).toEqual({ day: '2026-11-23', fixed: 0, same: true });
    expect(text).toContain('Nov 23 2026');
  });

  const WAITING = `
    import { setTimeout as sleep } from 'node:timers/promises';
    export const handler = async ({ ms }) => {
      const first = Date.now();
      const told = sleep(ms, 'told');
      console.log('waiting');
      const value = await told;
      return { waited: Date.now() - first, value };
    };`;

  it('that a handler waits for comes when the local clock is moved to it', async () => {
    const clock = createClock(MIDNIGHT);
    const made = await fromSource(WAITING, { clock });
    const running = made.invoke({ ms: 90_000 });
    await until(() => made.logs().includes('waiting'));
    clock.moveTo(clock.now() + 60_000);
    await clock.sleep(200);
    const ended = await Promise.race([running, Promise.resolve('not yet')]);
    expect(ended).toBe('not yet');
    clock.moveTo(clock.now() + 30_000);
    expect(await running).toEqual({ waited: expect.any(Number), value: 'told' });
  });

  it('that a handler waits for comes by itself as well', async () => {
    const { waited } = (await (await fromSource(WAITING)).invoke({ ms: 120 })) as { waited: number };
    expect(waited).toBeGreaterThanOrEqual(119);
    expect(waited).toBeLessThan(1_000);
  });
});

describe('the network', () => {
  let site: Listening;
  beforeAll(async () => {
    site = await listen((request, response) => {
      response.setHeader('x-from', request.socket.remoteAddress ?? '');
      response.end(`${request.method} ${request.headers.host} ${request.url}`);
    });
  });
  afterAll(() => site.close());

  const PROBE = `
    import { lookup } from 'node:dns/promises';
    import { lookup as lookupCallback } from 'node:dns';
    import { get, request } from 'node:https';
    import { request as plain } from 'node:http';
    const text = (made) => new Promise((resolve, reject) => {
      made.on('error', reject);
      made.on('response', async (answer) => {
        let body = '';
        for await (const chunk of answer) body += chunk;
        resolve(body);
      });
      made.end();
    });
    const cases = {
      url: () => text(request('https://shop.example.com/a?b=1')),
      get: () => text(get(new URL('https://shop.example.com/g'))),
      plain: () => text(plain({ hostname: 'shop.example.com', path: '/p' })),
      port: () => text(request('https://shop.example.com:8443/q')),
      async pinned() {
        const [{ address, family }] = await lookup('shop.example.com', { all: true });
        const pin = (name, options, callback) => options.all ? callback(null, [{ address, family }]) : callback(null, address, family);
        return text(request({ host: 'shop.example.com', servername: 'shop.example.com', path: '/r', agent: false, lookup: pin }));
      },
      async byAddress() {
        const { address } = await lookup('shop.example.com');
        return text(request({ host: address, servername: 'shop.example.com', headers: { Host: 'shop.example.com' }, path: '/s', agent: false }));
      },
      callback: () => new Promise((resolve) => lookupCallback('shop.example.com', (error, address, family) => resolve([address, family]))),
      unknown: () => text(request('https://elsewhere.example.com/')),
      address: () => text(request('https://203.0.113.9/')),
      lookup: () => lookup('elsewhere.example.com'),
      fetchOut: () => fetch('https://elsewhere.example.com/').catch((error) => { throw error.cause; }),
      fetchIn: async ({ url }) => (await fetch(url + '/keys')).text(),
      async resolver() { (await import('node:dns')).resolve4('shop.example.com', () => {}); },
    };
    export const handler = async (event) => {
      try { return await cases[event.what](event); } catch (error) { return { code: error.code ?? error.message }; }
    };`;

  let probing: Promise<string> | undefined;
  async function probe(what: string): Promise<unknown> {
    probing ??= bundles.handler(PROBE);
    const made = await start(await probing, { hosts: { 'shop.example.com': { port: site.port } } });
    return made.invoke({ what, url: site.url });
  }

  it.each([
    ['url', 'GET shop.example.com /a?b=1'],
    ['get', 'GET shop.example.com /g'],
    ['plain', 'GET shop.example.com /p'],
    ['port', 'GET shop.example.com:8443 /q'],
    ['pinned', 'GET shop.example.com /r'],
    ['byAddress', 'GET shop.example.com /s'],
  ])('leads a known name to this machine with its Host header kept (%s)', async (what, said) => {
    expect(await probe(what)).toBe(said);
  });

  it('resolves a known name as the machine’s resolver would', async () => {
    expect(await probe('callback')).toEqual(['127.0.0.1', 4]);
  });

  it.each(['unknown', 'lookup', 'fetchOut'])('has no other names (%s)', async (what) => {
    expect(await probe(what)).toEqual({ code: 'ENOTFOUND' });
  });

  it('reaches no address beyond this machine', async () => {
    expect(await probe('address')).toEqual({ code: 'ENETUNREACH' });
  });

  it('lets fetch reach this machine, as for a key set', async () => {
    expect(await probe('fetchIn')).toBe(`GET 127.0.0.1:${site.port} /keys`);
  });

  it('refuses by name to ask DNS servers', async () => {
    expect(await probe('resolver')).toEqual({ code: 'dns.resolve4 is not supported by the local Lambda runtime' });
  });
});

describe('calls of the AWS SDK', () => {
  const WRITES = `
    import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
    const client = new DynamoDBClient({});
    const put = (n) => client.send(new PutItemCommand({ TableName: 'drawbridge-test', Item: { pk: { S: 'run' }, sk: { S: String(n) } } }));
    export const handler = async ({ count, atOnce }) => {
      if (atOnce) return Promise.all([put(1), put(2), put(3)]);
      for (let n = 1; n <= count; n += 1) await put(n);
      const read = async (n) => (await client.send(new GetItemCommand({ TableName: 'drawbridge-test', Key: { pk: { S: 'run' }, sk: { S: String(n) } } }))).Item !== undefined;
      return count === 0 ? [await read(1), await read(2), await read(3)] : 'written';
    };`;

  let dynamodb: Listening;
  let writes: string;
  beforeAll(async () => {
    writes = await bundles.handler(WRITES);
  });
  beforeEach(async () => {
    dynamodb = await startDynamodb();
    await createTable(dynamodb.url, 'drawbridge-test');
  });
  afterEach(() => dynamodb.close());

  const startWriter = (more: Partial<FunctionOptions> = {}) =>
    start(writes, {
      environment: {
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'production',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      },
      ...more,
    });

  it('are counted with operation, table, status and the invocation that made them', async () => {
    const made = await startWriter();
    await made.invoke({ count: 1 });
    await made.invoke({ count: 2 });
    const put = { service: 'dynamodb', operation: 'PutItem', resource: 'drawbridge-test', status: 200 };
    expect(made.calls()).toMatchObject([1, 2, 2].map((invocation) => ({ ...put, invocation })));
  });

  it('are told as hops of their operation', async () => {
    const hops: Hop[] = [];
    const made = await startWriter({ trace: (hop) => hops.push(hop) });
    await made.invoke({
      count: 1,
      routeKey: 'GET /break-glass/operations/{id}',
      pathParameters: { id: 'op-7f3a' },
    });
    expect(hops).toMatchObject([
      { part: 'dynamodb', what: 'PutItem run 1', said: '200', ok: true, operationId: 'op-7f3a' },
      { part: 'lambda', what: 'test', said: 'done', ok: true, operationId: 'op-7f3a' },
    ]);
  });

  it.each([
    { side: 'before', landed: [true, false, false] },
    { side: 'after', landed: [true, true, false] },
  ] as const)('can be cut $side the second: what was sent before stays, nothing follows', async ({ side, landed }) => {
    const made = await startWriter();
    const cut = made.cutNext({ at: 2, side });
    await expect(made.invoke({ count: 3 })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(cut.happened).toBe(true);
    expect(made.calls().map((call) => call.cut)).toEqual([undefined, side]);
    expect(await made.invoke({ count: 0 })).toEqual(landed);
    expect(made.coldStarts()).toBe(2);
  });

  it('that are out together all end with the run: what comes after the cut is never sent', async () => {
    const made = await startWriter();
    made.cutNext({ at: 1, side: 'before' });
    await expect(made.invoke({ atOnce: true })).rejects.toMatchObject({ name: 'FunctionError' });
    expect(await made.invoke({ count: 0 })).toEqual([false, false, false]);
  });

  it('whose service is gone are told to the function as a broken connection, and recorded without a status', async () => {
    const made = await start(
      await bundles.handler(`
        import { request } from 'node:http';
        export const handler = () => new Promise((resolve) => {
          const made = request(process.env.AWS_ENDPOINT_URL_WAFV2, { method: 'POST', headers: { 'x-amz-target': 'AWSWAF_20190729.GetRuleGroup' } });
          made.on('error', (error) => resolve(error.code)).on('response', (answer) => resolve(answer.statusCode));
          made.end('{}');
        });`),
      { environment: { AWS_ENDPOINT_URL_WAFV2: 'http://127.0.0.1:9' } },
    );
    expect(await made.invoke({})).toBe('ECONNRESET');
    expect(made.calls()).toMatchObject([{ service: 'wafv2', operation: 'GetRuleGroup' }]);
    expect(made.calls()[0]).not.toHaveProperty('status');
  });

  it('are not cut in a later invocation when the next one makes fewer', async () => {
    const made = await startWriter();
    const cut = made.cutNext({ at: 4, side: 'before' });
    expect(await made.invoke({ count: 3 })).toBe('written');
    expect(await made.invoke({ count: 4 })).toBe('written');
    expect(cut.happened).toBe(false);
  });
});

it('leaves nothing listening when it is closed', async () => {
  const made = await fromSource('export const handler = () => process.env.AWS_ENDPOINT_URL_WAFV2;', {
    environment: { AWS_ENDPOINT_URL_WAFV2: 'http://127.0.0.1:9' },
  });
  const forwarder = String(await made.invoke({}));
  await made.close();
  const asked = new Promise((resolve) => request(forwarder).on('error', resolve).on('response', resolve).end());
  expect(await asked).toMatchObject({ code: 'ECONNREFUSED' });
});
