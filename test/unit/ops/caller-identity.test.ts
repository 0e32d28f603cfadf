import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callerIdentity } from '../../../ops/caller-identity.ts';

const options = (endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: async () => ({ accessKeyId: 'USERKEY', secretAccessKey: 'one-secret' }),
  now: () => Date.parse('2026-11-22T02:00:00Z'),
});

const NOW = Date.parse('2026-11-22T02:00:00Z');
const ARN = 'arn:aws:sts::111122223333:assumed-role/OnCall/alex';

async function asked(theirClock: number) {
  let signature = '';
  const server = createServer((request, response) => {
    signature = request.headers.authorization ?? '';
    response.writeHead(200, { date: new Date(theirClock).toUTCString() });
    response.end(
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${ARN}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const told = await callerIdentity(options(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
  server.close();
  return { told, signature };
}

it('is whom STS says', async () => {
  const { told, signature } = await asked(NOW + 1_000);
  expect(told).toEqual({ arn: ARN, skewMs: 0 });
  expect(signature).toContain('/eu-west-1/sts/aws4_request');
});

it('knows AWS’s time on a machine whose clock is wrong: what is stamped too early would be undone', async () => {
  expect((await asked(NOW + 120_000)).told.skewMs).toBe(120_000);
});

it('is the access key when STS does not answer: a site must be closed even then', async () => {
  expect(await callerIdentity(options('http://127.0.0.1:1/'))).toEqual({ arn: 'access-key/USERKEY', skewMs: 0 });
});
