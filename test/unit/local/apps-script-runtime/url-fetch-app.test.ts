import type { OutsideRequest, OutsideResponse } from '../../../../local/outside-network.ts';
import type { Hop } from '../../../../local/trace.ts';
import { runtimeHouse, SCOPES } from './start-runtime.ts';

const { ask } = runtimeHouse();

/** A network that answers with this, and what it was asked. */
function networkThat(answer: Partial<OutsideResponse> | Error) {
  const asked: OutsideRequest[] = [];
  const network = async (request: OutsideRequest): Promise<OutsideResponse> => {
    asked.push(request);
    if (answer instanceof Error) throw answer;
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok', ...answer };
  };
  return { network, asked };
}

const FETCH = (options = '') =>
  `const [r] = UrlFetchApp.fetchAll([{ url: 'https://api.example.com/operations', ${options} }]); return [r.getResponseCode(), r.getContentText()]`;

it('sends what the script asks for', async () => {
  const { network, asked } = networkThat({ status: 202 });
  const post = FETCH("method: 'post', contentType: 'application/json', payload: '{}', headers: { Authorization: 'x' }");
  expect(await ask(post, { network })).toEqual([202, 'ok']);
  await ask(FETCH("payload: { grant_type: 'client_credentials', scope: 'a b' }"), { network });
  expect(asked).toEqual([
    {
      url: 'https://api.example.com/operations',
      method: 'POST',
      headers: { Authorization: 'x', 'content-type': 'application/json' },
      body: '{}',
    },
    {
      url: 'https://api.example.com/operations',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=a+b',
    },
  ]);
});

it('throws at 400 and above, unless the script mutes it', async () => {
  const { network } = networkThat({ status: 401, body: 'no' });
  await expect(ask(FETCH(), { network })).rejects.toThrow(
    'Request failed for https://api.example.com returned code 401. Truncated server response: no',
  );
  expect(await ask(FETCH('muteHttpExceptions: true'), { network })).toEqual([401, 'no']);
});

it('throws at a network failure, muted or not', async () => {
  const { network } = networkThat(new Error('refused'));
  await expect(ask(FETCH('muteHttpExceptions: true'), { network })).rejects.toThrow(
    'Address unavailable: https://api.example.com',
  );
});

it('fetches several at once, as one service call', async () => {
  const { network, asked } = networkThat({});
  const body = `const all = UrlFetchApp.fetchAll(['https://a.example.com/', { url: 'https://b.example.com/' }]);
    return [all instanceof Array, all.map((one) => one.getContentText())]`;
  expect(await ask(body, { network })).toEqual([true, ['ok', 'ok']]);
  expect(asked.map(({ url, method }) => `${method} ${url}`)).toEqual([
    'GET https://a.example.com/',
    'GET https://b.example.com/',
  ]);
});

it('does not follow a redirect silently', async () => {
  const { network } = networkThat({ status: 302, headers: { location: 'https://elsewhere.example.com/' } });
  await expect(ask(FETCH(), { network })).rejects.toThrow('following a redirect is not supported');
  expect(await ask(FETCH('followRedirects: false'), { network })).toEqual([302, 'ok']);
});

describe('the manifest', () => {
  it('keeps the script from every URL that its urlFetchWhitelist does not begin', async () => {
    const { network, asked } = networkThat({});
    const manifest = { oauthScopes: SCOPES, urlFetchWhitelist: ['https://api.example.com/'] };
    expect(await ask(FETCH(), { network, manifest })).toEqual([200, 'ok']);
    for (const url of ['https://api.example.com.other.example.com/', 'https://auth.example.com/']) {
      await expect(ask(`UrlFetchApp.fetchAll(['${url}'])`, { network, manifest })).rejects.toThrow(
        'not on the urlFetchWhitelist',
      );
    }
    await expect(ask("UrlFetchApp.fetchAll(['http://api.example.com/'])", { network, manifest })).rejects.toThrow(
      'not https',
    );
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['script.external_request', "UrlFetchApp.fetchAll(['https://api.example.com/'])"],
    ['spreadsheets', "SpreadsheetApp.openById('release-42')"],
    ['script.scriptapp', 'ScriptApp.getProjectTriggers()'],
    ['userinfo.email', 'Session.getEffectiveUser().getEmail()'],
  ])('without the scope %s the script may not call %s', async (scope, code) => {
    const oauthScopes = SCOPES.filter((one) => !one.endsWith(scope));
    await expect(ask(code, { manifest: { oauthScopes } })).rejects.toThrow(
      /do not have permission.*Required permissions/,
    );
    await ask(code, { manifest: { oauthScopes: SCOPES } });
  });
});

it('traces where a request went and what came back, and nothing secret', async () => {
  const hops: Hop[] = [];
  const { network } = networkThat({ body: 'top-secret-answer' });
  const body =
    "UrlFetchApp.fetchAll([{ url: 'https://auth.example.com/token?key=top-secret', payload: 'top-secret', headers: { a: 'top-secret' } }])";
  await ask(body, { network, trace: (hop) => hops.push(hop) });
  expect(hops.map(({ part, what, said, ok }) => ({ part, what, said, ok }))).toEqual([
    { part: 'apps-script', what: 'main', said: 'started', ok: true },
    { part: 'apps-script', what: 'POST https://auth.example.com/token', said: '200', ok: true },
    { part: 'apps-script', what: 'main', said: 'ended after 1 calls', ok: true },
  ]);
  expect(JSON.stringify(hops)).not.toContain('top-secret');
});
