import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { NetworkInterfaceInfo } from 'node:os';
import { atOnce, createProbe, probe, reachesIpv6, type WayOut } from '../../../../lambda/src/proof/probe.ts';
import { type Listening, listen } from '../../../../local/http-server.ts';

/** A real site on this machine, without TLS: what it was asked, and what the probe makes of its answer. */

const V4 = { address: '127.0.0.1', family: 4 };
/** Nobody listens there. */
const V6 = { address: '::1', family: 6 };

let site: Listening;
let asked: IncomingMessage[] = [];
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  site = await listen((message, response) => {
    asked.push(message);
    answer(response);
  });
});
beforeEach(() => {
  asked = [];
  answer = (response) => response.end('the site');
});
afterAll(() => site.close());

const urlOf = (path = '/') => `http://shop.example.com:${site.port}${path}`;
const probeBy = (more: Partial<WayOut> = {}) =>
  createProbe({ addressesOf: async () => [V4], request, hasIpv6: true, timeoutMs: 30_000, ...more });
const head = (status: number, headers: Record<string, string> = {}) => {
  answer = (response) => void response.writeHead(status, headers).end();
};

describe('a probe that cannot see the site says so, and never that it is closed', () => {
  it.each([
    ['nobody listens', () => 'https://127.0.0.1:1/', 'ECONNREFUSED'],
    ['what listens speaks no TLS', () => site.url.replace('http:', 'https:'), 'EPROTO'],
    ['the URL is none', () => 'shop', 'ERR_INVALID_URL'],
  ])('when %s', async (_what, url, why) => {
    expect(await probe(url(), 0, 'past-caches')).toEqual({
      kind: 'unknown',
      why: expect.stringMatching(why === 'EPROTO' ? /EPROTO|SSL/ : why),
    });
  });

  it('when its host has no address', async () => {
    const seen = await probeBy({ addressesOf: async () => [] })(urlOf(), 0, 'as-visitor');
    expect(seen).toEqual({ kind: 'unknown', why: 'shop.example.com has no address' });
  });

  it('when its name is not resolved in time', async () => {
    const hanging = probeBy({ addressesOf: () => new Promise(() => undefined), timeoutMs: 1 });
    expect(await hanging(urlOf(), 0, 'as-visitor')).toEqual({ kind: 'unknown', why: 'TIMEOUT' });
  });

  it('when it does not answer in time, and hangs up then', async () => {
    const hungUp = new Promise((resolve) => {
      answer = (response) => response.on('close', resolve);
    });
    const seen = await probeBy({ timeoutMs: 50 })(urlOf(), 0, 'as-visitor');
    expect(seen).toEqual({ kind: 'unknown', why: 'TIMEOUT' });
    await hungUp;
  });
});

describe('a probe tells', () => {
  it('the status that it was answered with, and whose answer it is', async () => {
    head(503, { 'x-maintenance-mode': 'r7' });
    const seen = await probeBy()(urlOf(), 0, 'past-caches');
    expect(seen).toEqual({ kind: 'answered', status: 503, maintenanceMode: 'r7' });
    head(404);
    expect(await probeBy()(urlOf(), 0, 'past-caches')).toEqual({ kind: 'answered', status: 404 });
  });

  it('where it was sent on to by its status alone: it follows nobody', async () => {
    head(302, { location: urlOf('/elsewhere') });
    expect(await probeBy()(urlOf(), 0, 'past-caches')).toMatchObject({ status: 302 });
    expect(asked).toHaveLength(1);
  });

  it('what it saw as soon as the answer begins, and reads no page to its end', async () => {
    const hungUp = new Promise((resolve) => {
      answer = (response) => {
        response.on('close', resolve);
        response.write('a page without an end');
      };
    });
    expect(await probeBy()(urlOf(), 0, 'past-caches')).toMatchObject({ status: 200 });
    await hungUp;
  });
});

