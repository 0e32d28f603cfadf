/** What the sheet says that it did not say before: the row whose Status or Result changed last, in one line. */

interface Row {
  /** What it is known by: its step, or its service. */
  readonly key: string;
  readonly status: string;
  readonly result: string;
}

function rowsOf(values: readonly (readonly string[])[]): Row[] {
  const [headers = [], ...rows] = values;
  const [step, service, status, result] = ['Step', 'Service', 'Status', 'Result'].map((header) =>
    headers.indexOf(header),
  ) as number[];
  if (status === -1 || result === -1) return [];
  const at = (row: readonly string[], column = -1) => row[column] ?? '';
  const keyOf = (row: readonly string[]) => (step === -1 ? at(row, service) : at(row, step) && `Step ${at(row, step)}`);
  return rows.map((row) => ({ key: keyOf(row), status: at(row, status), result: at(row, result) }));
}

/** @returns undefined if nothing that people wait for has changed. */
export function announcementOf(
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
): string | undefined {
  const old = rowsOf(before);
  const changed = rowsOf(after).filter(({ key, status, result }) => {
    const was = key ? old.find((row) => row.key === key) : undefined;
    return was !== undefined && (was.status !== status || was.result !== result);
  });
  const row = changed.find(({ result }) => result) ?? changed[0];
  return row && [row.key, row.status, row.result].filter(Boolean).join(' · ');
}
