import type { ServiceStatus } from '../../../contract/services.ts';
import type { SlackRecord } from '../model/slack-record.ts';
import { slackMessages } from '../words/slack-words.ts';
import { CANCEL, RUN } from './messages.ts';

/** What a service is, as far as a person's decision rests on it. */
export const shownOf = ({ service, mode, revision, operationId, holder }: ServiceStatus): string =>
  JSON.stringify([service, mode, revision, operationId ?? '', holder?.by ?? '']);

/** A question stays one for so long: after that nobody remembers what they were shown. */
const LONGEST_QUESTION_MS = 10 * 60_000;

export interface Press {
  readonly button: string;
  readonly userId: string;
  /** Of the message that it was in. */
  readonly ts: string;
  /** What the services are by now. */
  readonly shown: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type PressVerdict =
  | { readonly do: 'run' }
  /** Told to the person alone; `ends` takes the buttons away for everybody. */
  | { readonly do: 'refuse'; readonly message: string; readonly ends: boolean }
  | { readonly do: 'cancel'; readonly message: string };

/** What pressing a button of a question means. Pure. */
export function judgePress(record: SlackRecord | undefined, press: Press): PressVerdict {
  const refuse = (message: string, ends = false): PressVerdict => ({ do: 'refuse', message, ends });
  if (!record || record.ts !== press.ts) return refuse(slackMessages.unknownButton);
  if (record.state !== 'asked') return refuse(slackMessages.alreadyOver);
  if (record.by.userId !== press.userId) return refuse(slackMessages.notYours(record.by.email));
  if (press.button === CANCEL) return { do: 'cancel', message: slackMessages.cancelled(record.by.email) };
  if (press.button !== RUN) return refuse(slackMessages.unknownButton);
  if (press.now - Date.parse(record.at) > LONGEST_QUESTION_MS) return refuse(slackMessages.tooLate(record.at), true);
  const isSame = record.shown?.join() === press.shown.join();
  return isSame ? { do: 'run' } : refuse(slackMessages.changed, true);
}
