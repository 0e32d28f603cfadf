import { DO_NOW_STEP } from '../../../contract/operation.ts';
import { type Column, cellText, HEADERS, OWN_COLUMNS, type Reading, type Row } from '../rundown.ts';

/** The tab Services as rows that run operations: what is picked in *Do now* is their Action. Pure. */

export const DO_NOW = 'Do now';

const NOWHERE = -1;
const PLACES: Readonly<Partial<Record<Column, string>>> = {
  service: 'Service',
  action: DO_NOW,
  ...Object.fromEntries(OWN_COLUMNS.map((name) => [name, HEADERS[name]])),
};

export function readPicks(values: readonly (readonly unknown[])[]): Reading {
  const headers = (values[0] ?? []).map((header) => cellText(header).toLowerCase());
  const place = (name: Column) => {
    const header = PLACES[name];
    return header === undefined ? NOWHERE : headers.indexOf(header.toLowerCase());
  };
  const names = Object.keys(HEADERS) as Column[];
  const columns = Object.fromEntries(names.map((name) => [name, place(name)])) as Record<Column, number>;
  const missing = names.filter((name) => PLACES[name] !== undefined && columns[name] === NOWHERE);
  if (missing.length > 0) {
    const list = missing.map((name) => `"${PLACES[name]}"`).join(', ');
    const message = `Nothing was run: the column ${list} is missing. Put the header in row 1 right, then pick again.`;
    return { ok: false, message };
  }
  return { ok: true, rundown: { columns, rows: values.slice(1).map((cells, at) => rowOf(cells, at + 2, columns)) } };
}

function rowOf(cells: readonly unknown[], number: number, columns: Readonly<Record<Column, number>>): Row {
  const text = (name: Column) => cellText(cells[columns[name]]);
  const own = Object.fromEntries(OWN_COLUMNS.map((name) => [name, cells[columns[name]] ?? ''])) as Row['own'];
  const [service, action] = [text('service'), text('action')];
  return {
    number,
    step: DO_NOW_STEP,
    plannedStart: '',
    service,
    action,
    status: text('status'),
    result: text('result'),
    operation: text('operation'),
    // The rest of the board changes by itself.
    identity: JSON.stringify([service, action]),
    own,
    isPick: true,
  };
}
