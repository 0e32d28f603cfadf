import { type Column, chipColours } from './columns.ts';
import { h } from './dom.ts';

export type CellInput = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Cell {
  readonly td: HTMLTableCellElement;
  readonly input: CellInput;
  /** What the sheet says; what a person is typing here is left alone. */
  show(value: string, services: readonly string[]): void;
}

const label = ({ header }: Column, row: number) => `${header || 'Column without header'}, row ${row}`;

/** One cell that a person can type into or choose in. Tells `commit` what they entered. */
export function createCell(column: Column, row: number, commit: (value: string) => void): Cell {
  const input = createInput(column, row);
  const td = h('td', { role: 'cell', 'data-header': column.header, class: column.ours ? 'ours' : column.kind }, input);
  let shown = '';
  input.addEventListener('change', () => {
    if (input.value !== shown) commit(input.value);
  });
  input.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape') input.value = shown;
  });
  return {
    td,
    input,
    show(value, services) {
      const isTyping =
        document.activeElement === input && input.value !== shown && input instanceof HTMLSelectElement === false;
      shown = value;
      if (input instanceof HTMLSelectElement) {
        offer(input, column, value, services);
        paint(input, column, value);
      }
      if (!isTyping && input.value !== value) input.value = value;
      input.title = column.kind === 'choice' ? '' : value;
      td.dataset.value = value;
    },
  };
}

function createInput(column: Column, row: number): CellInput {
  const attributes = { 'aria-label': label(column, row), autocomplete: 'off', spellcheck: 'false' };
  if (column.kind === 'choice') return h('select', { ...attributes, class: 'chip' });
  if (column.kind === 'long') return h('textarea', { ...attributes, rows: '1' });
  return h('input', { ...attributes, type: 'text' });
}

/** Rebuilds the list only when it changed: an open list would close. */
function offer(select: HTMLSelectElement, column: Column, value: string, services: readonly string[]): void {
  const choices = column.choices(services);
  const stray = value === '' || choices.includes(value) ? [] : [value];
  const offered = [...stray, ...choices];
  const key = JSON.stringify(offered);
  if (select.dataset.offered === key) return;
  select.dataset.offered = key;
  select.replaceChildren(
    h('option', { value: '', 'aria-label': 'Empty' }),
    ...offered.map((one) => h('option', {}, one)),
  );
  select.value = value;
}

function paint(chip: HTMLSelectElement, column: Column, value: string): void {
  const colours = chipColours(column, value);
  chip.style.backgroundColor = colours?.background ?? '';
  chip.style.color = colours?.text ?? '';
}
