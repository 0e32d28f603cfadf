import { probe } from '../../../../lambda/src/proof/probe.ts';
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
