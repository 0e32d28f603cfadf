import { plainText } from '../../contract/status.ts';
import { PROTOCOL, type SyncTab } from '../../contract/sync.ts';
import type { EditEvent, SyncRequest } from '../../contract/sync-request.ts';
import type { Connection } from './api/connection.ts';
import { type Board, isStep, pickRow, type Row, stepRow } from './sheet/rundown-tab.ts';

/** Which environment is sent what: each gets its own rows, and nothing of the others'. Pure. */

type Claimed = Pick<Row, 'service' | 'operation'>;

/**
 * The environment that a row belongs to: that of its operation, else one that knows its Service. Real users come first: no
 * other environment can take a name or a title of theirs.
 * @returns undefined if nobody claims it.
 */
export function claimOf(connections: readonly Connection[], { service, operation }: Claimed): Connection | undefined {
  const [production, others] = byRank(connections);
  return ofOperation(connections, operation) ?? knowing(production, service) ?? knowing(others, service);
}

const byRank = (connections: readonly Connection[]) =>
  [connections.filter((one) => one.isProduction), connections.filter((one) => !one.isProduction)] as const;

/** Ids begin with the name of their environment; one name may begin with another. */
function ofOperation(connections: readonly Connection[], operation: string): Connection | undefined {
  const fitting = connections.filter((one) => isIdOf(one, operation));
  return fitting.sort((a, b) => b.environment.length - a.environment.length)[0];
}

export const isIdOf = ({ environment }: Pick<Connection, 'environment'>, operation: string): boolean =>
  operation.startsWith(`${environment}-`);

type Name = Connection['names']['services'][number];
const everyName = ({ names }: Connection): Name[] => [...names.services, ...names.groups];

/** By name, and by title where no name fits: which of its services is meant, the server knows best. */
function knowing(connections: readonly Connection[], service: string): Connection | undefined {
  const wanted = plainText(service);
  if (wanted === '') return undefined;
  const find = (text: (name: Name) => string) =>
    connections.find((one) => everyName(one).some((name) => plainText(text(name)) === wanted));
  return find(({ name }) => name) ?? find(({ title }) => title);
}

/** What a Service cell may say. */
export const namesOf = (connections: readonly Connection[]): string[] => {
  const ranked = byRank(connections).flat();
  const named = [...ranked.flatMap(({ names }) => names.services), ...ranked.flatMap(({ names }) => names.groups)];
  return named.map(({ name }) => name);
};

/** What was read of a sheet; tabs that were not read are left out. */
export interface SheetRows {
  /** Milliseconds since the epoch; before the first cell was read. */
  readonly readAt: number;
  readonly steps?: readonly Row[];
  readonly picks?: Board['rows'];
  readonly allowlist?: SyncRequest['allowlist'];
}

export interface Facts {
  readonly syncId: string;
  readonly cause: SyncRequest['cause'];
  readonly sheet: SyncRequest['sheet'];
  readonly edit?: EditEvent;
  readonly by?: string;
}

type AllowlistLines = readonly { readonly services: string }[];

/** Lines that name no service are for all of them. */
export function linesFor(connections: readonly Connection[], one: Connection, lines: AllowlistLines): unknown[] {
  return lines.filter(({ services }) => {
    const named = services
      .split(',')
      .map((service) => service.trim())
      .filter(Boolean);
    if (named.length === 0) return true;
    const claims = named.map((service) => claimOf(connections, { service, operation: '' }));
    // What nobody knows is found wrong by those who are there.
    return claims.some((claim) => claim === undefined || claim.environment === one.environment);
  });
}

/** The rows of an edit that concern this environment. */
export function editFor(edit: EditEvent, rows: readonly { readonly row: number }[]): EditEvent {
  const own = new Set(rows.map(({ row }) => row));
  return { ...edit, rows: edit.rows.filter((row) => own.has(row)) };
}

export function syncRequest(
  connections: readonly Connection[],
  one: Connection,
  rows: SheetRows,
  { edit, ...facts }: Facts,
): SyncRequest {
  const isClaimed = (row: Claimed) => claimOf(connections, row)?.environment === one.environment;
  const steps = rows.steps?.filter((row) => isStep(row) && isClaimed(row));
  const picks = rows.picks?.filter((row) => row.service.trim() !== '' && isClaimed(row));
  const edited = (tab: SyncTab) => (tab === 'rundown' ? steps : picks) ?? [];
  return {
    protocol: PROTOCOL,
    ...facts,
    readAt: new Date(rows.readAt).toISOString(),
    namesHash: one.names.hash,
    ...(edit ? { edit: editFor(edit, edited(edit.tab)) } : {}),
    ...(steps ? { steps: steps.map(stepRow) } : {}),
    ...(picks ? { picks: picks.map(pickRow) } : {}),
    ...(rows.allowlist ? { allowlist: linesFor(connections, one, rows.allowlist as AllowlistLines) } : {}),
  };
}
