import { checkAllowlistEntry } from '../../../contract/allowlist.ts';
import { readDuration } from '../../../contract/duration.ts';
import { ACTIONS, type Action } from '../../../contract/modes.ts';
import { nearest } from '../model/nearest.ts';
import { findNamed, type Known, namedLike, namesOf } from '../model/service-names.ts';
import type { Wish } from '../model/slack-record.ts';
import { commandMessages } from '../words/slack-words.ts';

/** What was typed after the slash command, as what is meant. Pure. What is not understood is said, and never guessed. */
export type Intent =
  | { readonly kind: 'help' }
  | { readonly kind: 'status'; readonly services: readonly string[] }
  /** Words are missing: the person is given a form. */
  | { readonly kind: 'form'; readonly action?: Action }
  | { readonly kind: 'wish'; readonly wish: Wish }
  /** What would come of it, with nothing changed. */
  | { readonly kind: 'rehearsal'; readonly wish: Wish }
  | { readonly kind: 'wrong'; readonly message: string };

const REHEARSE = 'rehearse';
const COMMANDS = ['status', ...ACTIONS, REHEARSE, 'help'];

const wrong = (message: string): Intent => ({ kind: 'wrong', message });

export function readCommand(text: string, known: Known, command: string): Intent {
  const [first = '', named = '', ...rest] = text.trim().split(/\s+/);
  const verb = first.toLowerCase();
  if (verb === '') return { kind: 'form' };
  if (verb === 'help') return { kind: 'help' };
  if (verb === REHEARSE) return rehearsal(readCommand([named, ...rest].join(' '), known, command), command);
  const action = ACTIONS.find((one) => one === verb);
  if (!action && verb !== 'status') {
    return wrong(commandMessages.unknownCommand(first, nearest(verb, COMMANDS), { command, commands: COMMANDS }));
  }
  if (named === '') return action ? { kind: 'form', action } : { kind: 'status', services: [] };
  const found = findNamed(known, named);
  if (!found) return wrong(unknownService(named, known));
  const services = found.members.map(({ name }) => name);
  if (!action) return rest.length > 0 ? wrong(commandMessages.tooMuch(rest.join(' '))) : { kind: 'status', services };
  return withDetails({ action, named: found.name, services }, rest);
}

/** Whatever could be run can be rehearsed; a form would ask for the real thing. */
function rehearsal(meant: Intent, command: string): Intent {
  if (meant.kind === 'wish') return { kind: 'rehearsal', wish: meant.wish };
  return meant.kind === 'wrong' ? meant : wrong(commandMessages.rehearseWhat(command));
}

function unknownService(named: string, known: Known): string {
  const [one, other] = namedLike(known, named);
  if (one && other) return commandMessages.severalServices(named, [one.name, other.name]);
  return commandMessages.unknownService(named, nearest(named.toLowerCase(), namesOf(known)), namesOf(known));
}

/** Addresses, and for how long. */
function withDetails(wish: Wish, rest: readonly string[]): Intent {
  const at = rest.findIndex((word) => word.toLowerCase() === 'for');
  const before = at < 0 ? rest : rest.slice(0, at);
  const duration = at < 0 ? undefined : rest.slice(at + 1).join(' ');
  return detailed(wish, before.join(' '), duration);
}

/** @param addresses - Separated by blanks or commas. @param duration - undefined: nothing was said of it. */
export function detailed(wish: Wish, addresses: string, duration: string | undefined): Intent {
  const ranges: string[] = [];
  for (const typed of addresses.split(/[\s,;]+/).filter((one) => one !== '')) {
    if (wish.action !== 'enable-allowlist') return wrong(commandMessages.tooMuch(typed));
    const checked = checkAllowlistEntry(typed);
    if (!checked.ok) return wrong(commandMessages.wrongAddress(typed, checked.message));
    ranges.push(checked.cidr);
  }
  if (duration === undefined) return { kind: 'wish', wish: ranges.length > 0 ? { ...wish, ranges } : wish };
  const hasDuration = wish.action === 'enter' || (wish.action === 'enable-allowlist' && ranges.length > 0);
  if (!hasDuration) return wrong(commandMessages.noDuration(wish.action));
  const forMs = readDuration(duration);
  if (forMs === undefined) return wrong(commandMessages.wrongDuration(duration));
  return { kind: 'wish', wish: { ...wish, ...(ranges.length > 0 ? { ranges } : {}), forMs } };
}
