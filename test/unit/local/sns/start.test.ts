import { ListTopicsCommand, NotFoundException, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { createNotify } from '../../../../lambda/src/notify/sns.ts';
import { type Sns, startSns } from '../../../../local/sns/start.ts';
import type { Hop } from '../../../../local/trace.ts';

/** What the SDK of this version sends, and what it makes of the answers. */

const NOW = Date.parse('2026-11-22T02:00:00Z');
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:drawbridge-production';
const STAGING = 'arn:aws:sns:eu-west-1:444455556666:drawbridge-staging';

let sns: Sns;
let hops: Hop[];
const clients: SNSClient[] = [];
function client(accessKeyId = 'production'): SNSClient {
  const credentials = { accessKeyId, secretAccessKey: 'local' };
  const one = new SNSClient({ endpoint: sns.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  clients.push(one);
  return one;
}
beforeEach(async () => {
  hops = [];
  sns = await startSns({
    clock: { now: () => NOW },
    trace: (hop) => hops.push(hop),
    publishers: [
      { environment: 'production', accessKeyId: 'production', topicArn: TOPIC },
      { environment: 'staging', accessKeyId: 'staging', topicArn: STAGING },
    ],
  });
});
afterEach(async () => {
  for (const one of clients.splice(0)) one.destroy();
  await sns.close();
});
const publish = (more: object = {}, who = client()) =>
  who.send(new PublishCommand({ TopicArn: TOPIC, Subject: 'Shop', Message: 'closed', ...more }));

it('keeps what the Lambda publishes, with every sign, and shows it as a hop', async () => {
  await createNotify(TOPIC, client())({ subject: 'Shop & “more” is closed', message: 'Line 1 & <b>\nLine “2” +%' });
  expect(sns.notices).toEqual([
    {
      at: NOW,
      environment: 'production',
      topicArn: TOPIC,
      subject: 'Shop & ?more? is closed',
      message: 'Line 1 & <b>\nLine “2” +%',
    },
  ]);
  expect(hops).toMatchObject([
    { part: 'sns', what: 'Publish Shop & ?more? is closed', ok: true, environment: 'production' },
  ]);
});

it('answers with a message id', async () => {
  expect((await publish()).MessageId).toMatch(/^[0-9a-f-]{36}$/);
});

it('keeps the last hundred', async () => {
  const who = client();
  for (let index = 0; index < 105; index += 1) await publish({ Subject: `n${index}` }, who);
  expect(sns.notices).toHaveLength(100);
  expect(sns.notices[0]?.subject).toBe('n5');
});

it.each([
  ['a topic that does not exist', { TopicArn: `${TOPIC}-other` }, 'NotFoundException', 'Topic does not exist'],
  ['another account’s topic', { TopicArn: STAGING }, 'AuthorizationErrorException', 'not authorized'],
  ['an empty message', { Message: '' }, 'InvalidParameterException', 'Empty message'],
  ['a subject of a hundred characters', { Subject: 'x'.repeat(100) }, 'InvalidParameterException', 'Subject'],
  ['a subject of two lines', { Subject: 'a\nb' }, 'InvalidParameterException', 'Subject'],
  ['a message of more than 256 KB', { Message: 'x'.repeat(262_145) }, 'InvalidParameterException', 'too long'],
  [
    'what it does not support',
    { PhoneNumber: '+10000000000' },
    'InvalidParameterException',
    'PhoneNumber is not supported',
  ],
])('refuses %s', async (_what, more, name, message) => {
  await expect(publish(more)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  expect(sns.notices).toEqual([]);
  expect(hops).toMatchObject([{ part: 'sns', ok: false }]);
});

it('gives errors that the SDK knows', async () => {
  await expect(publish({ TopicArn: `${TOPIC}-other` })).rejects.toBeInstanceOf(NotFoundException);
});

it('refuses every other action by name', async () => {
  await expect(client().send(new ListTopicsCommand())).rejects.toMatchObject({
    message: 'The action "ListTopics" is not supported by the local SNS.',
  });
});

it('refuses whom it does not know', async () => {
  await expect(publish({}, client('nobody'))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});
