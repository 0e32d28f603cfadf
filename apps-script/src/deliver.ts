import { plainText } from '../../contract/status.ts';
import type { EditEvent } from '../../contract/sync-request.ts';
import { answerTo, answerToPick, runsElsewhere, type Wanted } from './own-answers.ts';
import type { Ports } from './ports.ts';
import { says } from './sentences.ts';
import { findPick, sameStep } from './sheet/find-row.ts';
import { type Board, type Row, wantsRun } from './sheet/rundown-tab.ts';
import { type Ask, applyTold, askFor, type Outcome, type Session, send, type Told, type World } from './sync.ts';
import { claimOf } from './sync-request.ts';

/** Brings an edit to the environments that it concerns, and says in its rows what became of it. */

/** The same bytes are sent again for so long; then it is said that nobody knows whether they arrived. */
const RESEND_FOR_MS = 60_000;
const RESEND_EVERY_MS = 5_000;
const MOST_REREADS = 3;

export type Edited = (
  | { readonly tab: 'rundown'; readonly row: Row }
  | { readonly tab: 'services'; readonly row: Board['rows'][number] }
) & {
  /** Its Result says so, whatever somebody made of the row since. */
  readonly isOnItsWay?: boolean;
};

export interface Delivery {
  readonly session: Session;
  readonly event: EditEvent;
  /** The rows that were edited, as they were read. */
  readonly edited: readonly Edited[];
  /** What the script itself has to say, beside the first answer. */
  readonly own: readonly Wanted[];
}

/** Whether somebody wants it run. */
export const isAsked = (edited: Edited): boolean =>
  edited.tab === 'services' ? edited.row.action.trim() !== '' : wantsRun(edited.row);

export function deliver(ports: Ports, world: World, { session, event, edited: first, own }: Delivery): void {
  const syncId = ports.newSyncId();
  const until = ports.now() + RESEND_FOR_MS;
  /** Environments that a request may have reached without an answer. */
  const inDoubt = new Set<string>();
  let edited = first;
  let ours = own;
  let rereads = 0;
  const askOf = (environment: string): Ask[] => {
    const rows = edited.filter(({ row }) => claimOf(world.connections, row)?.environment === environment);
    const numbers = rows.map(({ row }) => row.row);
    const facts = { syncId, cause: 'edit', edit: { ...event, rows: numbers } } as const;
    return world.connections
      .filter((one) => one.environment === environment)
      .map((one) => askFor(world, session, one, facts));
  };

  let asks = concerned(world, first).flatMap(askOf);
  while (asks.length > 0 || ours.length > 0) {
    const told = send(ports, world, asks);
    const isOver = ports.now() >= until;
    const isOften = rereads >= MOST_REREADS;
    const isLeft = ({ outcome: { kind } }: Told) =>
      (kind === 'unreachable' && !isOver) || (kind === 'read-again' && !isOften);
    const settled = told.filter((one) => !isLeft(one));
    const words = settled.flatMap((one) => wordsFor(one, onTheirWay(world, edited, one), inDoubt));
    apply(ports, session, settled, [...ours, ...words]);
    ours = [];
    const left = told.filter(isLeft);
    for (const { ask, outcome } of left) if (outcome.kind === 'unreachable') inDoubt.add(ask.environment);
    const again = left.filter(({ outcome }) => outcome.kind === 'read-again').map(({ ask }) => ask.environment);
    if (again.length > 0) {
      rereads += 1;
      edited = reread(session, edited);
    } else if (left.length > 0) ports.sleep(RESEND_EVERY_MS);
    const resent = left.filter(({ outcome }) => outcome.kind === 'unreachable').map(({ ask }) => ask);
    asks = [...resent, ...again.flatMap(askOf)];
  }
}

const concerned = ({ connections }: World, edited: readonly Edited[]): string[] => [
  ...new Set(edited.flatMap(({ row }) => claimOf(connections, row)?.environment ?? [])),
];

const onTheirWay = ({ connections }: World, edited: readonly Edited[], { ask }: Told): Edited[] =>
  edited.filter((one) => one.isOnItsWay && claimOf(connections, one.row)?.environment === ask.environment);

/** The edited rows wherever they are by now: by what they plan, never by their number. One that is gone is left out. */
function reread(session: Session, edited: readonly Edited[]): Edited[] {
  const rows = session.read();
  const { steps = [], picks = [] } = rows;
  const again = edited.flatMap((one): Edited[] => {
    if (one.tab === 'rundown') {
      const row = sameStep(steps, one.row);
      return row ? [{ ...one, row: { ...row, result: one.row.result } }] : [];
    }
    const row = findPick(picks, answerToPick(one.row, {}));
    return row ? [{ ...one, row: { ...row, result: one.row.result } }] : [];
  });
  // What we wrote over a question hides it: it was asked, and this may be the second Go.
  const asRead = <R extends { row: number }>(tab: Edited['tab'], list: readonly R[]) =>
    list.map((row) => (again.find((one) => one.tab === tab && one.row.row === row.row)?.row ?? row) as R);
  session.rows = {
    ...rows,
    ...(rows.steps ? { steps: asRead('rundown', steps) } : {}),
    ...(rows.picks ? { picks: asRead('services', picks) } : {}),
  };
  return again;
}

/** What stands in the rows after this outcome, besides what it answered. */
function wordsFor({ outcome, ask }: Told, rows: readonly Edited[], inDoubt: ReadonlySet<string>): Wanted[] {
  if (outcome.kind === 'answer') {
    const answered = new Set(outcome.answer.rows.filter(({ cells }) => cells.result !== undefined).map(rowKey));
    return rows.filter(({ tab, row }) => !answered.has(`${tab} ${row.row}`)).map(unsent);
  }
  // An earlier request may have been carried out: then nobody may say that nothing was run.
  const failed = inDoubt.has(ask.environment) ? undefined : failureOf(outcome);
  if (failed !== undefined) {
    return rows.map((one) => (isAsked(one) ? answer(one, { status: 'Failed', result: failed }) : unsent(one)));
  }
  return rows.map((one) => ({ ...answer(one, { result: says.unanswered(whyOf(outcome)) }), onlyOver: says.sending }));
}

const rowKey = ({ tab, basis }: { tab: string; basis: { row: number } }): string => `${tab} ${basis.row}`;

/** It was answered, and Result stays what it was before we wrote that it is on its way. */
const unsent = (one: Edited): Wanted => ({ ...answer(one, { result: one.row.result }), onlyOver: says.sending });

const answer = (one: Edited, cells: Wanted['cells']): Wanted =>
  one.tab === 'rundown' ? answerTo(one.row, cells) : answerToPick(one.row, cells);

function failureOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'denied') return says.notLetIn(outcome.why);
  return outcome.kind === 'problem' ? says.refused(outcome.message) : undefined;
}

function whyOf(outcome: Outcome): string {
  if (outcome.kind === 'read-again') return says.changedAgain;
  if (outcome.kind === 'problem') return outcome.message;
  return outcome.kind === 'answer' ? '' : outcome.why;
}

function apply(ports: Ports, session: Session, told: readonly Told[], own: readonly Wanted[]): void {
  const applied = applyTold(ports, session, told, own);
  const homeless = applied?.gone.filter(({ tab, cells }) => tab === 'rundown' && isRunning(cells.status)) ?? [];
  if (homeless.length === 0) return;
  const { steps = [] } = session.read();
  applyTold(
    ports,
    session,
    [],
    homeless.flatMap((one) => runsElsewhere(steps, one)),
  );
}

const isRunning = (status: string | undefined): boolean => plainText(status ?? '') === 'running';
