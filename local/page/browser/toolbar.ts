import { columnLetters } from '../a1.ts';
import { button, h, setText } from './dom.ts';
import type { ShownSheet } from './shown-sheet.ts';
import type { Position } from './table.ts';

export type RowAction = { kind: 'insert' | 'delete'; row: number; count?: number } | { kind: 'sort'; column: number };

/** What can be done with the row or column one is in, and what stands in that cell, in full. */
export function createToolbar(place: HTMLElement, act: (action: RowAction, basis: ShownSheet) => void) {
  let at: (Position & { readonly rows: number; readonly basis: ShownSheet }) | undefined;
  const name = h('output', { class: 'name', 'aria-label': 'Cell' });
  const content = h('output', { class: 'content', 'aria-label': 'Content of the cell', 'aria-live': 'off' });
  const onRows = (kind: 'insert' | 'delete') => () => at && act({ kind, row: at.row, count: at.rows }, at.basis);
  const insert = button('', onRows('insert'));
  const remove = button('', onRows('delete'));
  const sort = button('Sort', () => at && act({ kind: 'sort', column: at.column }, at.basis), {
    title: 'Sort the rows by the column of this cell',
  });
  const buttons = [insert, remove, sort];
  const show = (rows: number) => {
    const [what, them] = rows === 1 ? ['row', 'the row of this cell'] : [`${rows} rows`, 'the selected rows'];
    setText(insert, `Insert ${what}`);
    setText(remove, `Delete ${what}`);
    insert.title = `Insert ${rows === 1 ? 'a row' : what} above ${them}`;
    remove.title = `Delete ${them}`;
    for (const each of buttons) each.disabled = at === undefined;
  };
  show(1);
  place.append(...buttons, h('span', { class: 'formula' }, name, content));
  return {
    /** @param basis - What was shown when the person came to this cell. */
    visit(position: Position, value: string, basis: ShownSheet, rows = 1): void {
      at = { ...position, rows, basis };
      show(rows);
      setText(name, `${columnLetters(position.column)}${position.row}`);
      setText(content, value);
    },
    /** Another tab is shown: nobody is in any of its cells yet. */
    leave(): void {
      at = undefined;
      show(1);
      setText(name, '');
      setText(content, '');
    },
  };
}
