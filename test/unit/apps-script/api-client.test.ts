import { createApiClient, type HttpCall, type SendAll } from '../../../apps-script/src/api-client.ts';
import type { Connection } from '../../../apps-script/src/connections.ts';
import type { SignIn } from '../../../apps-script/src/sign-in.ts';

const connection = (environment: string): Connection => ({
  environment,
  apiUrl: `https://api.${environment}.example.com`,
  tokenUrl: `https://auth.${environment}.example.com/oauth2/token`,
  clientId: 'id',
  clientSecret: 'secret',
  isProduction: false,
  services: [],
  groups: [],
});
const PRODUCTION = connection('production');
const STAGING = connection('staging');
const look = (id: string, of = PRODUCTION) => ({ connection: of, method: 'get' as const, path: `/operations/${id}` });

/** Hands out numbered tokens; `forget` makes the next one another. */
function signInCounting(): SignIn & { given: string[] } {
  const given: string[] = [];
  let current: string | undefined;
  return {
    given,
    token({ environment }) {
      current ??= `${environment}-${given.length + 1}`;
      if (!given.includes(current)) given.push(current);
      return current;
    },
    forget() {
      current = undefined;
    },
  };
}

const answering =
  (status: number, body: unknown): SendAll =>
  (calls) =>
    calls.map(() => ({ status, text: typeof body === 'string' ? body : JSON.stringify(body) }));

it('a refused token is taken anew once, and not for ever', () => {
  const sent: HttpCall[] = [];
  const signIn = signInCounting();
  const client = createApiClient(signIn, (calls) => {
    sent.push(...calls);
    return calls.map(() => ({ status: 401, text: '{"message":"Unauthorized"}' }));
  });
  expect(client.ask([look('op-1')])).toEqual([{ kind: 'denied', why: expect.stringContaining('401') }]);
  expect(sent.map(({ token }) => token)).toEqual(['production-1', 'production-2']);
});

it('only the refused ones are sent again', () => {
  const paths: string[] = [];
  const client = createApiClient(signInCounting(), (calls) => {
    paths.push(...calls.map(({ url }) => url.split('/').pop() ?? ''));
    return calls.map(({ url, token }) => ({
      status: url.endsWith('op-2') && token.endsWith('1') ? 401 : 503,
      text: '',
    }));
  });
  client.ask([look('op-1'), look('op-2')]);
  expect(paths).toEqual(['op-1', 'op-2', 'op-2']);
});

it('one environment that cannot be reached does not hide the other’s answer', () => {
  const client = createApiClient(signInCounting(), (calls) => {
    if (calls.some(({ url }) => url.includes('staging'))) throw new Error('Address unavailable');
    return calls.map(() => ({ status: 404, text: '{"code":"UNKNOWN_OPERATION","message":"No."}' }));
  });
  expect(client.ask([look('op-1', STAGING), look('op-2')])).toEqual([
    { kind: 'unreachable', why: 'Address unavailable' },
    { kind: 'problem', code: 'UNKNOWN_OPERATION', message: 'No.', status: 404 },
  ]);
});

it('a sign-in that is refused is told apart from one that cannot be reached', () => {
  const failing = (name: string): SignIn => ({
    token() {
      throw Object.assign(new Error('the sign-in answered'), { name });
    },
    forget() {},
  });
  const kindOf = (name: string) => createApiClient(failing(name), answering(200, {})).ask([look('op-1')])[0]?.kind;
  expect(kindOf('SignInRefused')).toBe('denied');
  expect(kindOf('Error')).toBe('unreachable');
});

it.each([
  ['a gateway that knows no such route', 404, { message: 'Not Found' }, 'unreachable'],
  ['a gateway that is busy', 429, { message: 'Too Many Requests' }, 'unreachable'],
  ['a proxy’s HTML', 502, '<html>', 'unreachable'],
  ['half an answer', 200, '{"operationId":', 'unreachable'],
  ['a gateway that forbids', 403, { message: 'Forbidden' }, 'denied'],
  ['a scope that is missing', 403, { code: 'FORBIDDEN', message: 'No.' }, 'denied'],
  ['a person who is no operator', 403, { code: 'NOT_OPERATOR', message: 'No.' }, 'problem'],
  ['an illegal move', 409, { code: 'ILLEGAL_MOVE', message: 'No.' }, 'problem'],
])('%s (HTTP %s) is taken for what it is', (_what, status, body, kind) => {
  const client = createApiClient(signInCounting(), answering(status, body));
  expect(client.ask([look('op-1')])[0]?.kind).toBe(kind);
});

it('services of an environment that does not answer are left out, the others are told', () => {
  const service = {
    service: 'shop',
    title: 'Shop',
    mode: 'normal',
    revision: 0,
    proof: { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 },
    targets: [],
    drift: [],
  };
  const client = createApiClient(signInCounting(), (calls) =>
    calls.map(({ url }) =>
      url.includes('staging')
        ? { status: 500, text: '' }
        : { status: 200, text: JSON.stringify({ environment: 'production', services: [service] }) },
    ),
  );
  expect(client.services([PRODUCTION, STAGING])).toMatchObject([
    { connection: PRODUCTION, told: { environment: 'production', services: [{ service: 'shop', title: 'Shop' }] } },
  ]);
});
