import type { ModalView, PlainTextOption } from '@slack/types';
import { ACTIONS, type Action, MOVES } from '../../../contract/modes.ts';
import { findNamed, type Known } from '../model/service-names.ts';
import { commandMessages, formWords } from '../words/slack-words.ts';
import { detailed, type Intent } from './commands.ts';

/** The form for anyone who does not know the words; and what was chosen in it. Pure. */

const FIELDS = { action: 'action', service: 'service', addresses: 'addresses', duration: 'duration' } as const;

const plain = (text: string) => ({ type: 'plain_text', text }) as const;
/** The most characters of an option's text. */
const LONGEST_OPTION = 75;
const option = (value: string, text: string): PlainTextOption => ({
  text: plain(text.slice(0, LONGEST_OPTION)),
  value,
});

/** Slack shows so many options of one list at most. */
const MOST_OPTIONS = 100;

/** @param channel - Where it was asked for. */
export function formView(known: Known, channel: string, action: Action | undefined): ModalView {
  const actions = ACTIONS.map((one) => option(one, MOVES[one].title));
  const services = known.slice(0, MOST_OPTIONS).map(({ name, title }) => option(name, title));
  const chosen = actions.find(({ value }) => value === action);
  const text = (name: string, label: string, hint: string) =>
    ({
      type: 'input',
      block_id: name,
      optional: true,
      label: plain(label),
      hint: plain(hint),
      element: { type: 'plain_text_input', action_id: name },
    }) as const;
  const select = (name: string, label: string, options: PlainTextOption[], initial?: PlainTextOption) =>
    ({
      type: 'input',
      block_id: name,
      label: plain(label),
      element: {
        type: 'static_select',
        action_id: name,
        options,
        ...(initial ? { initial_option: initial } : {}),
      },
    }) as const;
  return {
    type: 'modal',
    callback_id: 'wish',
    private_metadata: channel,
    title: plain(formWords.title),
    submit: plain(formWords.submit),
    close: plain(formWords.close),
    blocks: [
      select(FIELDS.action, formWords.action, actions, chosen),
      select(FIELDS.service, formWords.service, services),
      text(FIELDS.addresses, formWords.addresses, formWords.addressesHint),
      text(FIELDS.duration, formWords.duration, formWords.durationHint),
    ],
  };
}

export function readFields(fields: Readonly<Record<string, string>>, known: Known): Intent {
  const action = ACTIONS.find((one) => one === fields.action);
  const named = findNamed(known, fields.service ?? '');
  if (!action || !named) {
    const names = known.map(({ name }) => name);
    return { kind: 'wrong', message: commandMessages.unknownService(fields.service ?? '', undefined, names) };
  }
  const services = named.members.map(({ name }) => name);
  const duration = fields.duration?.trim() || undefined;
  return detailed({ action, named: named.name, services }, fields.addresses ?? '', duration);
}
