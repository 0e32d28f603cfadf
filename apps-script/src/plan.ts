import { ACTIONS, type Action, actionByTitle, MOVES } from '../../contract/modes.ts';
import { AUTHORITY_MS, type OutboxEntry } from './entry-record.ts';
import { hasStatus, isOurs, type OwnCells, type Row, type Rundown } from './rundown.ts';
import { says } from './sentences.ts';

/** What should happen now: a pure function of the rows, the outbox, and who was seen to edit which rows. */

/** The Status cells that one event covered, and the person it named. */
export interface Authority {
  readonly firstRow: number;
  readonly lastRow: number;
  /** Blank if nobody was named. */
  readonly user: string;
  /** What was typed, if the event says so (a single cell only): who typed something else did not set Go. */
  readonly typed?: string;
}

/** Where each service is to be asked for, as the connections know it. */
export interface KnownService {
  readonly name: string;
  readonly title: string;
  readonly environment: string;
}

export interface PlanInputs {
  readonly rundown: Rundown;
  /** Of this spreadsheet. */
  readonly entries: readonly OutboxEntry[];
  readonly services: readonly KnownService[];
  /** Of an edit; the tick has none. */
  readonly authority?: Authority;
  /** The account that the script runs as: never an operator, as an anonymous editor may appear as it. */
  readonly controller: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Effect =
  /** Answer in the row; nothing is run. */
  | { readonly kind: 'tell'; readonly row: Row; readonly cells: OwnCells }
  | {
      readonly kind: 'start';
      readonly row: Row;
      readonly service: KnownService;
      readonly action: Action;
      readonly requestedBy: string;
    }
  /** An entry that an execution left behind before it was sent. */
  | { readonly kind: 'resume'; readonly row: Row; readonly entry: OutboxEntry }
  /** An entry that was never sent and must not be any more. */
  | { readonly kind: 'forget'; readonly entry: OutboxEntry }
  /** A Go that nobody was seen to set; its event may still come. */
  | { readonly kind: 'unseen'; readonly row: Row }
  /** It says Running under an id that the outbox does not know. */
  | { readonly kind: 'stray'; readonly row: Row }
  /** The name is not known here; perhaps it is new. */
  | { readonly kind: 'unknown-service'; readonly row: Row };

/** From this age on a Go over a step that is still unproven is a wish to run it again. */
const RERUN_AFTER_MS = 5 * 60_000;

export function plan(inputs: PlanInputs): Effect[] {
  const doubles = copiedIds(inputs.rundown.rows);
  const effects = refuseRivals(inputs.rundown.rows.flatMap((row) => planRow(row, inputs, doubles)));
  return [...effects, ...forgotten(effects, inputs)];
}

const covers = (authority: Authority | undefined, row: Row): boolean =>
  authority !== undefined && row.number >= authority.firstRow && row.number <= authority.lastRow;

const tell = (row: Row, cells: OwnCells): Effect[] => [{ kind: 'tell', row, cells }];
const back = (row: Row, result: string): Effect[] => tell(row, { status: 'Planned', result });

function planRow(row: Row, inputs: PlanInputs, doubles: ReadonlyMap<string, Row[]>): Effect[] {
  const { entries, authority } = inputs;
  const isCovered = covers(authority, row);
  const live = entries.find(({ id }) => id === row.operation);
  const twins = doubles.get(row.operation);
  if (twins && isCovered && hasStatus(row, 'Go')) {
    return twins.flatMap((twin) => tell(twin, copyAnswer(twin, twins, live?.phase === 'sent')));
  }
  if (live?.phase === 'sent' && !(isCovered && isRerun(row, live, inputs))) {
    const isTypedOver = isCovered && !hasStatus(row, 'Running', 'Unproven');
    return isTypedOver ? tell(row, { status: 'Running', result: says.stillRunning(live.id) }) : [];
  }
  if (live && hasStatus(row, 'Running')) return authority ? [] : claimed(row, live, inputs);
  if (hasStatus(row, 'Go')) return planGo(row, isCovered, inputs);
  if (!isOurs(row)) return [];
  if (hasStatus(row, 'Scheduled') && (isCovered || !authority)) return back(row, says.notScheduled);
  if (hasStatus(row, 'Running')) return planForeignRunning(row, isCovered, inputs);
  return [];
}

const isRerun = (row: Row, live: OutboxEntry, { now }: PlanInputs): boolean =>
  hasStatus(row, 'Go') && now - live.at > RERUN_AFTER_MS;

/** An execution died after it marked the row and before it sent anything. */
function claimed(row: Row, entry: OutboxEntry, { now }: PlanInputs): Effect[] {
  if (isMeant(entry, row) && isFresh(entry, now)) return [{ kind: 'resume', row, entry }];
  return tell(row, { status: 'Planned', operation: '', result: says.interrupted });
}

function planGo(row: Row, isCovered: boolean, inputs: PlanInputs): Effect[] {
  const { entries, authority, now } = inputs;
  const isTheirs = isCovered && (authority?.typed === undefined || isGo(authority.typed));
  const left = entries.find((entry) => leftBehind(entry, row, now));
  if (left && !(isTheirs && isPerson(inputs))) return [{ kind: 'resume', row, entry: left }];
  return isTheirs ? start(row, inputs) : [{ kind: 'unseen', row }];
}

/** Running is the script's word: under an id of ours it may be true, under none it is not. */
function planForeignRunning(row: Row, isCovered: boolean, { entries, authority }: PlanInputs): Effect[] {
  const lostItsId = entries.some((entry) => entry.phase === 'sent' && isMeant(entry, row));
  if (lostItsId) return [];
  if (isCovered) return back(row, says.notRunning);
  if (authority) return [];
  return isOperationId(row.operation) ? [{ kind: 'stray', row }] : back(row, says.notRunning);
}

const isGo = (text: string): boolean => text.trim().toLowerCase() === 'go';
const isOperationId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{3,63}$/.test(text);
const isFresh = (entry: OutboxEntry, now: number): boolean => now - entry.at <= AUTHORITY_MS;

const isPerson = ({ authority, controller }: PlanInputs): boolean => {
  const user = (authority?.user ?? '').trim().toLowerCase();
  return user !== '' && user !== controller.toLowerCase();
};

/** The row still asks for exactly what was seen. */
export const isMeant = (entry: OutboxEntry, row: Row): boolean =>
  entry.step === row.step &&
  entry.service === row.service &&
  entry.action === row.action &&
  entry.plannedStart === row.plannedStart;

/** Authority that outlived its execution. */
export const leftBehind = (entry: OutboxEntry, row: Row, now: number): boolean =>
  entry.phase === 'claiming' && isFresh(entry, now) && hasStatus(row, 'Go') && isMeant(entry, row);

function copyAnswer(row: Row, twins: readonly Row[], isLive: boolean): OwnCells {
  const result = says.copied(
    twins.map(({ number }) => number),
    row.operation,
  );
  return hasStatus(row, 'Go') ? { status: isLive ? 'Running' : 'Planned', result } : { result };
}

/** A Go whose event we saw: run it, or say why not. */
function start(row: Row, inputs: PlanInputs): Effect[] {
  const { authority, services } = inputs;
  const fail = (result: string): Effect[] => tell(row, { status: 'Failed', result });
  if (!isOurs(row)) return back(row, says.noAction);
  if (!isPerson(inputs)) return back(row, says.nobodyNamed);
  if (row.action === '') return fail(says.chooseAction(titles));
  const action = actionByTitle(row.action);
  if (!action) return fail(says.unknownAction(row.action, titles));
  if (row.service === '') return fail(says.chooseService(namesOf(services)));
  const service = findService(services, row.service);
  const requestedBy = (authority?.user ?? '').trim();
  return [service ? { kind: 'start', row, service, action, requestedBy } : { kind: 'unknown-service', row }];
}

export function findService(services: readonly KnownService[], text: string): KnownService | undefined {
  const wanted = text.trim().toLowerCase();
  return services.find(({ name, title }) => name === wanted || title.toLowerCase() === wanted);
}

const titles = ACTIONS.map((action) => MOVES[action].title);
export const namesOf = (services: readonly KnownService[]): string[] => services.map(({ name }) => name);

function copiedIds(rows: readonly Row[]): Map<string, Row[]> {
  const byId = new Map<string, Row[]>();
  for (const row of rows) if (row.operation) byId.set(row.operation, [...(byId.get(row.operation) ?? []), row]);
  return new Map([...byId].filter(([, twins]) => twins.length > 1));
}

/** Several Gos of one service in one edit: nobody can know which was meant to be first. */
function refuseRivals(effects: readonly Effect[]): Effect[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'start') return [effect];
    const { row, service } = effect;
    const rivals = effects.flatMap((other) =>
      other.kind === 'start' && other.service.name === service.name ? [other.row.step] : [],
    );
    return rivals.length === 1 ? [effect] : back(row, says.rivals(rivals, service.title));
  });
}

/**
 * Authority that is spent: too old, or its row has been started anew in somebody's name.
 * Only while it is young may another execution still be about to use it.
 */
function forgotten(effects: readonly Effect[], { entries, now }: PlanInputs): Effect[] {
  const resumed = new Set(effects.flatMap((effect) => (effect.kind === 'resume' ? [effect.entry.id] : [])));
  const started = effects.flatMap((effect) => (effect.kind === 'start' ? [effect.row] : []));
  return entries
    .filter(({ phase, id }) => phase === 'claiming' && !resumed.has(id))
    .filter((entry) => !isFresh(entry, now) || started.some((row) => isMeant(entry, row)))
    .map((entry): Effect => ({ kind: 'forget', entry }));
}
