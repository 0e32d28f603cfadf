import { statusOf } from '../../../contract/status.ts';
import type { CellTime } from '../../../contract/sync.ts';
import type { AllowlistLine, PickRow, StepRow } from '../../../contract/sync-request.ts';

/** The tabs of a release sheet as rows with names. Pure: columns are found by header text, in any order, with any extra ones. */

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
const COLUMNS = Object.keys(HEADERS) as Column[];
export const PLAN_COLUMNS = ['step', 'plannedStart', 'service', 'action'] as const;

/** The script's own columns: it never writes any other. */
export const OWN_COLUMNS = ['status', 'result', 'started', 'finished', 'by', 'operation'] as const;
export type OwnColumn = (typeof OWN_COLUMNS)[number];
export const BLANK = Object.fromEntries(OWN_COLUMNS.map((name) => [name, ''])) as Readonly<Record<OwnColumn, ''>>;

export type CellValue = string | number | boolean | Date;
/** `pick` empties *Do now*: only of the tab Services. */
export type OwnCells = Partial<Record<OwnColumn, CellValue>> & { readonly pick?: '' };
/** Zero-based; of the tab Services, `action` is *Do now*. */
export type Columns = Readonly<Record<OwnColumn | 'service' | 'action', number>>;

/** Every cell of a tab: what it holds, and what people see. */
export interface Grid {
  readonly values: readonly (readonly unknown[])[];
  readonly shown: readonly (readonly string[])[];
}

export interface Row extends StepRow {
  /** What our cells hold. */
  readonly own: Readonly<Record<OwnColumn, CellValue>>;
}

export interface Rundown {
  readonly columns: Columns & Readonly<Record<Column, number>>;
  readonly rows: readonly Row[];
}

export type Headers =
  | { readonly ok: true; readonly columns: Rundown['columns'] }
  /** `resultColumn` is where it can be told, if that is left. */
  | { readonly ok: false; readonly isOurs: boolean; readonly message: string; readonly resultColumn?: number };

/** Texts that differ in this alone are the same. */
export const simple = (text: unknown): string => cellText(text).trim().toLowerCase();

/** Where each header stands in row 1, zero-based; -1 where it does not. */
export function placesOf(values: Grid['values'], headers: readonly string[]): number[] {
  const texts = (values[0] ?? []).map(simple);
  return headers.map((header) => texts.indexOf(simple(header)));
}

/** A tab with so many of our headers is meant to be a rundown. */
const ENOUGH_HEADERS = 5;
/** People put a title above their table. */
const LOOK_BELOW_ROWS = 10;

export function readHeaders(values: readonly (readonly unknown[])[]): Headers {
  const headers = (values[0] ?? []).map(simple);
  const places = COLUMNS.map((name) => {
    const wanted = simple(HEADERS[name]);
    return headers.flatMap((header, index) => (header === wanted ? [index] : []));
  });
  const allOf = (name: Column) => places[COLUMNS.indexOf(name)] as number[];
  const missing = COLUMNS.filter((name) => allOf(name).length === 0);
  const double = COLUMNS.filter((name) => allOf(name).length > 1);
  if (missing.length === 0 && double.length === 0) {
    const columns = Object.fromEntries(COLUMNS.map((name) => [name, allOf(name)[0]]));
    return { ok: true, columns: columns as Rundown['columns'] };
  }
  const below = values.slice(1, LOOK_BELOW_ROWS).findIndex((line) => countOf(line) === COLUMNS.length) + 2;
  const message = below > 1 ? headersBelow(below) : headerMessage(missing, double);
  const isOurs = below > 1 || COLUMNS.length - missing.length >= ENOUGH_HEADERS;
  return { ok: false, isOurs, message, resultColumn: allOf('result')[0] };
}

const countOf = (line: readonly unknown[]): number => {
  const texts = line.map(simple);
  return COLUMNS.filter((name) => texts.includes(simple(HEADERS[name]))).length;
};

const headersBelow = (row: number): string =>
  `Nothing was run: the header stands in row ${row}. Move it to row 1, then set Go again.`;

function headerMessage(missing: readonly Column[], double: readonly Column[]): string {
  const list = (names: readonly Column[]) => names.map((name) => `"${HEADERS[name]}"`).join(', ');
  const parts = [
    ...(missing.length > 0 ? [`the column ${list(missing)} is missing`] : []),
    ...(double.length > 0 ? [`the column ${list(double)} is there twice`] : []),
  ];
  return `Nothing was run: ${parts.join(', and ')}. Put the header in row 1 right, then set Go again.`;
}

