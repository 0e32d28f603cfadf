import { columnLetters } from './apps-script-runtime/spreadsheet/a1.ts';
import type { Stack } from './stack.ts';

/** One row of a tab, by header text, as a person reads it. */
export interface SheetRow {
  /** The row's number in the sheet; the header is row 1. */
  readonly number: number;
  value(header: string): string;
  /** The A1 name of this row's cell under a header, such as `G3`. */
  cell(header: string): string;
}

/** The rows of a tab of the seeded release sheet. */
export function rowsOf(stack: Pick<Stack, 'runtime' | 'releaseSheet'>, tab: string): SheetRow[] {
  const [headers = [], ...rows] = stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues(tab);
  const columnOf = (header: string) => {
    const index = headers.indexOf(header);
    if (index < 0) throw new Error(`The tab ${tab} has no column "${header}", only ${headers.join(', ')}.`);
    return index;
  };
  return rows.map((cells, index) => ({
    number: index + 2,
    value: (header) => cells[columnOf(header)] ?? '',
    cell: (header) => `${columnLetters(columnOf(header) + 1)}${index + 2}`,
  }));
}

/** The first step of the rundown that does this to that service. @throws Error - There is none. */
export function stepOf(stack: Pick<Stack, 'runtime' | 'releaseSheet'>, service: string, action: string): SheetRow {
  const found = rowsOf(stack, 'Rundown').find(
    ({ value }) => value('Service') === service && value('Action') === action,
  );
  if (!found) throw new Error(`The rundown has no step "${action}" for ${service}.`);
  return found;
}
