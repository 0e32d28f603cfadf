import { h } from '../dom.ts';
import type { Formatting } from './formatting.ts';
import type { ListFilter } from './list-filter.ts';
import { type ListTyping, typeInList } from './list-typing.ts';
import { paint } from './paint.ts';

export type CellInput = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface CellPlace {
  readonly header: string;
  /** From 1. */
  readonly row: number;
  readonly column: number;
}

export interface Cell {
  readonly td: HTMLTableCellElement;
  readonly input: CellInput;
  /** A person is typing here, and has not entered it. */
  isDraft(): boolean;
  /** Takes away what a person is typing here and has not entered. */
  takeDraft(): string | undefined;
  /** The person goes on typing here what they began in another cell, or begins to type in a list. */
  goOnTyping(draft: string): void;
  /** What the sheet says; what a person is typing here is left alone. */
  show(value: string, formatting: Formatting): void;
}

const label = ({ header, row }: CellPlace) => `${header || 'Column without header'}, row ${row}`;

export interface CellOptions {
  readonly filter: ListFilter;
  /** What a person entered. */
  commit(value: string): void;
}

/** One cell that a person can type into or choose in. */
export function createCell(place: CellPlace, formatting: Formatting, { filter, commit }: CellOptions): Cell {
  const { header, row, column } = place;
  const choices = formatting.choicesAt(row, column);
  const wraps = formatting.cell(row, column).wraps;
  const input = createInput(label(place), choices !== undefined, wraps);
  const kind = choices ? 'choice' : wraps ? 'long' : 'text';
  // Below a header that a formula makes nobody writes anything.
  const isOurs = formatting.isWarned(row, column) || formatting.isComputed(1, column);
  const classes = isOurs ? `${kind} ours` : kind;
  const td = h('td', { role: 'cell', 'data-header': header, class: classes }, input);
  let shown = '';
  /** To a browser, what came with {@link Cell.goOnTyping} is no change that a person made. */
  let isCarried = false;
  let formula: string | undefined;
  /** As in the sheet, one goes on writing the formula and not what it comes to. */
  function openFormula(): void {
    if (formula !== undefined && input.value === shown) input.value = formula;
  }
  let typing: ListTyping | undefined;
  const isDraft = () => typing !== undefined || (!(input instanceof HTMLSelectElement) && input.value !== shown);
  const enter = () => {
    isCarried = false;
    if (input.value !== shown) commit(input.value);
  };
  input.addEventListener('change', enter);
  input.addEventListener('blur', () => isCarried && enter());
  input.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape') input.value = shown;
    if ((event as KeyboardEvent).key === 'F2') openFormula();
  });
  input.addEventListener('dblclick', openFormula);
  input.addEventListener('blur', () => {
    if (formula !== undefined && input.value === formula) input.value = shown;
  });
  function typeChoice(begun: string): void {
    typing?.remove();
    typing = typeInList(td, begun, {
      name: `${label(place)}: type an entry`,
      choices: choices ?? [],
      filter,
      enter(value) {
        typing = undefined;
        if (value !== shown) commit(value);
      },
      end() {
        typing = undefined;
        input.focus();
      },
    });
  }
  return {
    td,
    input,
    isDraft,
    takeDraft() {
      if (typing) {
        const { text, remove } = typing;
        typing = undefined;
        remove();
        return text;
      }
      if (!isDraft()) return undefined;
      const draft = input.value;
      input.value = shown;
      return draft;
    },
    goOnTyping(draft) {
      if (input instanceof HTMLSelectElement) return typeChoice(draft);
      input.focus();
      input.value = draft;
      isCarried = true;
    },
    show(value, now) {
      const isTyping =
        document.activeElement === input && input.value !== shown && input instanceof HTMLSelectElement === false;
      shown = value;
      formula = now.formulaAt(row, column);
      const base = now.cell(row, column);
      const ofText = now.ofText(row, column, value);
      if (input instanceof HTMLSelectElement) {
        offer(input, choices ?? [], value);
        paint(input, { ...(now.chipOf(row, column) ?? ofText), isConditional: true });
        paint(td, base);
      } else {
        paint(td, ofText ? { ...ofText, isConditional: true } : base);
      }
      if (!isTyping && input.value !== value) input.value = value;
      input.title = choices ? '' : value;
      td.dataset.value = value;
    },
  };
}

function createInput(name: string, isChoice: boolean, wraps: boolean): CellInput {
  const attributes = { 'aria-label': name, autocomplete: 'off', spellcheck: 'false' };
  if (isChoice) return h('select', { ...attributes, class: 'chip' });
  if (wraps) return h('textarea', { ...attributes, rows: '1' });
  return h('input', { ...attributes, type: 'text' });
}

/** Rebuilds the list only when it changed: an open list would close. */
function offer(select: HTMLSelectElement, choices: readonly string[], value: string): void {
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
