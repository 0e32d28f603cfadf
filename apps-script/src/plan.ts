import * as z from 'zod/mini';
import { ACTIONS, type Action, actionByTitle, MOVES } from '../../contract/modes.ts';
import { operationId } from '../../contract/operation.ts';
import { UNPROVEN_AFTER_MS } from '../../contract/timing.ts';
import { arm, planArmed } from './arming.ts';
import type { Effect, PlanInputs } from './effects.ts';
import { AUTHORITY_MS, type OutboxEntry, rowIdOf } from './entry-record.ts';
import { findNamed, mayAct, type Named, namesOf } from './known-services.ts';
import { confirmationKey, confirmationOf, offPlan } from './on-plan.ts';
import { isMeant, putBack, stillArmed } from './put-back.ts';
import { hasStatus, isOurs, type OwnCells, type Row } from './rundown.ts';
import { says } from './sentences.ts';

/** What should happen now: a pure function of the rows, the outbox, and who was seen to edit which rows. */

export function plan(inputs: PlanInputs): Effect[] {
  const doubles = copiedIds(inputs.rundown.rows);
  const effects = refuseRivals(
    inputs.rundown.rows.flatMap((row) => planRow(row, inputs, doubles)),
    inputs,
  );
  return [...effects, ...forgotten(effects, inputs)];
}

const isTouched = ({ authority }: PlanInputs, row: Row): boolean =>
  authority !== undefined && row.number >= authority.firstRow && row.number <= authority.lastRow;

const tell = (row: Row, cells: OwnCells): Effect[] => [{ kind: 'tell', row, cells }];
const back = (row: Row, result: string, inputs: PlanInputs): Effect[] => tell(row, putBack(row, result, inputs));

function planRow(row: Row, inputs: PlanInputs, doubles: ReadonlyMap<string, Row[]>): Effect[] {
  const { entries, authority } = inputs;
  const touched = isTouched(inputs, row);
  const isCovered = touched && authority?.coversStatus === true;
  const live = entries.find((entry) => rowIdOf(entry) === row.operation);
  const twins = doubles.get(row.operation);
  const isAsking = hasStatus(row, 'Go', 'Scheduled');
  if (twins && (isCovered || live?.phase === 'armed') && isAsking) {
    return twins.flatMap((twin) => tell(twin, copyAnswer(twin, twins, live?.phase === 'sent')));
  }
  // Pasted over another step: what was proven was proven of the row that it came from.
  const isPasted = isCovered && twins?.some((twin) => !isTouched(inputs, twin)) && hasStatus(row, 'Done', 'Unproven');
  if (isPasted) return tell(row, { status: 'Done', ...doneByHand(inputs) });
  if (live?.phase === 'sent' && !(isCovered && isRerun(row, live, inputs))) {
    const isTypedOver = isCovered && !hasStatus(row, 'Running', 'Unproven');
    return isTypedOver ? tell(row, { status: 'Running', result: says.stillRunning(rowIdOf(live)) }) : [];
  }
  const armed = armedFor(row, entries, live);
  if (armed && !(isCovered && hasStatus(row, 'Go'))) return planArmed(row, armed, touched, inputs);
  if (live && hasStatus(row, 'Running')) return authority ? [] : claimed(row, live, inputs);
  if (hasStatus(row, 'Go')) return planGo(row, isCovered, inputs);
  if (!isOurs(row)) return [];
  if (hasStatus(row, 'Scheduled')) return planScheduled(row, isCovered, inputs);
  if (hasStatus(row, 'Running')) return planForeignRunning(row, isCovered, inputs);
  if (isCovered && isDoneByHand(row)) return tell(row, doneByHand(inputs));
  return [];
}

/** A Go over a step that should long be proven is a wish to run it again. */
const isRerun = (row: Row, live: OutboxEntry, { now }: PlanInputs): boolean =>
  hasStatus(row, 'Go') && now - live.at > UNPROVEN_AFTER_MS;

/** By its id; if somebody cleared that, the row that is armed and asks for the same. */
function armedFor(row: Row, entries: readonly OutboxEntry[], live?: OutboxEntry): OutboxEntry | undefined {
  if (live) return live.phase === 'armed' ? live : undefined;
  if (row.operation !== '' || !hasStatus(row, 'Scheduled')) return undefined;
  return entries.find((entry) => entry.phase === 'armed' && isMeant(entry, row));
}

/** An execution died after it marked the row and before it sent anything. */
function claimed(row: Row, entry: OutboxEntry, { entries, now }: PlanInputs): Effect[] {
  const left = entries.filter((one) => rowIdOf(one) === rowIdOf(entry));
  if (isMeant(entry, row) && isFresh(entry, now)) return [{ kind: 'resume', row, entries: left }];
  return tell(row, { status: 'Planned', operation: '', result: says.interrupted });
}

