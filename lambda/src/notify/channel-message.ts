import type { Notice } from '../model/ports.ts';

/** A notice as Amazon Q Developer in chat applications shows it [1]. Pure.
 * @see [1] https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export const channelMessage = ({ subject, message, thread }: Notice) => ({
  version: '1.0',
  source: 'custom',
  content: {
    textType: 'client-markdown',
    title: cut(escaped(subject), LONGEST_TITLE),
    description: cut(escaped(message), LONGEST_DESCRIPTION),
  },
  ...(thread === undefined ? {} : { metadata: { threadId: thread } }),
});

const LONGEST_TITLE = 250;
/** Slack shows no more of it in one section. */
const LONGEST_DESCRIPTION = 3_000;

const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;

/** What somebody typed must not become a link or a mention. */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
