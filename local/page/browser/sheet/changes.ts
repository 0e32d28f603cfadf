import { rangeName } from '../../a1.ts';
import { api, Refusal } from '../api.ts';
import { rowNow } from './moved-rows.ts';
import type { Rectangle } from './rectangles.ts';
import type { ShownSheet } from './shown-sheet.ts';
import type { RowAction } from './toolbar.ts';

/** What a person does goes to the row that they looked at, or it is said where that row is now; and it can be taken back. */

export interface Offer {
  readonly label: string;
  act(): void;
}

export interface ChangesOptions {
  /** Who changes it. */
  user(): string;
  /** The spreadsheet that is open. */
  spreadsheet(): string;
  /** The tab as it is by now, which the views then show. */
  lookAgain(): Promise<ShownSheet | undefined>;
  openTab(tab: string): void;
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

/** What one action came to, by the names that take its parts back: the last part first. */
interface Done {
  readonly spreadsheet: string;
  readonly tab: string;
  readonly undo: readonly string[];
}

export function createChanges(options: ChangesOptions) {
  const { user, spreadsheet, lookAgain, openTab, told, refused } = options;
  const done: Done[] = [];
  const undone: Done[] = [];

  const remember = ({ spreadsheet, tab }: ShownSheet, names: readonly (string | undefined)[]) => {
    const undo = names.filter((name) => name !== undefined);
    if (undo.length > 0) done.push({ spreadsheet, tab, undo });
    undone.length = 0;
  };

  async function make(change: Change, basis: ShownSheet): Promise<void> {
    try {
      const { warnings = [], undo } = await change.send(change.row, basis.rowsRevision);
      remember(basis, [undo]);
      told(warnings);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'ROWS_MOVED') return refused(error);
      const now = await lookAgain();
      const row = now?.key === basis.key ? rowNow(basis, change.row, change.rows, now) : undefined;
      const again = { ...change, row: row ?? 0 };
      refused(error, row && now ? { label: `Repeat it in row ${row}`, act: () => void make(again, now) } : undefined);
    }
  }

  const placeOf = ({ spreadsheet, tab }: ShownSheet) => ({ spreadsheet, sheet: tab, user: user() });

  async function changeRows(action: Parameters<typeof api.rows>[0]): Promise<Told> {
    const made = await api.rows(action);
    // This person moved them, and knows.
    await lookAgain();
    return made;
  }

  /** Several runs of rows are one action, from the bottom up: the upper ones stay where they are. */
  async function deleteAll(blocks: readonly { row: number; count: number }[], basis: ShownSheet): Promise<void> {
    const names: (string | undefined)[] = [];
    let { rowsRevision } = basis;
    try {
      for (const block of blocks) {
        const made = await api.rows({ ...placeOf(basis), kind: 'delete', ...block, rowsRevision });
        rowsRevision = made.rowsRevision ?? rowsRevision;
        names.unshift(made.undo);
        told(made.warnings ?? []);
      }
    } catch (error) {
      refused(error);
    }
    remember(basis, names);
    await lookAgain();
  }

  async function takeBack(from: Done[], to: Done[], nothing: string): Promise<void> {
    const at = from.map((one) => one.spreadsheet).lastIndexOf(spreadsheet());
    const [last] = at < 0 ? [] : from.splice(at, 1);
    if (!last) return refused(nothing);
    openTab(last.tab);
    const names: string[] = [];
    try {
      for (const undo of last.undo) {
        const made = await api.undo({ spreadsheet: last.spreadsheet, undo, user: user() });
        if (made.undo) names.unshift(made.undo);
        told(made.warnings ?? []);
      }
    } catch (error) {
      refused(error);
    }
    if (names.length > 0) to.push({ ...last, undo: names });
    await lookAgain();
  }

  return {
    /** @param area - Counts from 1. */
    edit(area: Rectangle, values: readonly (readonly string[])[], basis: ShownSheet): void {
      const send = (row: number, rowsRevision: number) =>
        api.edit({ ...placeOf(basis), range: rangeName({ ...area, row }), values, rowsRevision });
      void make({ row: area.row, rows: area.rows, send }, basis);
    },
    rows(action: RowAction, basis: ShownSheet): void {
      const place = placeOf(basis);
      if (action.kind === 'sort')
        return void make(
          { row: 1, rows: 1, send: (_row, rowsRevision) => changeRows({ ...place, ...action, rowsRevision }) },
          basis,
        );
      const [first, ...more] = action.kind === 'delete' ? action.blocks : [action];
      if (!first) return;
      if (action.kind === 'delete' && more.length > 0) return void deleteAll(action.blocks, basis);
      const { row, count } = first;
      const send = (at: number, rowsRevision: number) =>
        changeRows({ ...place, kind: action.kind, row: at, count, rowsRevision });
      void make({ row, rows: count, send }, basis);
    },
    undo: () => void takeBack(done, undone, 'There is nothing of yours to undo.'),
    redo: () => void takeBack(undone, done, 'There is nothing of yours to do again.'),
  };
}
