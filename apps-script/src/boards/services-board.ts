import type { ServiceStatus } from '../../../contract/services.ts';
import { stepWords } from '../../../lambda/src/words/operation-words.ts';
import { knownOf, modeWord } from '../../../lambda/src/words/service-words.ts';
import { type CellValue, cellText } from '../rundown.ts';

/** The tab Services: what is known of each service, in words. Pure. */

export const BOARD_HEADERS = {
  service: 'Service',
  environment: 'Environment',
  mode: 'Mode',
  since: 'Since',
  by: 'Set by',
  holder: 'Held by',
  known: 'What we know',
  asOf: 'As of',
  goodUntil: 'Good until',
} as const;
export type BoardColumn = keyof typeof BOARD_HEADERS;
export type BoardCells = Readonly<Partial<Record<BoardColumn, CellValue>>>;

/** What one environment told of a service. */
export interface Told {
  readonly environment: string;
  readonly status: ServiceStatus;
}

export interface BoardOptions {
  /** When it was asked for. Milliseconds since the epoch. */
  readonly at: number;
  /** When it will be too old to count on. */
  readonly goodUntil: number;
  readonly spreadsheetId: string;
  /** Release sheets by their ids. */
  nameOf(spreadsheetId: string): string;
  formatTime(iso: string): string;
}

export function boardCells({ environment, status }: Told, options: BoardOptions): Required<BoardCells> {
  const { service, since, by, mode, plannedEnd } = status;
  const { at, formatTime } = options;
  const isNew = status.revision === 0;
  const end = mode !== 'normal' && plannedEnd ? [endWords(plannedEnd, at, formatTime)] : [];
  return {
    service,
    environment,
    mode: modeWord(status, at),
    since: since === undefined || isNew ? '' : new Date(since),
    by: by ?? '',
    holder: mode === 'normal' ? '' : heldBy(status, options),
    known: [...knownOf(status, { now: at, formatTime }), ...end].join(' '),
    asOf: new Date(at),
    goodUntil: new Date(options.goodUntil),
  };
}

const endWords = (plannedEnd: string, now: number, formatTime: BoardOptions['formatTime']): string =>
  Date.parse(plannedEnd) > now
    ? `Planned to open at ${formatTime(plannedEnd)}.`
    : `OVERDUE: it was planned to open at ${formatTime(plannedEnd)}.`;

function heldBy({ holder }: ServiceStatus, { spreadsheetId, nameOf }: BoardOptions): string {
  if (!holder) return '';
  if (holder.spreadsheetId === undefined) return `${holder.by}, not from a sheet`;
  const sheet = holder.spreadsheetId === spreadsheetId ? 'this sheet' : nameOf(holder.spreadsheetId);
  const where = holder.step === undefined ? sheet : `${stepWords(holder.step)} of ${sheet}`;
  return `${where[0]?.toUpperCase()}${where.slice(1)} (${holder.by})`;
}

export interface Board {
  /** Zero-based; of those that are there. */
  readonly columns: Readonly<Partial<Record<BoardColumn, number>>>;
  readonly rows: readonly { readonly number: number; readonly service: string; readonly cells: readonly unknown[] }[];
}

/** @returns undefined if there is no column Service: then nobody knows which row is whose. */
export function readBoard(values: readonly (readonly unknown[])[]): Board | undefined {
  const headers = (values[0] ?? []).map((header) => cellText(header).toLowerCase());
  const names = Object.keys(BOARD_HEADERS) as BoardColumn[];
  const places = names.map((name) => [name, headers.indexOf(BOARD_HEADERS[name].toLowerCase())] as const);
  const columns: Board['columns'] = Object.fromEntries(places.filter(([, place]) => place >= 0));
  const { service } = columns;
  if (service === undefined) return undefined;
  const rows = values
    .slice(1)
    .map((cells, index) => ({ number: index + 2, service: cellText(cells[service]).toLowerCase(), cells }));
  return { columns, rows };
}

export interface BoardWrite {
  readonly row: number;
  readonly column: number;
  readonly values: CellValue[][];
}

/**
 * What has to be written so that the board says what was told: only what changed, as few blocks of neighbours. A service
 * keeps the row that it has; one whose name somebody wrote over gets it back. Cells that are not the board's are never
 * touched, and what a later look has written already is left.
 */
export function boardWrites({ columns, rows }: Board, told: readonly Required<BoardCells>[], at: number): BoardWrite[] {
  const isFilled = ({ cells }: Board['rows'][number]) => cells.some((cell) => cellText(cell) !== '');
  let next = 1 + Math.max(1, ...rows.filter(isFilled).map(({ number }) => number));
  const places = placesOf({ columns, rows }, told);
  const lines = told.flatMap((wanted) => {
    const found = places.get(String(wanted.service));
    const row = found?.number ?? next++;
    const before = found?.cells ?? [];
    const asOf = columns.asOf === undefined ? '' : before[columns.asOf];
    if (isDate(asOf) && asOf.getTime() > at) return [];
    return runsOf(columns, before, wanted).map((run): BoardWrite => ({ row, ...run }));
  });
  return blocksOf(lines);
}

/** Which row is whose. */
function placesOf({ columns, rows }: Board, told: readonly Required<BoardCells>[]): Map<string, Board['rows'][number]> {
  const places = new Map<string, Board['rows'][number]>();
  for (const row of rows) if (row.service !== '' && !places.has(row.service)) places.set(row.service, row);
  const names = told.map(({ service }) => String(service));
  const strangers = rows.filter(
    (row) => row.service !== '' && !(names.includes(row.service) && places.get(row.service) === row),
  );
  for (const { service, environment } of told) {
    if (places.has(String(service))) continue;
    // Rows of an environment that did not answer are nobody else's.
    const at = strangers.findIndex(({ cells }) => cellText(cells[columns.environment ?? -1]) === environment);
    const [row] = at < 0 ? [] : strangers.splice(at, 1);
    if (row) places.set(String(service), row);
  }
  return places;
}

export const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === '[object Date]';

function runsOf(columns: Board['columns'], before: readonly unknown[], wanted: Required<BoardCells>) {
  const places = (Object.keys(columns) as BoardColumn[])
    .map((name) => ({ column: columns[name] as number, value: wanted[name] }))
    .filter(({ column, value }) => cellText(before[column]) !== cellText(value))
    .sort((a, b) => a.column - b.column);
  const runs: { column: number; values: [CellValue[]] }[] = [];
  for (const { column, value } of places) {
    const last = runs[runs.length - 1];
    if (last && last.column + last.values[0].length === column) last.values[0].push(value);
    else runs.push({ column, values: [[value]] });
  }
  return runs;
}

/** Lines of the same columns in rows that follow each other are one call. */
function blocksOf(lines: readonly BoardWrite[]): BoardWrite[] {
  const blocks: BoardWrite[] = [];
  const sorted = [...lines].sort((a, b) => a.column - b.column || a.row - b.row);
  for (const { row, column, values } of sorted) {
    const above = blocks.find(
      (block) =>
        block.column === column &&
        block.row + block.values.length === row &&
        block.values[0]?.length === values[0]?.length,
    );
    if (above) above.values.push(...values);
    else blocks.push({ row, column, values: [...values] });
  }
  return blocks;
}
