import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from '../model/ports.ts';
import { timeouts } from '../model/sdk-timeouts.ts';
import { channelMessage } from './channel-message.ts';

/** The only file that knows SNS. */

/** Returning means that SNS took it. It may arrive twice. */
export type Notify = (notice: Notice) => Promise<void>;

/** A topic that hangs must not keep the services waiting. */
const newClient = () => new SNSClient({ maxAttempts: 2, requestHandler: timeouts(3_000) });

export interface NotifyOptions {
  /** A chat channel hears it besides those who get e-mail. */
  readonly forChannel?: boolean;
}

export function createNotify(
  topicArn: string,
  client = newClient(),
  { forChannel = false }: NotifyOptions = {},
): Notify {
  return async (notice) => {
    const body = forChannel ? bothWays(notice) : { Message: notice.message };
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subjectLine(notice.subject), ...body }));
  };
}

/** A channel subscribes over https, and reads nothing but its own schema; everybody else gets the text. */
const bothWays = (notice: Notice) => ({
  MessageStructure: 'json',
  Message: JSON.stringify({ default: notice.message, https: JSON.stringify(channelMessage(notice)) }),
});

/** E-mail subjects: ASCII in one line. "Less than 100 characters" [1]. @see [1] https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST_SUBJECT = 99;

export const subjectLine = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’]/g, "'")
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, LONGEST_SUBJECT);
