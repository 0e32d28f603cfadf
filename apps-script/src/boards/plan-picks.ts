import { type Action, actionByTitle } from '../../../contract/modes.ts';
import type { Effect, PlanInputs } from '../effects.ts';
import { AUTHORITY_MS, type OutboxEntry, rowIdOf } from '../entry-record.ts';
import { findNamed, mayAct, namesOf } from '../known-services.ts';
import { confirmationKey, confirmationOf } from '../on-plan.ts';
import { ACTION_TITLES, isPerson } from '../plan.ts';
import { isMeant } from '../put-back.ts';
import { hasStatus, type Row } from '../rundown.ts';
import { pickSays } from './pick-words.ts';

/**
 * What should happen with what was picked in *Do now*: a pure function, as the rundown's is. One pick is one operation:
 * its event may come twice, late, or never.
 */
export function planPicks(inputs: PlanInputs): Effect[] {
  const effects = inputs.rundown.rows.flatMap((row) => planPick(row, inputs));
  return [...effects, ...spent(effects, inputs)];
}

const isFresh = ({ at }: OutboxEntry, now: number): boolean => now - at <= AUTHORITY_MS;
const answer = (row: Row, result: string, status?: string): Effect[] => [
  { kind: 'tell', row, cells: { pick: '', result, ...(status === undefined ? {} : { status }) } },
];

function planPick(row: Row, inputs: PlanInputs): Effect[] {
  const { entries, authority, now } = inputs;
  const own = entries.find((entry) => rowIdOf(entry) === row.operation);
  if (own?.phase === 'claiming' && hasStatus(row, 'Running')) return authority ? [] : marked(row, own, inputs);
  const isRunning = own?.phase === 'sent';
  if (row.action === '') return authority || isRunning ? [] : lost(row);
  // The same word over what is running is not another wish; another word is, and overtakes it.
  if (isRunning && own.action === row.action) return [];
  const isTheirs = isCovered(row, inputs) && isTyped(row, authority?.typed);
  const left = entries.filter((entry) => entry.phase === 'claiming' && isMeant(entry, row) && isFresh(entry, now));
  if (left.length > 0 && !(isTheirs && isPerson(inputs))) {
    return authority ? [] : [{ kind: 'resume', row, entries: left }];
  }
  if (!isTheirs) return authority ? [] : [{ kind: 'unseen', row }];
  if (row.service === '') return answer(row, pickSays.noService);
  return start(row, inputs, isRunning);
}

const isCovered = ({ number }: Row, { authority }: PlanInputs): boolean =>
  authority?.coversStatus === true && number >= authority.firstRow && number <= authority.lastRow;

const isTyped = ({ action }: Row, typed: string | undefined): boolean =>
  typed === undefined || typed.trim().toLowerCase() === action.toLowerCase();

/** An execution died after it marked the row and before it sent anything. */
function marked(row: Row, entry: OutboxEntry, { entries, now }: PlanInputs): Effect[] {
  const left = entries.filter((one) => rowIdOf(one) === rowIdOf(entry));
  if (isMeant(entry, row) && isFresh(entry, now)) return [{ kind: 'resume', row, entries: left }];
  return [
    { kind: 'tell', row, cells: { pick: '', status: '', result: pickSays.interrupted, operation: '' } },
    { kind: 'forget', entry },
  ];
}

/** Running is the script's word. Under an id that the outbox does not know the API is asked; under none it is not true. */
function lost(row: Row): Effect[] {
  if (!hasStatus(row, 'Running')) return [];
  return row.operation === '' ? answer(row, pickSays.notRunning, '') : [{ kind: 'stray', row }];
}

function start(row: Row, inputs: PlanInputs, isRunning: boolean): Effect[] {
  const { authority, known, confirmations, now } = inputs;
  // While an operation runs here, Status is its word.
  const no = (result: string, status: string): Effect[] => answer(row, result, isRunning ? undefined : status);
  if (!isPerson(inputs)) return no(pickSays.nobodyNamed, 'Failed');
  const action = actionByTitle(row.action);
  if (!action) return no(pickSays.unknownAction(row.action, ACTION_TITLES), 'Failed');
  const named = findNamed(known, row.service);
  if (!named) return no(pickSays.unknownService(row.service, namesOf(known)), 'Failed');
  const requestedBy = (authority?.user ?? '').trim();
  const confirmed = confirmationOf(confirmations, row, requestedBy, now);
  const isAsked =
    named.members.some(({ isProduction }) => isProduction) &&
    named.members.every((member) => mayAct(member, requestedBy));
  if (isAsked && !confirmed) {
    const confirmation = { key: confirmationKey(row), kind: 'off-plan', user: requestedBy, at: now } as const;
    const [told] = no(pickSays.pickAgain(row.action, named.title), '');
    return told?.kind === 'tell' ? [{ ...told, confirmation }] : [];
  }
  return [
    { kind: 'start', row, named, action: action as Action, requestedBy, takeOver: confirmed?.kind === 'take-over' },
  ];
}

/** Authority that was never used: too old, or given anew. */
function spent(effects: readonly Effect[], { entries, now }: PlanInputs): Effect[] {
  const started = effects.flatMap((effect) => (effect.kind === 'start' ? [effect.row] : []));
  const resumed = effects.flatMap((effect) => (effect.kind === 'resume' ? effect.entries : []));
  const told = effects.flatMap((effect) => (effect.kind === 'forget' ? [effect.entry] : []));
  return entries
    .filter((entry) => entry.phase === 'claiming' && !resumed.includes(entry) && !told.includes(entry))
    .filter((entry) => !isFresh(entry, now) || started.some((row) => isMeant(entry, row)))
    .map((entry): Effect => ({ kind: 'forget', entry }));
}