function planGo(row: Row, isCovered: boolean, inputs: PlanInputs): Effect[] {
  const { entries, authority, now } = inputs;
  const isTheirs = isCovered && (authority?.typed === undefined || isText(authority.typed, 'Go'));
  const left = entries.filter((entry) => leftBehind(entry, row, now));
  if (left.length > 0 && !(isTheirs && isPerson(inputs))) return [{ kind: 'resume', row, entries: left }];
  return isTheirs ? start(row, inputs) : [{ kind: 'unseen', row }];
}

function planScheduled(row: Row, isCovered: boolean, inputs: PlanInputs): Effect[] {
  const { entries, authority, now } = inputs;
  const left = entries.filter((entry) => leftBehind(entry, row, now));
  if (left.length > 0) return authority ? [] : [{ kind: 'resume', row, entries: left }];
  const isTheirs = isCovered && (authority?.typed === undefined || isText(authority.typed, 'Scheduled'));
  if (!isTheirs) return authority ? [] : [{ kind: 'unseen', row }];
  const asked = whatIsAsked(row, inputs);
  if (!('named' in asked)) return asked.effects;
  return arm(row, asked.named, asked.action, asked.requestedBy, inputs);
}

/** Running is the script's word: under an id of ours it may be true, under none it is not. */
function planForeignRunning(row: Row, isCovered: boolean, inputs: PlanInputs): Effect[] {
  const { entries, authority } = inputs;
  const lostItsId = entries.some((entry) => entry.phase === 'sent' && isMeant(entry, row));
  if (lostItsId) return [];
  if (isCovered) return back(row, says.notRunning, inputs);
  if (authority) return [];
  return isOperationId(row.operation) ? [{ kind: 'stray', row }] : back(row, says.notRunning, inputs);
}

const isText = (text: string, wanted: string): boolean => text.trim().toLowerCase() === wanted.toLowerCase();
const isOperationId = (text: string): boolean => z.safeParse(operationId, text).success;
const isFresh = (entry: OutboxEntry, now: number): boolean => now - entry.at <= AUTHORITY_MS;

export const isPerson = ({ authority, controller }: Pick<PlanInputs, 'authority' | 'controller'>): boolean => {
  const user = (authority?.user ?? '').trim().toLowerCase();
  return user !== '' && user !== controller.toLowerCase();
};

/** Authority that outlived its execution: of a Go, or of a step that was armed and whose time had come. */
export const leftBehind = (entry: OutboxEntry, row: Row, now: number): boolean =>
  entry.phase === 'claiming' && isFresh(entry, now) && isMeant(entry, row) && stillAsks(entry, row);

const stillAsks = (entry: OutboxEntry, row: Row): boolean =>
  hasStatus(row, 'Go') || (hasStatus(row, 'Scheduled') && row.operation === rowIdOf(entry));

function copyAnswer(row: Row, twins: readonly Row[], isLive: boolean): OwnCells {
  const result = says.copied(
    twins.map(({ number }) => number),
    row.operation,
  );
  return hasStatus(row, 'Go', 'Scheduled') ? { status: isLive ? 'Running' : 'Planned', result } : { result };
}

/** A row that was never run says Done, or one that says in its Result that nothing happened. */
const isDoneByHand = (row: Row): boolean =>
  hasStatus(row, 'Done') && (row.operation === '' || /^Nothing was|Nothing was changed|^Superseded/.test(row.result));

function doneByHand({ authority }: PlanInputs): OwnCells {
  const by = (authority?.user ?? '').trim();
  return { result: says.byHand(by), started: '', finished: '', by, operation: '' };
}

type Asked =
  | { readonly named: Named; readonly action: Action; readonly requestedBy: string }
  | { readonly effects: Effect[] };

/** Who asks for what, or why that cannot be known. */
function whatIsAsked(row: Row, inputs: PlanInputs): Asked {
  const { authority, known } = inputs;
  const no = (effects: Effect[]): Asked => ({ effects });
  const fail = (result: string): Asked => no(tell(row, { status: 'Failed', result }));
  if (!isOurs(row)) return no(back(row, says.noAction, inputs));
  if (!isPerson(inputs)) return no(back(row, says.nobodyNamed, inputs));
  if (row.action === '') return fail(says.chooseAction(ACTION_TITLES));
  const action = actionByTitle(row.action);
  if (!action) return fail(says.unknownAction(row.action, ACTION_TITLES));
  if (row.service === '') return fail(says.chooseService(namesOf(known)));
  const named = findNamed(known, row.service);
  if (!named) return no([{ kind: 'unknown-service', row }]);
  return { named, action, requestedBy: (authority?.user ?? '').trim() };
}

