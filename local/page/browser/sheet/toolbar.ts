import { columnLetters, parseRange } from '../../a1.ts';
import { button, h, setText } from '../dom.ts';
import { countOf, type RowBlock } from './row-blocks.ts';
import type { ShownSheet } from './shown-sheet.ts';
import type { Position } from './table.ts';

export type RowAction =
  | { readonly kind: 'insert'; readonly row: number; readonly count: number }
  | { readonly kind: 'delete'; readonly blocks: readonly RowBlock[] }
  | { readonly kind: 'sort'; readonly column: number };

export interface ToolbarOptions {
  rows(action: RowAction, basis: ShownSheet): void;
  undo(): void;
  redo(): void;
  /** To that cell. */
  go(position: Position): void;
}

export interface Here extends Position {
  /** From the bottom up. */
  readonly blocks: readonly RowBlock[];
  readonly basis: ShownSheet;
}

/** What can be done with the rows or the column that are selected, and what stands in that cell, in full. */
export function createToolbar(place: HTMLElement, { rows, undo, redo, go }: ToolbarOptions) {
  let at: Here | undefined;
  const name = createNameBox(go);
  const content = h('output', { class: 'content', 'aria-label': 'Content of the cell', 'aria-live': 'off' });
  const insert = button('', () => {
    const top = at?.blocks.at(-1);
    if (at && top) rows({ kind: 'insert', row: top.row, count: countOf(at.blocks) }, at.basis);
  });
  const remove = button('', () => at && rows({ kind: 'delete', blocks: at.blocks }, at.basis));
  const sort = button('Sort', () => at && rows({ kind: 'sort', column: at.column }, at.basis), {
    title: 'Sort the rows by the column of this cell',
  });
  const history = [
    button('↶', undo, { 'aria-label': 'Undo', title: 'Undo what you did last (Ctrl+Z)', class: 'icon' }),
    button('↷', redo, { 'aria-label': 'Redo', title: 'Do it again (Ctrl+Y)', class: 'icon' }),
  ];
  const show = () => {
    const count = at ? countOf(at.blocks) : 1;
    const [what, them] = count === 1 ? ['row', 'the row of this cell'] : [`${count} rows`, 'the selected rows'];
    setText(insert, `Insert ${count === 0 ? 'row' : what}`);
    setText(remove, `Delete ${count === 0 ? 'row' : what}`);
    insert.title = `Insert ${count === 1 ? 'a row' : what} above ${them}`;
    remove.title = `Delete ${them}`;
    for (const each of [insert, remove]) each.disabled = at === undefined || count === 0;
    sort.disabled = at === undefined;
  };
  show();
  place.append(...history, insert, remove, sort, h('span', { class: 'formula' }, name, content));
  return {
    /** The cell that the person is in. */
    here: () => at,
    /** @param basis - What was shown when the person came to this cell. */
    visit(position: Position, value: string, basis: ShownSheet, blocks?: readonly RowBlock[]): void {
      at = { ...position, blocks: blocks ?? [{ row: position.row, count: 1 }], basis };
      show();
      if (document.activeElement !== name) setText(name, `${columnLetters(position.column)}${position.row}`);
      setText(content, basis.formatting.formulaAt(position.row, position.column) ?? value);
    },
    /** Another tab is shown: nobody is in any of its cells yet. */
    leave(): void {
      at = undefined;
      show();
      setText(name, '');
      setText(content, '');
    },
  };
}

/** Says which cell one is in, and goes to the one that is typed into it. */
function createNameBox(go: ToolbarOptions['go']): HTMLElement {
  const title = 'Cell: type its name, such as H5, and press Enter to go there';
  const box = h('span', {
    class: 'name',
    role: 'textbox',
    'aria-label': title,
    title,
    spellcheck: 'false',
    tabindex: '0',
  });
  box.contentEditable = 'plaintext-only';
  let before = '';
  box.addEventListener('focus', () => {
    before = box.textContent ?? '';
    getSelection()?.selectAllChildren(box);
  });
  box.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    const place = event.key === 'Enter' ? parseRange((box.textContent ?? '').trim().toUpperCase()) : undefined;
    box.blur();
    if (place) go(place);
  });
  box.addEventListener('blur', () => {
    if (!parseRange((box.textContent ?? '').trim().toUpperCase())) setText(box, before);
  });
  return box;
}
