import type { Action } from '../../../contract/modes.ts';
import { isRefused } from '../operate/foresee.ts';
import { type Examined, factsOf, type RulesInputs } from '../operate/rehearsal-facts.ts';
import { rehearsalMessages } from '../words/rehearsal-words.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RehearsedMember, RehearsedStep } from './plan/rehearse-steps.ts';
import { plannedWords, wallTime } from './plan/wall-time.ts';

/** What a rehearsal came to, in words. Pure. */

export interface ResultInputs extends RulesInputs {
  /** What was found, by service. */
  readonly examined: ReadonlyMap<string, Examined>;
  readonly timeZone: string;
  /** When it was rehearsed, in milliseconds since the epoch. */
  readonly now: number;
}

export interface Said {
  readonly words: string;
  /** It would not just run. */
  readonly isAmiss: boolean;
}

export function resultOfStep({ row, members, wrong, asks }: RehearsedStep, inputs: ResultInputs): Said {
  if (wrong !== undefined || !row.meant) {
    return { words: rehearsalMessages.notUnderstood(wrong ?? '', whenWords(inputs)), isAmiss: true };
  }
  const { words, isAmiss } = resultOf(members, { action: row.meant, asks, isPick: false }, inputs);
  return { words, isAmiss: isAmiss || asks !== undefined };
}

interface Asked {
  readonly action: Action;
  readonly asks: string | undefined;
  readonly isPick: boolean;
}

/** A line for each service. */
export function resultOf(members: readonly RehearsedMember[], asked: Asked, inputs: ResultInputs): Said {
  const all = members.map((member) => resultOfMember(member, asked, inputs));
  return { words: all.map(({ words }) => words).join('\n'), isAmiss: all.some(({ isAmiss }) => isAmiss) };
}

function resultOfMember(
  { service, title, outcome }: RehearsedMember,
  { action, asks, isPick }: Asked,
  inputs: ResultInputs,
): Said {
  const when = whenWords(inputs);
  if (isRefused(outcome)) {
    const isHeld = outcome.code === 'HELD_BY_OTHER';
    const message = isHeld ? stepMessages.heldByOther(outcome.message, isPick) : outcome.message;
    return { words: rehearsalMessages.refused({ title, action, message }, when), isAmiss: true };
  }
  const facts = factsOf(outcome, inputs.examined.get(service) ?? { targets: [], pages: [] }, inputs);
  const formatTime = (iso: string) => plannedWords(Date.parse(iso), inputs.timeZone);
  return { words: rehearsalMessages.would(facts, { formatTime, when, asks }), isAmiss: facts.faults.length > 0 };
}

/** `2026-11-22 16:05`, on the sheet's clock: it is read on another day. */
export const whenWords = ({ now, timeZone }: Pick<ResultInputs, 'now' | 'timeZone'>): string =>
  wallTime(now, timeZone).slice(0, 16);
