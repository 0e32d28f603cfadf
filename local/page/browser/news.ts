/** What the sheet says that it did not say before: the row whose Status or Result changed last, in one line. */

interface Row {
  readonly step: string;
  readonly status: string;
  readonly result: string;
}

function rowsOf(values: readonly (readonly string[])[]): Row[] {
  const [headers = [], ...rows] = values;
  const [step, status, result] = ['Step', 'Status', 'Result'].map((header) => headers.indexOf(header)) as number[];
  if (status === -1 || result === -1) return [];
  const at = (row: readonly string[], column = -1) => row[column] ?? '';
  return rows.map((row) => ({ step: at(row, step), status: at(row, status), result: at(row, result) }));
}

/** @returns undefined if nothing that people wait for has changed. */
export function newsOf(
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
): string | undefined {
  const old = rowsOf(before);
  const changed = rowsOf(after).filter(({ step, status, result }) => {
    const was = step ? old.find((row) => row.step === step) : undefined;
    return was !== undefined && (was.status !== status || was.result !== result);
  });
  const row = changed.find(({ result }) => result) ?? changed[0];
  return row && `Step ${row.step} · ${row.status}${row.result ? ` · ${row.result}` : ''}`;
}
