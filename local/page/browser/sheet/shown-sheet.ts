import type { Formatting } from './formatting.ts';

/** One tab, as both views are given it. */
export interface ShownSheet {
  /** Of this tab alone. */
  readonly key: string;
  /** The spreadsheet's id. */
  readonly spreadsheet: string;
  readonly tab: string;
  /** As people read them, row 1 first. */
  readonly values: readonly (readonly string[])[];
  readonly formatting: Formatting;
  /** The same number means that each row is where it was. */
  readonly rowsRevision: number;
}
