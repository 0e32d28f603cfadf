import { type Action, MOVES } from '../../../contract/modes.ts';
import { didYouMean, NOTHING_RUN } from './phrases.ts';

/** What Drawbridge says in a channel that Amazon Q Developer looks after. */

/** As audits and sentences name who asked. */
export const channelWords = (channel: string): string => `channel ${channel}, person not proven`;

export const chatMessages = {
  unknownCommand: (typed: string, meant: string | undefined, allowed: readonly string[]) =>
    `${NOTHING_RUN} There is no "${typed}".${didYouMean(meant)} ` + `This channel may ask for: ${allowed.join(', ')}.`,
  mayNot: (command: string, allowed: readonly string[]) =>
    `${NOTHING_RUN} This channel may not ask for ${command}. It may ask for: ${allowed.join(', ')}.`,
  noService: (command: string, names: readonly string[]) =>
    `${NOTHING_RUN} Say which service to ${command}. There are: ${names.join(', ')}.`,
  oneService: (typed: string, members: readonly string[]) =>
    `${NOTHING_RUN} "${typed}" is a group, and a channel asks for one service at a time: ${members.join(', ')}.`,
  wrongPayload: (why: string) => `${NOTHING_RUN} This is not what the commands of the channel send. ${why}`,
  refused: (why: string) => `${NOTHING_RUN} ${why}`,
} as const;

export const chatTitles = {
  status: (environment: string) => `Services (${environment})`,
  wish: (action: Action, title: string, environment: string) => `${MOVES[action].title}: ${title} (${environment})`,
  refused: (environment: string) => `Not run (${environment})`,
} as const;
