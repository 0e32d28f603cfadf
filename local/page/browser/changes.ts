import { rangeName } from '../a1.ts';
import { api, Refusal } from './api.ts';
import { rowNow } from './moved-rows.ts';
import type { Rectangle } from './rectangles.ts';
import type { ShownSheet } from './shown-sheet.ts';
import type { RowAction } from './toolbar.ts';

/** What a person does goes to the row that they looked at, or it is said where that row is now. */

export interface Offer {
  readonly label: string;
  act(): void;
}

export interface ChangesOptions {
  /** Where the person is, and who. */
  place(): { readonly spreadsheet: string; readonly sheet: string; readonly user: string };
  /** The tab as it is by now, which the views then show. */
  lookAgain(): Promise<ShownSheet | undefined>;
  told(warnings: readonly string[]): void;
  /** Nothing was changed. */
  refused(error: unknown, offer?: Offer): void;
}

type Told = Awaited<ReturnType<typeof api.edit>>;

/** One change of rows that can be made elsewhere. */
interface Change {
  /** Of the first row, from 1. */
  readonly row: number;
  readonly rows: number;
  send(row: number, rowsRevision: number): Promise<Told>;
}

export function createChanges({ place, lookAgain, told, refused }: ChangesOptions) {
  async function make(change: Change, basis: ShownSheet): Promise<void> {
    try {
      const { warnings = [] } = await change.send(change.row, basis.rowsRevision);
      told(warnings);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'ROWS_MOVED') return refused(error);
      const now = await lookAgain();
      const row = now?.key === basis.key ? rowNow(basis, change.row, change.rows, now) : undefined;
      const again = { ...change, row: row ?? 0 };
      refused(error, row && now ? { label: `Repeat it in row ${row}`, act: () => void make(again, now) } : undefined);
    }
  }

  return {
    /** @param area - Counts from 1. */
    edit(area: Rectangle, values: readonly (readonly string[])[], basis: ShownSheet): void {
      const send = (row: number, rowsRevision: number) =>
        api.edit({ ...place(), range: rangeName({ ...area, row }), values, rowsRevision });
      void make({ row: area.row, rows: area.rows, send }, basis);
    },
    rows(action: RowAction, basis: ShownSheet): void {
      const isSort = action.kind === 'sort';
      const [row, rows] = isSort ? [1, 1] : [action.row, action.count ?? 1];
      const send = async (at: number, rowsRevision: number) => {
        const made = await api.rows({ ...place(), ...action, ...(isSort ? {} : { row: at }), rowsRevision });
        // This person moved them, and knows.
        await lookAgain();
        return made;
      };
      void make({ row, rows, send }, basis);
    },
  };
}
