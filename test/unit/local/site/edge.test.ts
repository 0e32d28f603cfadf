import { createServer, type RequestListener, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../../../../local/http-server.ts';
import { startEdge } from '../../../../local/site/edge.ts';
import { startShop } from '../../../../local/site/shop.ts';
import type { ResolvedRuleGroup } from '../../../../local/waf/evaluate.ts';
import { readRange } from '../../../../local/waf/ip-ranges.ts';
import type { Rule } from '../../../../local/waf/schema.ts';
import { always, labelled, not, pathIs, rule } from '../waf/rules.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const CORNER = { account: '111122223333', region: 'eu-west-1', scope: 'REGIONAL' } as const;
const TESTERS = 'arn:testers';

const closed: Rule = rule({
  Name: 'closed',
  Priority: 1,
  Statement: not(labelled('pass')),
  Action: {
    Block: {
      CustomResponse: {
        ResponseCode: 503,
        CustomResponseBodyKey: 'page',
        ResponseHeaders: [{ Name: 'x-maintenance-mode', Value: 'r7' }],
      },
    },
  },
});

async function edgeOf(rules: Rule[] | undefined, origin?: string) {
  const shop = origin ?? (await opening(await startShop({})));
  const group: ResolvedRuleGroup | undefined = rules && {
    account: CORNER.account,
    name: 'drawbridge-shop',
    arn: 'arn:group',
    rules,
    customResponseBodies: { page: { ContentType: 'TEXT_HTML', Content: '<p>Zurück um drei</p>' } },
    ipSets: new Map([[TESTERS, [readRange('127.0.0.1/32', 'IPV4'), readRange('::1/128', 'IPV6')]]]),
  };
  const dataPlane = { ruleGroup: () => group };
  return opening(
    await startEdge({
      ...{ name: 'CloudFront', dataPlane, corner: CORNER },
      behind: [{ ruleGroup: 'drawbridge-shop', hosts: [], origin: shop }],
    }),
  );
}

function opening({ url, close }: { url: string; close(): Promise<void> }): string {
  opened.push(close);
  return url;
}

async function originOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const get = (url: string, init: RequestInit = {}) => fetch(url, { signal: AbortSignal.timeout(5_000), ...init });

it('is open while there is no rule group, or none with rules', async () => {
  for (const rules of [undefined, []]) {
    const answer = await get(await edgeOf(rules));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('via')).toBe('1.1 CloudFront');
    expect(await answer.text()).toContain('<html');
  }
});

it('answers for the closed site itself, with the page’s type and length in bytes', async () => {
  const answer = await get(await edgeOf([closed]));
  expect(answer.status).toBe(503);
  expect(answer.headers.get('x-maintenance-mode')).toBe('r7');
  expect(answer.headers.get('content-type')).toBe('text/html');
  expect(await answer.text()).toBe('<p>Zurück um drei</p>');
});

it('answers HEAD without a body, and a 204 without type and length', async () => {
  const head = await get(await edgeOf([closed]), { method: 'HEAD' });
  expect(head.status).toBe(503);
  expect(await head.text()).toBe('');
  const preflight = rule({ Statement: always, Action: { Block: { CustomResponse: { ResponseCode: 204 } } } });
  const answer = await get(await edgeOf([preflight]), { method: 'OPTIONS' });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('content-length')).toBeNull();
});

it('refuses a script in the query to everybody, also to a tester who is let in', async () => {
  const tester = rule({
    Name: 'allowlisted',
    Statement: { IPSetReferenceStatement: { ARN: TESTERS } },
    Action: { Count: {} },
    RuleLabels: [{ Name: 'pass' }],
  });
  const url = await edgeOf([tester, closed]);
  expect((await get(url)).status).toBe(200);
  expect((await get(`${url}/?q=%3CScript%3E`)).status).toBe(403);
  expect((await get(`${url}/?q=script`)).status).toBe(200);
  const ipv6 = url.replace('127.0.0.1', '[::1]');
  expect((await get(ipv6)).status).toBe(200);
});

it('passes method, path, query, headers and body on, and the answer back', async () => {
  const origin = await originOf(async (request, response) => {
    const body = await readBody(request);
    response.writeHead(418, { 'x-origin': 'teapot', connection: 'x-secret', 'x-secret': '1' });
    response.end(
      JSON.stringify({ url: request.url, method: request.method, via: request.headers, body: String(body) }),
    );
  });
  const answer = await get(`${await edgeOf([], origin)}/a%2Fb?x=1&y=%20`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'x-mine': 'yes', 'x-forwarded-for': '192.0.2.1' },
    body: 'hello',
  });
  expect(answer.status).toBe(418);
  expect(answer.headers.get('x-origin')).toBe('teapot');
  expect(await answer.json()).toMatchObject({
    url: '/a%2Fb?x=1&y=%20',
    method: 'POST',
    body: 'hello',
    via: { 'x-mine': 'yes', 'x-forwarded-for': '192.0.2.1, 127.0.0.1' },
  });
});

it('evaluates the headers that arrived, before it appends the client’s address', async () => {
  const byHeader = rule({
    Statement: {
      IPSetReferenceStatement: {
        ARN: TESTERS,
        IPSetForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH', Position: 'LAST' },
      },
    },
  });
  const url = await edgeOf([byHeader]);
  expect((await get(url)).status).toBe(200);
  expect((await get(url, { headers: { 'x-forwarded-for': '198.51.100.1, 127.0.0.1' } })).status).toBe(403);
});

it('cannot be passed by asking for the path as a whole URL', async () => {
  const url = await edgeOf([rule({ Statement: pathIs('/admin') })]);
  const status = await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = send({ hostname, port, path: 'http://shop.example.com/admin', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    outgoing.on('error', reject).end();
  });
  expect(status).toBe(403);
});

it('says 502 when nobody stands behind it', async () => {
  const gone = await originOf(() => undefined);
  await (opened.pop() as () => unknown)();
  expect((await get(await edgeOf([], gone))).status).toBe(502);
});
