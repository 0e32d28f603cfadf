import * as z from 'zod/mini';
import { ACTIONS, type Action } from '../../../contract/modes.ts';
import { parse } from '../../../contract/parse.ts';
import { ProblemError } from '../../../contract/problem.ts';
import { nearest } from '../model/nearest.ts';
import type { Known } from '../model/service-names.ts';
import { readCommand } from '../slack/commands.ts';
import { chatMessages } from '../words/chat-words.ts';

/** What a channel's command sends, as what is meant. Pure. What is not understood is said, and never guessed. */
export type Ask =
  | { readonly kind: 'status'; readonly services: readonly string[] }
  | { readonly kind: 'wish'; readonly action: Action; readonly service: string }
  | { readonly kind: 'wrong'; readonly message: string };

const word = z.string('It must be text.').check(z.maxLength(64, 'It may have 64 characters at most.'));
const oneWord = word.check(z.regex(/^\S*$/, 'It must be one word.'));
const payload = z.strictObject({ command: oneWord, service: z.optional(oneWord) });

const wrong = (message: string): Ask => ({ kind: 'wrong', message });

/** @param allowed - What the config lets the channel ask for; whether it may do more is judged where all doors meet. */
export function readAsk(event: unknown, known: Known, allowed: readonly string[]): Ask {
  let asked: z.output<typeof payload>;
  try {
    asked = parse(payload, event);
  } catch (error) {
    if (error instanceof ProblemError) return wrong(chatMessages.wrongPayload(error.message));
    throw error;
  }
  const { command, service = '' } = asked;
  const verb = command.toLowerCase();
  const action = ACTIONS.find((one) => one === verb);
  if (!action && verb !== 'status') {
    return wrong(chatMessages.unknownCommand(command, nearest(verb, allowed), allowed));
  }
  if (!action && !allowed.includes(verb)) return wrong(chatMessages.mayNot(verb, allowed));
  const meant = readCommand(`${verb} ${service}`, known, '');
  if (meant.kind === 'status') return { kind: 'status', services: meant.services };
  if (meant.kind === 'wrong') return wrong(meant.message);
  if (meant.kind !== 'wish') return wrong(chatMessages.noService(verb, namesIn(known)));
  const [only, ...others] = meant.wish.services;
  if (only === undefined || others.length > 0) return wrong(chatMessages.oneService(service, meant.wish.services));
  return { kind: 'wish', action: meant.wish.action, service: only };
}

const namesIn = (known: Known): string[] => known.filter(({ isGroup }) => !isGroup).map(({ name }) => name);
