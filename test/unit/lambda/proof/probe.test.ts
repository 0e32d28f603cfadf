import { atOnce, probe } from '../../../../lambda/src/proof/probe.ts';
import { type Listening, listen } from '../../../../local/http-server.ts';

let plain: Listening;
beforeAll(async () => {
  plain = await listen((_request, response) => response.end('not over TLS'));
});
afterAll(() => plain.close());

describe('a probe that cannot see the site says so, and never that it is closed', () => {
  it.each([
    ['nobody listens', () => 'https://127.0.0.1:1/', 'ECONNREFUSED'],
    ['what listens speaks no TLS', () => plain.url.replace('http:', 'https:'), 'EPROTO'],
    ['the URL is none', () => 'shop', 'ERR_INVALID_URL'],
  ])('when %s', async (_what, url, why) => {
    expect(await probe(url(), 0, 'past-caches')).toEqual({
      kind: 'unknown',
      why: expect.stringMatching(why === 'EPROTO' ? /EPROTO|SSL/ : why),
    });
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
  const all = await Promise.allSettled(
    Array.from({ length: 20 }, (_one, nth) => one('https://shop.example.com/', nth, 'past-caches')),
  );
  expect(most).toBe(3);
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
});