/** A Go whose event we saw: run it, or say why not. */
function start(row: Row, inputs: PlanInputs): Effect[] {
  const asked = whatIsAsked(row, inputs);
  if (!('named' in asked)) return asked.effects;
  const { named, requestedBy } = asked;
  const { confirmations, now, entries } = inputs;
  const stranger = named.members.find((member) => !mayAct(member, requestedBy));
  // What others have armed is nothing that a refusal may end.
  if (stranger && stillArmed(row, entries)) {
    return back(row, says.notOperator(requestedBy, stranger.title, stranger.operators), inputs);
  }
  const confirmed = confirmationOf(confirmations, row, requestedBy, now);
  const isAsked = named.members.some(({ isProduction }) => isProduction) && !stranger;
  const why = isAsked ? offPlan(row, named.title, inputs) : undefined;
  if (why !== undefined && !confirmed) {
    const confirmation = { key: confirmationKey(row), kind: 'off-plan', user: requestedBy, at: now } as const;
    return [{ kind: 'tell', row, cells: putBack(row, says.offPlan(why), inputs), confirmation }];
  }
  return [{ kind: 'start', row, ...asked, takeOver: confirmed?.kind === 'take-over' }];
}

export const ACTION_TITLES = ACTIONS.map((action) => MOVES[action].title);

function copiedIds(rows: readonly Row[]): Map<string, Row[]> {
  const byId = new Map<string, Row[]>();
  for (const row of rows) if (row.operation) byId.set(row.operation, [...(byId.get(row.operation) ?? []), row]);
  return new Map([...byId].filter(([, twins]) => twins.length > 1));
}

/** Several Gos of one service in one edit: nobody can know which was meant to be first. */
function refuseRivals(effects: readonly Effect[], inputs: PlanInputs): Effect[] {
  const { known, now } = inputs;
  const membersOf = (effect: Effect): string[] => {
    const isGo = effect.kind === 'start' || (effect.kind === 'tell' && effect.confirmation !== undefined);
    return isGo ? (findNamed(known, effect.row.service)?.members ?? []).map(({ name }) => name) : [];
  };
  return effects.flatMap((effect): Effect[] => {
    const own = membersOf(effect);
    const rivals = effects.flatMap((other) =>
      'row' in other && membersOf(other).some((name) => own.includes(name)) ? [other.row.step] : [],
    );
    if (rivals.length < 2 || !('row' in effect)) return [effect];
    const { row } = effect;
    const user = effect.kind === 'start' ? effect.requestedBy : ((effect as Told).confirmation?.user ?? '');
    const confirmation = { key: confirmationKey(row), kind: 'off-plan', user, at: now } as const;
    const result = says.rivals(rivals, findNamed(known, row.service)?.title ?? row.service);
    return [{ kind: 'tell', row, cells: putBack(row, result, inputs), confirmation }];
  });
}
type Told = Effect & { kind: 'tell' };

/**
 * Authority that is spent: too old, or its row has been started anew in somebody's name, or its row is gone.
 * Only while it is young may another execution still be about to use it.
 */
function forgotten(effects: readonly Effect[], { entries, now, rundown, authority }: PlanInputs): Effect[] {
  const used = new Set(
    effects.flatMap((effect) => {
      if (effect.kind === 'resume') return effect.entries.map(({ id }) => id);
      return 'entry' in effect ? [effect.entry.id] : [];
    }),
  );
  const begun = (...kinds: Effect['kind'][]) =>
    effects.flatMap((effect) => (kinds.includes(effect.kind) && 'row' in effect ? [effect.row] : []));
  const isOf = (entry: OutboxEntry) => (row: Row) => row.operation === entry.id || isMeant(entry, row);
  const copied = copiedIds(rundown.rows);
  const isThere = (entry: OutboxEntry) =>
    rundown.rows.some(
      (row) =>
        row.operation === entry.id ||
        (row.operation === '' && hasStatus(row, 'Scheduled', 'Go') && isMeant(entry, row)),
    );
  return entries
    .filter((entry) => !used.has(entry.id))
    .flatMap((entry): Effect[] => {
      if (entry.phase === 'claiming') {
        const isSpent = !isFresh(entry, now) || begun('start', 'arm').some((row) => isMeant(entry, row));
        return isSpent ? [{ kind: 'forget', entry }] : [];
      }
      if (entry.phase !== 'armed') return [];
      const forget = (why?: string): Effect[] => [{ kind: 'forget', entry, why }];
      // An event that came twice armed it twice, or armed it is anew.
      if (begun('arm').some(isOf(entry))) return forget();
      if (begun('start').some(isOf(entry))) return forget(says.noteGo);
      if (copied.has(entry.id)) return forget(says.noteCopied);
      // An edit knows its own moment only: between a cut and its paste a row is nowhere.
      return isThere(entry) || authority ? [] : forget(says.noteGone);
    });
}
