import { ACTIONS, type Action, actionByTitle, MOVES } from '../../contract/modes.ts';
import { AUTHORITY_MS, type OutboxEntry } from './entry-record.ts';
import { hasStatus, isOurs, type Row, type Rundown, type Status } from './rundown.ts';

/** What should happen now: a pure function of the rows, the outbox, and who was seen to edit which rows. */

/** The Status cells that one event covered, and the person it named. */
export interface Authority {
  readonly firstRow: number;
  readonly lastRow: number;
  /** Blank if nobody was named. */
  readonly user: string;
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
  readonly authority?: Authority;
  /** The account that the script runs as: never an operator, as an anonymous editor may appear as it. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Effect =
  /** Answer in the row; nothing is run. */
  | { readonly kind: 'tell'; readonly row: Row; readonly status?: Status; readonly message: string }
  | {
      readonly kind: 'start';
      readonly row: Row;
      readonly service: KnownService;
      readonly action: Action;
      readonly requestedBy: string;
    }
  /** An entry that an execution left behind before its row was claimed. */
  | { readonly kind: 'resume'; readonly row: Row; readonly entry: OutboxEntry }
  /** A Go that nobody was seen to set; its event may still come. */
  | { readonly kind: 'unseen'; readonly row: Row }
  /** The name is not known here; perhaps it is new. */
  | { readonly kind: 'unknown-service'; readonly row: Row };

export function plan(inputs: PlanInputs): Effect[] {
  const doubles = copiedIds(inputs.rundown.rows);
  const effects = inputs.rundown.rows.flatMap((row) => planRow(row, inputs, doubles));
  return refuseRivals(effects);
}

const covers = (authority: Authority | undefined, row: Row): boolean =>
  authority !== undefined && row.number >= authority.firstRow && row.number <= authority.lastRow;

function planRow(row: Row, inputs: PlanInputs, doubles: ReadonlyMap<string, Row[]>): Effect[] {
  const { entries, authority } = inputs;
  const isCovered = covers(authority, row);
  const live = entries.find(({ id }) => id === row.operation);
  const twins = doubles.get(row.operation);
  if (twins && isCovered && hasStatus(row, 'Go')) {
    return twins.map((twin) => ({ kind: 'tell', row: twin, ...copyAnswer(twin, twins, live !== undefined) }));
  }
  if (live) return isCovered && !hasStatus(row, 'Running', 'Unproven') ? [putBack(row, live)] : [];
  if (isCovered && isOurs(row) && hasStatus(row, 'Running')) {
    return [
      {
        kind: 'tell',
        row,
        status: 'Planned',
        message: 'Only Drawbridge sets Running. To run this step, set it to Go.',
      },
    ];
  }
  if (!hasStatus(row, 'Go')) return [];
  const left = entries.find((entry) => leftBehind(entry, row, inputs.now));
  if (left) return [{ kind: 'resume', row, entry: left }];
  return isCovered ? [start(row, inputs)] : [{ kind: 'unseen', row }];
}

/** Authority that outlived its execution: the row must still ask for exactly what was seen. */
export const leftBehind = (entry: OutboxEntry, row: Row, now: number): boolean =>
  now - entry.at <= AUTHORITY_MS &&
  hasStatus(row, 'Go') &&
  entry.step === row.step &&
  entry.service === row.service &&
  entry.action === row.action &&
  entry.plannedStart === row.plannedStart;

const putBack = (row: Row, live: OutboxEntry): Effect => ({
  kind: 'tell',
  row,
  status: 'Running',
  message: `This step is running (${live.id}): what was typed over it does not stop it. Its result comes here.`,
});

function copyAnswer(row: Row, twins: readonly Row[], isLive: boolean): { status?: Status; message: string } {
  const numbers = twins.map(({ number }) => number).join(' and ');
  const message = `Rows ${numbers} carry the same operation (${row.operation}), so neither was run. Clear the cell Operation in the copy, then set Go again.`;
  return { status: hasStatus(row, 'Go') ? (isLive ? 'Running' : 'Planned') : undefined, message };
}

/** A Go whose person was named by the event: run it, or say why not. */
function start(row: Row, { authority, services, owner }: PlanInputs): Effect {
  const user = authority?.user ?? '';
  const tell = (status: Status, message: string): Effect => ({ kind: 'tell', row, status, message });
  if (!isOurs(row)) {
    return tell(
      'Planned',
      'This step has no Action, so there is nothing for Drawbridge to run. Choose Service and Action, or set Skipped.',
    );
  }
  if (user === '' || user.toLowerCase() === owner.toLowerCase()) {
    return tell(
      'Planned',
      'Nothing was run: Google did not say who set this. Set Go again, signed in with your own work account.',
    );
  }
  if (row.action === '') return tell('Failed', `Nothing was run: choose an Action. There are: ${titles()}.`);
  const action = actionByTitle(row.action);
  if (!action) return tell('Failed', `Nothing was run: there is no Action "${row.action}". There are: ${titles()}.`);
  if (row.service === '') return tell('Failed', `Nothing was run: choose a Service. There are: ${names(services)}.`);
  const service = findService(services, row.service);
  return service ? { kind: 'start', row, service, action, requestedBy: user } : { kind: 'unknown-service', row };
}

export function findService(services: readonly KnownService[], text: string): KnownService | undefined {
  const wanted = text.trim().toLowerCase();
  return services.find(({ name, title }) => name === wanted || title.toLowerCase() === wanted);
}

export const unknownServiceMessage = (row: Row, services: readonly KnownService[]): string =>
  `Nothing was run: there is no Service "${row.service}". There are: ${names(services)}.`;

const titles = (): string => ACTIONS.map((action) => MOVES[action].title).join(', ');
const names = (services: readonly KnownService[]): string => services.map(({ name }) => name).join(', ') || 'none yet';

function copiedIds(rows: readonly Row[]): Map<string, Row[]> {
  const byId = new Map<string, Row[]>();
  for (const row of rows) if (row.operation) byId.set(row.operation, [...(byId.get(row.operation) ?? []), row]);
  return new Map([...byId].filter(([, twins]) => twins.length > 1));
}

/** Several Gos of one service in one edit: nobody can know which was meant to be first. */
function refuseRivals(effects: readonly Effect[]): Effect[] {
  return effects.map((effect) => {
    if (effect.kind !== 'start') return effect;
    const { row, service } = effect;
    const rivals = effects.filter((other) => other.kind === 'start' && other.service.name === service.name);
    if (rivals.length === 1) return effect;
    const steps = rivals.map((rival) => rival.row.step).join(' and ');
    const message = `Nothing was run: steps ${steps} of ${service.title} were set to Go at once. Set them to Go one after the other.`;
    return { kind: 'tell', row, status: 'Planned', message };
  });
}
