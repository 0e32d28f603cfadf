import type { EnvironmentConfig } from '../../config/schema.ts';
import type { StackOutputs } from '../stack-outputs.ts';
import { broken, type Finding, ifAllowed, ok, withPermission } from './finding.ts';

/** Who hears what is published to a topic. */
export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  /** SNS has sent a link, and nobody has opened it. */
  readonly isPending: boolean;
}

export type SubscriptionReader = (topicArn: string) => Promise<Subscription[]>;

/** What Amazon Q Developer in chat applications subscribes to each topic of a channel. */
const CHAT_ENDPOINT = 'sns-api.chatbot.amazonaws.com';

/** Whether anybody hears that a site is closed, and that closing it failed. */
export async function checkNotices(
  read: SubscriptionReader,
  { noticeTopicArn, chatAnswersTopicArn }: StackOutputs,
  { alarms, slack, chat }: Pick<EnvironmentConfig, 'alarms' | 'slack' | 'chat'>,
): Promise<Finding[]> {
  return ifAllowed('Who hears of notices', async () => {
    const notices = await withPermission('sns:ListSubscriptionsByTopic', () => read(noticeTopicArn));
    const findings = [judgeListeners(notices, slack !== undefined), ...judgeAddresses(notices, alarms.email)];
    if (!chat) return findings;
    if (chatAnswersTopicArn === undefined)
      return [...findings, broken('Nothing answers the chat channel.', 'The config names it since: deploy the stack.')];
    const answers = await withPermission('sns:ListSubscriptionsByTopic', () => read(chatAnswersTopicArn));
    return [...findings, judgeChat(notices, 'notices'), judgeChat(answers, 'answers')];
  });
}

function judgeListeners(found: readonly Subscription[], hasSlackApp: boolean): Finding {
  const count = found.filter(({ isPending }) => !isPending).length;
  if (count > 0) return ok(`${count} ${count === 1 ? 'subscriber hears' : 'subscribers hear'} of notices and alarms.`);
  if (hasSlackApp) {
    return broken(
      'Nobody but the Slack app tells of notices, and nobody hears of alarms: it tells none of those.',
      'Name an address in the config, alarms.email, and deploy.',
    );
  }
  return broken('Nobody hears of notices and alarms.', 'Name an address in the config, alarms.email, and deploy.');
}

/** Each address that the config names. */
function judgeAddresses(found: readonly Subscription[], addresses: readonly string[]): Finding[] {
  return addresses.flatMap((address) => {
    const subscription = found.find(({ endpoint }) => endpoint.toLowerCase() === address.toLowerCase());
    if (!subscription) return [broken(`${address} hears of nothing.`, 'It is in the config: deploy the stack.')];
    return subscription.isPending
      ? [broken(`${address} hears of nothing yet.`, 'Open the link in the mail that SNS has sent to it.')]
      : [];
  });
}

function judgeChat(found: readonly Subscription[], what: string): Finding {
  const isThere = found.some(({ endpoint, isPending }) => endpoint.includes(CHAT_ENDPOINT) && !isPending);
  return isThere
    ? ok(`The chat channel gets ${what}.`)
    : broken(
        `The chat channel gets no ${what}.`,
        'Allow the workspace in Amazon Q Developer in chat applications, invite @Amazon Q, and deploy (docs/slack.md).',
      );
}
