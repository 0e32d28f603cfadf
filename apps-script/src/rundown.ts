/** The rundown tab as rows with names. Pure: columns are found by header text, in any order, with any extra ones. */

export const RUNDOWN_TAB = 'Rundown';

export const HEADERS = {
  step: 'Step',
  plannedStart: 'Planned start',
  service: 'Service',
  action: 'Action',
  status: 'Status',
  result: 'Result',
  started: 'Started',
  finished: 'Finished',
  by: 'By',
  operation: 'Operation',
} as const;

export type Column = keyof typeof HEADERS;

/** The script's own columns: it never writes any other. */
export const OWN_COLUMNS = ['status', 'result', 'started', 'finished', 'by', 'operation'] as const;
export type OwnColumn = (typeof OWN_COLUMNS)[number];
/** `pick` empties *Do now*: only of the tab Services. */
export type OwnCells = Partial<Record<OwnColumn, CellValue>> & { readonly pick?: '' };
export type CellValue = string | number | boolean | Date;

export const STATUSES = ['Planned', 'Scheduled', 'Go', 'Running', 'Done', 'Unproven', 'Failed', 'Skipped'] as const;
export type Status = (typeof STATUSES)[number];

export interface Row {
  /** As the sheet counts: the header is row 1. */
  readonly number: number;
  readonly step: string;
  readonly plannedStart: string;
  /** Milliseconds since the epoch, if the cell holds a date with its time. */
  readonly plannedAt?: number;
  readonly service: string;
  readonly action: string;
  readonly status: string;
  readonly result: string;
  readonly operation: string;
  /** Everything in the row that is not the script's, to recognise it after a sort. */
  readonly identity: string;
  readonly own: Readonly<Record<OwnColumn, CellValue>>;
  /** A row of the tab Services: its Action is what was picked in *Do now*. */
  readonly isPick?: boolean;
}

export interface Rundown {
  /** Zero-based. */
  readonly columns: Readonly<Record<Column, number>>;
  readonly rows: readonly Row[];
}

export type Reading =
  | { readonly ok: true; readonly rundown: Rundown }
  /** `resultColumn` is where it can be told, if that is left. */
  | { readonly ok: false; readonly message: string; readonly resultColumn?: number };

const simple = (text: unknown): string =>
  String(text ?? '')
    .trim()
    .toLowerCase();

/** A cell as text that is equal when the cell is equal: dates by value, not by how they are shown. */
export function cellText(value: unknown): string {
  // A Date of another realm is no `instanceof Date` here.
  if (Object.prototype.toString.call(value) === '[object Date]') return (value as Date).toISOString();
  return String(value ?? '').trim();
}

export function readRundown(values: readonly (readonly unknown[])[]): Reading {
  const headers = (values[0] ?? []).map(simple);
  const names = Object.keys(HEADERS) as Column[];
  const placesOf = (name: Column) =>
    headers.flatMap((header, index) => (header === simple(HEADERS[name]) ? [index] : []));
  const missing = names.filter((name) => placesOf(name).length === 0);
  const double = names.filter((name) => placesOf(name).length > 1);
  if (missing.length > 0 || double.length > 0) {
    return { ok: false, message: headerMessage(missing, double), resultColumn: placesOf('result')[0] };
  }
  const columns = Object.fromEntries(names.map((name) => [name, placesOf(name)[0]])) as Record<Column, number>;
  const rows = values.slice(1).map((cells, index) => readRow(cells, index + 2, columns));
  return { ok: true, rundown: { columns, rows } };
}

function headerMessage(missing: readonly Column[], double: readonly Column[]): string {
  const list = (names: readonly Column[]) => names.map((name) => `"${HEADERS[name]}"`).join(', ');
  const parts = [
    ...(missing.length > 0 ? [`the column ${list(missing)} is missing`] : []),
    ...(double.length > 0 ? [`the column ${list(double)} is there twice`] : []),
  ];
  return `Nothing was run: ${parts.join(', and ')}. Put the header in row 1 right, then set Go again.`;
}

function readRow(cells: readonly unknown[], number: number, columns: Readonly<Record<Column, number>>): Row {
  const text = (name: Column) => cellText(cells[columns[name]]);
  const ownPlaces = OWN_COLUMNS.map((name) => columns[name]);
  const own = Object.fromEntries(OWN_COLUMNS.map((name) => [name, cells[columns[name]] ?? ''])) as Row['own'];
  const identity = JSON.stringify(cells.map((cell, at) => (ownPlaces.includes(at) ? '' : cellText(cell))));
  return {
    number,
    step: text('step'),
    plannedStart: text('plannedStart'),
    plannedAt: instantOf(cells[columns.plannedStart]),
    service: text('service'),
    action: text('action'),
    status: text('status'),
    result: text('result'),
    operation: text('operation'),
    identity,
    own,
  };
}

/** A time without a date comes as a day of 1899, the first of the sheet's calendar. */
const FIRST_YEAR = 1990;

function instantOf(value: unknown): number | undefined {
  if (Object.prototype.toString.call(value) !== '[object Date]') return undefined;
  const date = value as Date;
  return date.getFullYear() < FIRST_YEAR ? undefined : date.getTime();
}

export const hasStatus = (row: Row, ...statuses: Status[]): boolean =>
  statuses.some((status) => simple(status) === simple(row.status));

/** A step of ours names a service or an action; all others are people's own, and left alone. */
export const isOurs = (row: Row): boolean => row.service !== '' || row.action !== '';