describe('what the site is asked', () => {
  const ask = async (way: 'past-caches' | 'as-visitor', path = '/cart?size=2') => {
    await probeBy()(urlOf(path), 0, way);
    const { url = '', headers } = asked.at(-1) as IncomingMessage;
    return { url, headers };
  };

  it('is its own page, by the name of its host', async () => {
    expect((await ask('as-visitor')).headers.host).toBe(`shop.example.com:${site.port}`);
    expect((await ask('past-caches')).headers.host).toBe(`shop.example.com:${site.port}`);
  });

  it('past the caches is a URL that nobody has asked before', async () => {
    const urls = [(await ask('past-caches')).url, (await ask('past-caches')).url];
    for (const url of urls) expect(url).toMatch(/^\/cart\?size=2&drawbridge-probe=[0-9a-f]{12}$/);
    expect(new Set(urls).size).toBe(2);
    expect((await ask('past-caches')).headers).toMatchObject({ 'cache-control': 'no-cache', accept: 'text/html' });
  });

  it('as visitors ask is the URL as it stands, with what browsers say: a cache answers by that', async () => {
    const { url, headers } = await ask('as-visitor');
    expect(url).toBe('/cart?size=2');
    expect(headers).toMatchObject({
      accept: expect.stringMatching(/^text\/html,/),
      'accept-encoding': 'gzip, deflate, br',
      'accept-language': 'en',
    });
    expect(headers['cache-control']).toBeUndefined();
  });

  it('names Drawbridge in the logs of the site, to visitors’ caches as a browser would', async () => {
    expect((await ask('past-caches')).headers['user-agent']).toBe('drawbridge-probe');
    expect((await ask('as-visitor')).headers['user-agent']).toMatch(/^Mozilla\/5\.0 .*drawbridge-probe/);
  });

  it('comes over a connection of its own', async () => {
    for (const _nth of [1, 2]) await ask('as-visitor');
    expect(new Set(asked.map(({ socket }) => socket)).size).toBe(2);
  });
});

describe('the addresses of a host', () => {
  const kinds = async (addresses: readonly (typeof V4)[], hasIpv6: boolean) => {
    const look = probeBy({ addressesOf: async () => addresses, hasIpv6 });
    const seen = [];
    for (const nth of [0, 1, 2, 3]) seen.push((await look(urlOf(), nth, 'as-visitor')).kind);
    return seen;
  };

  it('are taken in turn', async () => {
    expect(await kinds([V4, V6], true)).toEqual(['answered', 'unknown', 'answered', 'unknown']);
    expect(await kinds([V6, V4], true)).toEqual(['unknown', 'answered', 'unknown', 'answered']);
  });

  it('are those that can be reached from here', async () => {
    expect(await kinds([V6, V4], false)).toEqual(Array(4).fill('answered'));
    // It says what is wrong with it, not that there is none.
    expect(await kinds([V6], false)).toEqual(Array(4).fill('unknown'));
    const seen = await probeBy({ addressesOf: async () => [V6], hasIpv6: false })(urlOf(), 0, 'as-visitor');
    expect(seen).toEqual({ kind: 'unknown', why: expect.stringMatching(/^E[A-Z]+$/) });
  });

  it('are asked for by the name alone', async () => {
    const names: string[] = [];
    const addressesOf = async (name: string) => {
      names.push(name);
      return [V4];
    };
    await probeBy({ addressesOf })(urlOf('/a'), 0, 'as-visitor');
    expect(names).toEqual(['shop.example.com']);
  });
});

describe('this machine reaches IPv6', () => {
  const own = (more: object) => ({ family: 'IPv6', internal: false, scopeid: 0, ...more }) as NetworkInterfaceInfo;
  it.each([
    ['with an address of the world', [own({})], true],
    ['with one beside others', [own({ family: 'IPv4' }), own({})], true],
    ['not with IPv4 alone', [own({ family: 'IPv4', scopeid: undefined })], false],
    ['not by its loopback', [own({ internal: true })], false],
    ['not by an address of its own link', [own({ scopeid: 3 })], false],
    ['not without any', undefined, false],
  ])('%s', (_what, some, reaches) => {
    expect(reachesIpv6({ lo: [own({ internal: true })], eth0: some })).toBe(reaches);
  });
});

it('so many are sent at once at most, and all of them come', async () => {
  let [now, most] = [0, 0];
  const one = atOnce(3, async (_url, nth) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    now -= 1;
    if (nth === 4) throw new Error('a broken probe gives its place back too');
    return { kind: 'answered', status: nth };
  });
  for (const _batch of [1, 2]) {
    most = 0;
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_one, nth) => one('https://shop.example.com/', nth, 'past-caches')),
    );
    expect(most).toBe(3);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
  }
});
