import { checkNotices, type Subscription, type SubscriptionReader } from '../../../../ops/doctor/notices.ts';
import { awsError } from '../aws.ts';

const NOTICES = 'arn:aws:sns:eu-west-1:111122223333:notices';
const ANSWERS = 'arn:aws:sns:eu-west-1:111122223333:answers';
const outputs = {
  ...{ apiUrl: 'https://api.example.com', tokenUrl: 'https://auth.example.com', userPoolId: 'p', clientId: 'c' },
  noticeTopicArn: NOTICES,
};
const withChat = { ...outputs, chatAnswersTopicArn: ANSWERS };
const alarms = { email: ['duty@example.com'] };
const chat = { workspace: 'T0123456789', channel: 'C0123456789' };
const mail: Subscription = { protocol: 'email', endpoint: 'Duty@example.com', isPending: false };
const channel: Subscription = {
  ...{ protocol: 'https', endpoint: 'https://global.sns-api.chatbot.amazonaws.com' },
  isPending: false,
};
const of =
  (found: Record<string, Subscription[]>): SubscriptionReader =>
  async (topicArn) =>
    found[topicArn] ?? [];

it('finds nothing where each address has said yes, and the channel gets notices and answers', async () => {
  expect(await checkNotices(of({ [NOTICES]: [mail] }), outputs, { alarms })).toEqual([
    { state: 'ok', what: '1 subscriber hears of notices and alarms.' },
  ]);
  const both = of({ [NOTICES]: [mail, channel], [ANSWERS]: [channel] });
  expect((await checkNotices(both, withChat, { alarms, chat })).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
});

it.each<[string, Subscription[], string]>([
  ['nobody hears', [], 'Nobody hears of notices and alarms.'],
  ['the link in the mail was never opened', [{ ...mail, isPending: true }], 'duty@example.com hears of nothing yet.'],
  [
    'an address of the config was never deployed',
    [{ ...mail, endpoint: 'other@example.com' }],
    'duty@example.com hears',
  ],
])('says what to do when %s', async (_what, found, expected) => {
  const findings = await checkNotices(of({ [NOTICES]: found }), outputs, { alarms });
  const told = findings.filter(({ state }) => state === 'broken');
  expect(told.map(({ what }) => what)).toContainEqual(expect.stringContaining(expected));
  expect(told.every(({ remedy }) => remedy)).toBe(true);
});

it('says that the Slack app tells of no alarm', async () => {
  const slack = {
    appId: 'A0123456789',
    workspaces: ['T0123456789'],
    channels: ['C0123456789'],
    command: '/drawbridge',
  };
  const [finding] = await checkNotices(of({}), outputs, { alarms: { email: [] }, slack });
  expect(finding).toMatchObject({ state: 'broken', what: expect.stringContaining('nobody hears of alarms') });
});

it('says what the chat channel does not get', async () => {
  const about = { alarms, chat };
  const found = await checkNotices(of({ [NOTICES]: [mail, channel], [ANSWERS]: [] }), withChat, about);
  expect(found.at(-1)).toMatchObject({ state: 'broken', what: 'The chat channel gets no answers.' });
  const before = await checkNotices(of({ [NOTICES]: [mail] }), outputs, about);
  expect(before.at(-1)).toMatchObject({ state: 'broken', what: 'Nothing answers the chat channel.' });
});

it('says what these credentials may not read', async () => {
  const denied = () => Promise.reject(awsError('AuthorizationErrorException'));
  expect(await checkNotices(denied, outputs, { alarms })).toMatchObject([
    { state: 'unknown', remedy: expect.stringContaining('sns:ListSubscriptionsByTopic') },
  ]);
});
