import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { createSecrets } from '../../../../lambda/src/slack/secrets.ts';
import type { Listening } from '../../../../local/http-server.ts';
import { startSsm } from '../../../../local/ssm/start.ts';

/** The local Parameter Store, asked by the real client; and how our one door to it behaves. */

let store: Listening;
let client: SSMClient;
const clientOf = (accessKeyId: string) =>
  new SSMClient({
    endpoint: store.url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
beforeAll(async () => {
  store = await startSsm({ clock: Date });
  client = clientOf('production');
});
afterAll(async () => {
  client.destroy();
  await store.close();
});

const put = (Name: string, Value: string, more = {}) =>
  client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true, ...more }));

it('keeps parameters by account, and tells what is missing', async () => {
  await put('/a/b', 'one');
  const asked = new GetParametersCommand({ Names: ['/a/b', '/a/c'], WithDecryption: true });
  expect(await client.send(asked)).toMatchObject({ Parameters: [{ Value: 'one' }], InvalidParameters: ['/a/c'] });
  expect(await clientOf('staging').send(asked)).toMatchObject({ Parameters: [] });
  const sealed = await client.send(new GetParameterCommand({ Name: '/a/b' }));
  expect(sealed.Parameter?.Value).not.toBe('one');
});

it('refuses in the service’s own errors, and by name what it does not support', async () => {
  await put('/a/d', 'one');
  await expect(put('/a/d', 'two', { Overwrite: false })).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  await expect(client.send(new GetParameterCommand({ Name: '/nowhere' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  await expect(client.send(new DeleteParameterCommand({ Name: '/a/d' }))).rejects.toThrow(
    'DeleteParameter is not supported',
  );
  await expect(put('/a/d', 'x', { Tier: 'Advanced' })).rejects.toThrow('Tier of PutParameter is not supported');
});

describe('the Slack app’s secrets', () => {
  let now = 0;
  const read = () => secrets();
  const names = { signingSecrets: '/slack/signing', botToken: '/slack/token' };
  let secrets: ReturnType<typeof createSecrets>;
  beforeEach(async () => {
    now = 0;
    await put(names.signingSecrets, 'newer older');
    await put(names.botToken, 'xoxb-1');
    secrets = createSecrets({ ...names, now: () => now }, client);
  });

  it('are read once, and again after some minutes: a new one is taken up', async () => {
    expect(await read()).toEqual({ signing: ['newer', 'older'], botToken: 'xoxb-1' });
    await put(names.botToken, 'xoxb-2');
    expect((await read()).botToken).toBe('xoxb-1');
    now += 4 * 60_000;
    expect((await read()).botToken).toBe('xoxb-2');
  });

  it('that are missing are named, and no value is', async () => {
    const missing = createSecrets({ ...names, botToken: '/slack/none', now: () => now }, client);
    const error = await missing().catch((one: Error) => one);
    expect(String(error)).toContain('/slack/none is missing');
    expect(String(error)).not.toContain('newer');
  });

  it('serve on while the Parameter Store cannot be read', async () => {
    const gone = new SSMClient({ endpoint: 'http://127.0.0.1:9', region: 'eu-west-1', maxAttempts: 1 });
    let isGone = false;
    const either = { send: (...given: Parameters<SSMClient['send']>) => (isGone ? gone : client).send(...given) };
    const kept = createSecrets({ ...names, now: () => now }, either as SSMClient);
    await kept();
    isGone = true;
    now += 4 * 60_000;
    expect((await kept()).botToken).toBe('xoxb-1');
  });
});
