import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import type { Operation } from '../../../contract/operation-answer.ts';
import type { ServiceStatus } from '../../../contract/services.ts';
import type { Notice } from '../model/ports.ts';
import { PROVEN_WORDS } from '../words/service-words.ts';
import {
  buttonWords,
  noticeWords,
  type Question,
  questionLines,
  questionTitle,
  restWords,
  statusLine,
} from '../words/slack-words.ts';
import type { SlackMessage } from './web-api.ts';

/** Sentences as Slack shows them. Pure. */

/** What people and services are called must not become a link or a mention. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** The most that one section holds. @see https://docs.slack.dev/reference/block-kit/blocks/section-block */
const LONGEST_SECTION = 3_000;

const section = (text: string): KnownBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: text.length <= LONGEST_SECTION ? text : `${text.slice(0, LONGEST_SECTION - 1)}…` },
});

/** Sentences of our own making; those that hold a channel's link are not escaped. */
export const plainMessage = (text: string): SlackMessage => ({ text, blocks: [section(text)] });

export const textMessage = (text: string): SlackMessage => plainMessage(escaped(text));

export function helpMessage(help: string): SlackMessage {
  const lines = help.split('\n').map((line) => escaped(line).replace(/^(\/\S+[^–]*?) – /, '`$1` – '));
  return plainMessage(lines.join('\n'));
}

/** As few sections as hold these lines: Slack takes 50 blocks in a message. */
function sectionsOf(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const joined = `${last}\n${line}`;
    if (last !== undefined && joined.length <= LONGEST_SECTION) texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  return texts.map(section);
}

/** What may be too long for one section, under its first line. */
export const linesMessage = ([title = '', ...lines]: readonly string[]): SlackMessage => {
  const texts = lines.map(escaped);
  return {
    text: [escaped(title), ...texts].join('\n'),
    blocks: sectionsOf([`*${escaped(title)}*`, ...texts]),
  };
};

/** More are no answer that anybody reads: those that stand out come first. */
const MOST_TOLD = 40;

export function statusMessage(statuses: readonly ServiceStatus[], now: number): SlackMessage {
  const all = statuses.map((status) => ({ title: status.title, ...statusLine(status, now) }));
  const isQuiet = ({ word }: { word: string }) => word === PROVEN_WORDS.normal;
  const lines = [...all.filter((line) => !isQuiet(line)), ...all.filter(isQuiet)].slice(0, MOST_TOLD);
  const told = all.length <= MOST_TOLD ? all : lines;
  const rest = all.length > told.length ? [restWords(all.length - told.length)] : [];
  return {
    text: [...told.map(({ title, word }) => `${title}: ${word}`), ...rest].map(escaped).join('; '),
    blocks: sectionsOf([
      ...told.map(({ title, word, text }) => `*${escaped(title)}: ${escaped(word)}*\n${escaped(text)}`),
      ...rest,
    ]),
  };
}

/** How a service is now; facts of it stand under this. */
export function boardMessage(status: ServiceStatus, environment: string, now: number): SlackMessage {
  const { word, text } = statusLine(status, now);
  const title = `${status.title} (${environment}): ${word}`;
  return { text: escaped(`${title} – ${text}`), blocks: [section(`*${escaped(title)}*\n${escaped(text)}`)] };
}

export const OPEN_NOW = 'open-now';
export const TAKE_OVER = 'take-over';
export const ON_IT = 'on-it';

/** @param id - Of the notice. @param by - Who said that they are on it. */
export function noticeMessage({ subject, message, service }: Notice, id: string, by?: string): SlackMessage {
  const onIt = by === undefined ? '' : `\n${noticeWords.isOnIt(by)}`;
  const buttons = [
    ...(service === undefined
      ? []
      : [
          button(noticeWords.openNow, OPEN_NOW, service, 'primary'),
          button(noticeWords.takeOver, TAKE_OVER, service, 'danger'),
        ]),
    ...(by === undefined ? [button(noticeWords.onIt, ON_IT, id)] : []),
  ];
  return {
    text: escaped(`${subject} ${message}${onIt}`),
    blocks: [
      section(`:warning: *${escaped(subject)}*\n${escaped(message)}${escaped(onIt)}`),
      ...(buttons.length > 0 ? [{ type: 'actions' as const, elements: buttons }] : []),
    ],
  };
}

export const RUN = 'run';
export const CANCEL = 'cancel';

/** @param id - Of the record that the buttons speak of. */
export function questionMessage(question: Question, id: string, takesOver: boolean): SlackMessage {
  const title = questionTitle(question);
  const lines = questionLines(question);
  const { action } = question;
  const words = takesOver ? buttonWords.takeOver(action) : buttonWords.run(action);
  const buttons: ActionsBlock = {
    type: 'actions',
    elements: [
      button(words, RUN, id, action === 'exit' && !takesOver ? 'primary' : 'danger'),
      button(buttonWords.cancel, CANCEL, id),
    ],
  };
  return {
    text: [title, ...lines].map(escaped).join(' '),
    blocks: [section(`*${escaped(title)}*\n${lines.map(escaped).join('\n')}`), buttons],
  };
}

const button = (text: string, action_id: string, value: string, style?: 'primary' | 'danger'): Button => ({
  type: 'button',
  action_id,
  value,
  text: { type: 'plain_text', text },
  ...(style ? { style } : {}),
});

/** What became of a question: its buttons are gone. */
export const answeredMessage = (title: string, answer: string): SlackMessage => ({
  text: escaped(`${title} ${answer}`),
  blocks: [section(`*${escaped(title)}*\n${escaped(answer)}`)],
});

const MARKS: Readonly<Record<Operation['state'], string>> = {
  refused: ':no_entry:',
  pending: ':hourglass_flowing_sand:',
  accepted: ':hourglass_flowing_sand:',
  verified: ':white_check_mark:',
  superseded: ':leftwards_arrow_with_hook:',
};

/** How far it has come, one paragraph for each service. */
export function progressMessage(title: string, told: readonly Pick<Operation, 'state' | 'message'>[]): SlackMessage {
  const lines = told.map(({ state, message }) => `${MARKS[state]} ${escaped(message)}`);
  return {
    text: told.map(({ message }) => escaped(message)).join(' '),
    blocks: sectionsOf([`*${escaped(title)}*`, ...lines]),
  };
}