export type Reading = { readonly ok: true; readonly rundown: Rundown } | (Headers & { readonly ok: false });

export function readRundown(grid: Grid): Reading {
  const headers = readHeaders(grid.values);
  if (!headers.ok) return headers;
  const { columns } = headers;
  const rows = grid.values.slice(1).map((cells, index): Row => {
    const shown = grid.shown[index + 1] ?? [];
    const text = (name: Column) => shown[columns[name]] ?? '';
    return {
      row: index + 2,
      step: text('step'),
      plannedStart: cellTime(cells[columns.plannedStart], text('plannedStart')),
      service: text('service'),
      action: text('action'),
      ...ownTexts(cells, columns, (name) => text(name)),
      own: ownCells(cells, columns),
    };
  });
  return { ok: true, rundown: { columns, rows } };
}

/** A step of ours names a service or an action; all others are people's own, and left alone. */
export const isStep = ({ service, action }: Pick<Row, 'service' | 'action'>): boolean =>
  service.trim() !== '' || action.trim() !== '';

/** Whether somebody wants it run, now or by the clock. */
export const wantsRun = ({ status }: Pick<Row, 'status'>): boolean =>
  ['Go', 'Scheduled'].includes(statusOf(status) ?? '');

export const stepRow = ({ own: _own, ...row }: Row): StepRow => row;

export interface Board {
  readonly columns: Columns;
  readonly rows: readonly (PickRow & Pick<Row, 'own'>)[];
}

export const PICK_HEADER = 'Do now';

/** The tab Services, whose rows run what is picked in *Do now*. @returns undefined if a header that it needs is missing. */
export function readBoard(values: readonly (readonly unknown[])[]): Board | undefined {
  const names = [...OWN_COLUMNS, 'service', 'action'] as const;
  const places = placesOf(
    values,
    names.map((name) => (name === 'action' ? PICK_HEADER : HEADERS[name])),
  );
  const columns = Object.fromEntries(names.map((name, at) => [name, places[at]])) as Columns;
  if (Object.values(columns).some((at) => at < 0)) return undefined;
  const rows = values.slice(1).map((cells, index) => ({
    row: index + 2,
    service: cellText(cells[columns.service]),
    action: cellText(cells[columns.action]),
    ...ownTexts(cells, columns, (name) => cellText(cells[columns[name]])),
    own: ownCells(cells, columns),
  }));
  return { columns, rows };
}

export const pickRow = ({ own: _own, ...row }: Board['rows'][number]): PickRow => row;

/** @returns undefined if a header that is needed is missing. */
export function readAllowlist(
  values: readonly (readonly unknown[])[],
  shownTime: (at: Date) => string,
): readonly AllowlistLine[] | undefined {
  const [address, who, until, services] = placesOf(values, ['Address or range', 'Who', 'Until', 'Services']);
  if (address === undefined || address < 0) return undefined;
  const at = (cells: readonly unknown[], column = -1): unknown => (column < 0 ? '' : cells[column]);
  return values.slice(1).flatMap((cells, index) => {
    const end = at(cells, until);
    const line: AllowlistLine = {
      row: index + 2,
      address: cellText(at(cells, address)),
      who: cellText(at(cells, who)),
      until: cellTime(end, isDate(end) ? shownTime(end) : cellText(end)),
      services: cellText(at(cells, services)),
    };
    return line.address === '' ? [] : [line];
  });
}

/** A Date of another realm is no `instanceof Date` here. */
export const isDate = (value: unknown): value is Date =>
  typeof value === 'object' &&
  Object.prototype.toString.call(value) === '[object Date]' &&
  !Number.isNaN((value as Date).getTime());

/** A cell as text that is equal when the cell is equal: dates by value, not by how they are shown. */
export const cellText = (value: unknown): string => (isDate(value) ? value.toISOString() : String(value ?? ''));

const cellTime = (value: unknown, text: string): CellTime =>
  isDate(value) ? { text, at: value.toISOString() } : { text };

type OwnTexts = Pick<StepRow, OwnColumn>;

function ownTexts(cells: readonly unknown[], columns: Columns, text: (name: OwnColumn) => string): OwnTexts {
  const at = (name: OwnColumn) => (isDate(cells[columns[name]]) ? cellText(cells[columns[name]]) : text(name));
  return Object.fromEntries(OWN_COLUMNS.map((name) => [name, at(name)])) as OwnTexts;
}

const ownCells = (cells: readonly unknown[], columns: Columns): Row['own'] =>
  Object.fromEntries(OWN_COLUMNS.map((name) => [name, cells[columns[name]] ?? ''])) as Row['own'];
