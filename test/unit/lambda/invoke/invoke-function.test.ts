import type { IncomingMessage } from 'node:http';
import { createInvokeFunction } from '../../../../lambda/src/invoke/invoke-function.ts';
import { type Listening, readBody, serve } from '../../../../local/http-server.ts';

let status = 202;
const asked: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];
let lambda: Listening;
beforeAll(async () => {
  lambda = await serve(async (request) => {
    asked.push({ path: request.url ?? '', headers: request.headers, body: (await readBody(request)).toString() });
    return { status, headers: {}, body: '' };
  });
});
afterAll(() => lambda.close());

const invoke = () =>
  createInvokeFunction({
    functionName: 'drawbridge-production-api',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session' },
    endpoint: lambda.url,
  })({ drive: 1 });

it('hands an event to the named function, signed, and waits for no result', async () => {
  await invoke();
  expect(asked).toMatchObject([
    {
      path: '/2015-03-31/functions/drawbridge-production-api/invocations',
      headers: { 'x-amz-invocation-type': 'Event', 'x-amz-security-token': 'session' },
      body: '{"drive":1}',
    },
  ]);
  expect(asked[0]?.headers.authorization).toMatch(/Credential=key\/\d{8}\/eu-west-1\/lambda\/aws4_request/);
});

it('says so when Lambda does not take it', async () => {
  status = 403;
  await expect(invoke()).rejects.toThrow('Lambda answered 403');
});
