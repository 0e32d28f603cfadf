import type { AccessTokens } from '../../../../apps-script/src/api/access-token.ts';
import { createApiClient, type HttpCall, type SendAll } from '../../../../apps-script/src/api/client.ts';
import type { Connection } from '../../../../apps-script/src/api/connection.ts';
import { PRODUCTION, STAGING } from '../connections.ts';

const look = (id: string, of: Connection = PRODUCTION) => ({
  connection: of,
  method: 'get' as const,
  path: `/rundowns/${id}/tables`,
});

/** Hands out numbered tokens; `forget` makes the next one another. */
function numberedTokens(): AccessTokens & { looks: number } {
  let number = 1;
  const tokens = {
    looks: 0,
    get(connections: Parameters<AccessTokens['get']>[0]) {
      tokens.looks += 1;
      return new Map(connections.map(({ environment }) => [environment, { token: `${environment}-${number}` }]));
    },
    forget() {
      number += 1;
    },
  };
  return tokens;
}

const answering =
  (status: number, body: unknown): SendAll =>
  (calls) =>
    calls.map(() => ({ status, text: typeof body === 'string' ? body : JSON.stringify(body) }));

it('a refused token is taken anew once, and not for ever', () => {
  const sent: HttpCall[] = [];
  const client = createApiClient(numberedTokens(), (calls) => {
    sent.push(...calls);
    return calls.map(() => ({ status: 401, text: '{"message":"Unauthorized"}' }));
  });
  expect(client.ask([look('a')])).toEqual([{ kind: 'denied', why: expect.stringContaining('401') }]);
  expect(sent.map(({ token }) => token)).toEqual(['production-1', 'production-2']);
});

it('only the refused ones are sent again', () => {
  const urls: string[] = [];
  const client = createApiClient(numberedTokens(), (calls) => {
    urls.push(...calls.map(({ url }) => url));
    return calls.map(({ url, token }) => ({
      status: url.includes('/b/') && token.endsWith('1') ? 401 : 503,
      text: '',
    }));
  });
  client.ask([look('a'), look('b')]);
  expect(urls.map((url) => /\/(\w)\//.exec(url.slice(8))?.[1])).toEqual(['a', 'b', 'b']);
});

it('the tokens of all environments are one look, and of one execution', () => {
  const tokens = numberedTokens();
  const client = createApiClient(tokens, answering(200, {}));
  client.ask([look('a'), look('b', STAGING), look('c')]);
  client.ask([look('a'), look('b', STAGING)]);
  expect(tokens.looks).toBe(1);
});

it('one environment that cannot be reached does not hide the other’s answer', () => {
  const client = createApiClient(numberedTokens(), (calls) => {
    if (calls.some(({ url }) => url.includes('staging'))) throw new Error('Address unavailable');
    return calls.map(() => ({ status: 409, text: '{"code":"READ_AGAIN","message":"No."}' }));
  });
  expect(client.ask([look('a', STAGING), look('b')])).toEqual([
    { kind: 'unreachable', why: 'Address unavailable' },
    { kind: 'problem', code: 'READ_AGAIN', message: 'No.' },
  ]);
});

it('a sign-in that is refused is told apart from one that cannot be reached, and keeps no other from being asked', () => {
  const failing = (isDenied: boolean): AccessTokens => ({
    get: () =>
      new Map([
        ['production', { why: 'the sign-in answered', isDenied }],
        ['staging', { token: 'x' }],
      ]),
    forget() {},
  });
  const kinds = (isDenied: boolean) =>
    createApiClient(failing(isDenied), answering(200, {}))
      .ask([look('a'), look('a', STAGING)])
      .map(({ kind }) => kind);
  expect([kinds(true), kinds(false)]).toEqual([
    ['denied', 'ok'],
    ['unreachable', 'ok'],
  ]);
});

it.each([
  ['an answer', 200, { sequence: 1 }, 'ok'],
  ['a gateway that knows no such route', 404, { message: 'Not Found' }, 'unreachable'],
  ['a gateway that is busy', 429, { message: 'Too Many Requests' }, 'unreachable'],
  ['a server that asks for patience', 429, { code: 'SLOW_DOWN', message: 'Wait.' }, 'unreachable'],
  ['a server that could not', 503, { code: 'TRY_AGAIN', message: 'Wait.' }, 'unreachable'],
  ['a proxy’s HTML', 502, '<html>', 'unreachable'],
  ['half an answer', 200, '{"sequence":', 'unreachable'],
  ['a gateway that forbids', 403, { message: 'Forbidden' }, 'denied'],
  ['a scope that is missing', 403, { code: 'FORBIDDEN', message: 'No.' }, 'denied'],
  ['rows that are too old', 409, { code: 'READ_AGAIN', message: 'No.' }, 'problem'],
  ['a body that is too large', 413, { code: 'TOO_LARGE', message: 'No.' }, 'problem'],
])('%s (HTTP %s) is taken for what it is', (_what, status, body, kind) => {
  const client = createApiClient(numberedTokens(), answering(status, body));
  expect(client.ask([look('a')])[0]?.kind).toBe(kind);
});

it('services of an environment that does not answer are left out, the others are told', () => {
  const service = {
    ...{ service: 'shop', title: 'Shop', mode: 'normal', revision: 0, targets: [], drift: [] },
    proof: { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 },
  };
  const client = createApiClient(numberedTokens(), (calls) =>
    calls.map(({ url }) =>
      url.includes('staging')
        ? { status: 500, text: '' }
        : { status: 200, text: JSON.stringify({ environment: 'production', services: [service] }) },
    ),
  );
  expect(client.services([PRODUCTION, STAGING])).toMatchObject([
    { environment: 'production', told: { services: [{ service: 'shop', title: 'Shop' }] } },
  ]);
});
