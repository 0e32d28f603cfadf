import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiDownError, breakGlassApi, RefusedError } from '../../../ops/break-glass-api.ts';

interface Received {
  readonly authorization: string;
  readonly body: string;
}

let server: Server;
let received: Received[];
let answers: [number, string][];
let pauses: number[];
let elsewhere: string;
beforeEach(async () => {
  received = [];
  pauses = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ authorization: request.headers.authorization ?? '', body });
    const [status, text] = answers[Math.min(received.length, answers.length) - 1] as [number, string];
    if (request.url === '/elsewhere') return void response.end(elsewhere);
    response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const api = (url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`) =>
  breakGlassApi({
    ...{ url, region: 'eu-west-1', environment: 'production' },
    credentials: async () => ({ accessKeyId: 'USERKEY', secretAccessKey: 'one-secret' }),
    now: () => Date.parse('2026-11-22T02:00:00Z'),
    sleep: async (ms) => void pauses.push(ms),
  });

const BODY = { operationId: 'op-0001', service: 'shop', action: 'enter' as const, requestedAt: '', reason: 'why' };
const NO_SERVICES = JSON.stringify({ environment: 'production', services: [] });

it('sends the same bytes again until there is an answer, so that an id runs once', async () => {
  const refusal = JSON.stringify({ code: 'ILLEGAL_MOVE', message: 'It does not fit.' });
  answers = [
    [503, '{}'],
    [502, ''],
    [409, refusal],
  ];
  await expect(api().operate(BODY)).rejects.toThrow(new RefusedError('ILLEGAL_MOVE', 'It does not fit.'));
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(received).toHaveLength(3);
});

it('gives up after a while and says that nothing is known', async () => {
  answers = [[503, '{"message":"Service Unavailable"}']];
  const error = await api()
    .operate(BODY)
    .catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(ApiDownError);
  expect((error as Error).message).toContain('may run or may not');
  expect(received).toHaveLength(pauses.length + 1);
});

it('names the way around it when nothing answers at all', async () => {
  await expect(api('http://127.0.0.1:1').services()).rejects.toThrow('--direct');
});

it('says which policy is missing when IAM refuses, and does not try again', async () => {
  answers = [[403, '{"message":"Forbidden"}']];
  await expect(api().services()).rejects.toThrow('drawbridge-production-break-glass');
  expect(received).toHaveLength(1);
});

it('follows no redirect: it was signed for this place', async () => {
  answers = [[302, '']];
  elsewhere = NO_SERVICES;
  await expect(api().services()).rejects.toThrow('does not answer');
});

it('takes what is no answer of Drawbridge for none', async () => {
  answers = [[200, '<html>a captive portal</html>']];
  await expect(api().services()).rejects.toThrow('no answer of Drawbridge');
});

it('signs every request, and puts the secret into none', async () => {
  answers = [[200, NO_SERVICES]];
  expect(await api().services()).toEqual([]);
  expect(received[0]?.authorization).toContain('Credential=USERKEY/20261122/eu-west-1/execute-api/aws4_request');
  expect(JSON.stringify(received)).not.toContain('one-secret');
});

it('tells missing credentials as what they are', async () => {
  const broken = breakGlassApi({
    ...{ url: 'https://api.example.com', region: 'eu-west-1', environment: 'production' },
    credentials: () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' })),
    now: () => 0,
    sleep: async () => undefined,
  });
  await expect(broken.services()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
});
