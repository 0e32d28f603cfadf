import { type Action, actionByTitle } from '../../contract/modes.ts';
import { GRACE_MS } from '../../contract/timing.ts';
import type { Effect, PlanInputs } from './effects.ts';
import { isSure, type OutboxEntry } from './entry-record.ts';
import { findNamed, mayAct, type Named } from './known-services.ts';
import { openBefore } from './on-plan.ts';
import { hasStatus, type Row } from './rundown.ts';
import { says } from './sentences.ts';

/** Steps that run by the clock (DESIGN D8). Pure. */

const HOUR_MS = 60 * 60_000;

/** A row that was set to Scheduled by a person who was seen: arm it, or say why not. */
export function arm(row: Row, named: Named, action: Action, requestedBy: string, inputs: PlanInputs): Effect[] {
  const { now, formatTime } = inputs;
  const no = (result: string): Effect[] => [{ kind: 'tell', row, cells: { status: 'Planned', result } }];
  if (row.plannedStart === '') return no(says.armNeedsTime);
  if (row.plannedAt === undefined) return no(says.armNeedsDate(shownPlan(row)));
  if (row.plannedAt <= now) return no(says.armPast(formatTime(row.plannedStart)));
  const stranger = named.members.find((member) => !mayAct(member, requestedBy));
  if (stranger) return no(says.armNotOperator(requestedBy, stranger.title, stranger.operators));
  return [{ kind: 'arm', row, named, action, requestedBy, at: row.plannedAt }];
}

/** A time without a date would be shown as a day of 1899. */
const shownPlan = ({ plannedStart }: Row): string =>
  /^18\d\d-|^190\d-/.test(plannedStart) ? plannedStart.slice(11, 16) : plannedStart;

/** What an armed row needs now: nothing, to run, to be moved, or to be disarmed. */
export function planArmed(row: Row, entry: OutboxEntry, isTouched: boolean, inputs: PlanInputs): Effect[] {
  const disarm = (result: string): Effect[] => [{ kind: 'disarm', row, entry, result }];
  const { authority, now, formatTime } = inputs;
  const { disarmed } = entry;
  if (disarmed)
    return isSure(disarmed, now) ? [{ kind: 'disarm', row, entry, result: disarmed.why, by: disarmed.by }] : [];
  if (!hasStatus(row, 'Scheduled')) {
    // The event of whoever changed it may still come.
    if (authority && !(isTouched && authority.coversStatus)) return [];
    if (hasStatus(row, 'Go')) return [{ kind: 'unseen', row }];
    // Another tick has fired it since our memory was read: what it says is newer than what we know.
    const isNewer = !authority && hasStatus(row, 'Running', 'Unproven', 'Done', 'Failed');
    if (isNewer) return now - entry.at > GRACE_MS ? [{ kind: 'forget', entry }] : [];
    const user = authority?.user || 'somebody';
    return disarm(hasStatus(row, 'Done') ? says.byHand(authority?.user ?? '') : says.disarmed(user));
  }
  if (!asksTheSame(entry, row))
    return isTouched ? disarm(says.disarmedMoved) : unlessSeen(row, authority !== undefined);
  if (entry.plannedStart !== row.plannedStart) {
    return isTouched ? move(row, entry, inputs) : unlessSeen(row, authority !== undefined);
  }
  if (entry.at > now) return row.operation === entry.id ? [] : relink(row, entry);
  if (authority) return [];
  if (now - entry.at > GRACE_MS) return fail(row, entry, says.missed(formatTime(row.plannedStart)));
  const named = findNamed(inputs.known, entry.service);
  const action = actionByTitle(entry.action);
  if (!named || !action) return disarm(says.disarmedMoved);
  const open = blocking(inputs, row, named).map(({ step }) => step);
  return open.length > 0 ? fail(row, entry, says.notInOrder(open)) : [{ kind: 'fire', row, entry, named, action }];
}

/** On production the order of the rundown holds, also for the clock. */
const blocking = ({ rundown, known }: Pick<PlanInputs, 'rundown' | 'known'>, row: Row, named: Named): Row[] =>
  named.members.some(({ isProduction }) => isProduction) ? openBefore(rundown, row, known) : [];

/** What will keep an armed step from running unless somebody sees to it: steps before it that do not run by themselves. */
export const mustBeDoneFirst = (inputs: Pick<PlanInputs, 'rundown' | 'known'>, row: Row, named: Named): string[] =>
  blocking(inputs, row, named).flatMap((one) => (hasStatus(one, 'Scheduled', 'Running') ? [] : [one.step]));

const asksTheSame = (entry: OutboxEntry, row: Row): boolean =>
  entry.step === row.step && entry.service === row.service && entry.action === row.action;

/** The event that changed it may still come; the minute tick waits for it. */
const unlessSeen = (row: Row, isEdit: boolean): Effect[] => (isEdit ? [] : [{ kind: 'unseen', row }]);

const relink = (row: Row, entry: OutboxEntry): Effect[] => [
  { kind: 'tell', row, cells: { operation: entry.id, by: entry.requestedBy } },
];

const fail = (row: Row, entry: OutboxEntry, result: string): Effect[] => [
  { kind: 'disarm', row, entry, result, status: 'Failed' },
];

/** Later, by an operator: stays armed. Anything else asks for a new Scheduled. */
function move(row: Row, entry: OutboxEntry, inputs: PlanInputs): Effect[] {
  const { authority, now } = inputs;
  const user = (authority?.user ?? '').trim();
  const disarm = (result: string): Effect[] => [{ kind: 'disarm', row, entry, result }];
  if (row.plannedAt === undefined || row.plannedAt <= now || row.plannedAt < entry.at) {
    return disarm(says.disarmedEarlier);
  }
  const isOperator = findNamed(inputs.known, entry.service)?.members.every((member) => mayAct(member, user)) ?? false;
  if (!isOperator || user.toLowerCase() === inputs.controller.toLowerCase()) return disarm(says.disarmedStranger(user));
  const moved: OutboxEntry = { ...entry, plannedStart: row.plannedStart, at: row.plannedAt };
  return [{ kind: 'rearm', row, entry: moved, user }];
}

/** When the clocks go back an hour comes twice: which of the two is meant must be said. */
export function twice(at: number, wallTime: (at: number) => string): string {
  if (wallTime(at) === wallTime(at + HOUR_MS)) return says.twiceFirst;
  return wallTime(at) === wallTime(at - HOUR_MS) ? says.twiceSecond : '';
}

/** When the clocks go forward an hour is left out. The sheet shows it all the same, and hands over another instant. */
export function isSkipped(shown: string, at: number, wallTime: (at: number) => string): boolean {
  const typed = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.exec(shown)?.[0];
  return typed !== undefined && typed !== wallTime(at);
}
