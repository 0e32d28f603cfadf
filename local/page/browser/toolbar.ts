import { columnLetters } from '../a1.ts';
import { button, h, setText } from './dom.ts';
import type { Position } from './table.ts';

export type RowAction = { kind: 'insert' | 'delete'; row: number; count?: number } | { kind: 'sort'; column: number };

/** What can be done with the row or column one is in, and what stands in that cell, in full. */
export function createToolbar(place: HTMLElement, act: (action: RowAction) => void) {
  let at: Position = { row: 2, column: 1 };
  const name = h('output', { class: 'name', 'aria-label': 'Cell' });
  const content = h('output', { class: 'content', 'aria-label': 'Content of the cell', 'aria-live': 'off' });
  const buttons = [
    button('Insert row', () => act({ kind: 'insert', row: at.row }), { title: 'Insert a row above this cell' }),
    button('Delete row', () => act({ kind: 'delete', row: at.row }), { title: 'Delete the row of this cell' }),
    button('Sort', () => act({ kind: 'sort', column: at.column }), {
      title: 'Sort the rows by the column of this cell',
    }),
  ];
  for (const each of buttons) each.disabled = true;
  place.append(...buttons, h('span', { class: 'formula' }, name, content));
  return {
    visit(position: Position, value: string): void {
      at = position;
      for (const each of buttons) each.disabled = false;
      setText(name, `${columnLetters(at.column)}${at.row}`);
      setText(content, value);
    },
  };
}
