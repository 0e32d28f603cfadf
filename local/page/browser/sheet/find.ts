import { h, setText } from '../dom.ts';
import { foundIn } from './find-cells.ts';
import type { Position } from './table.ts';

export interface FindOptions {
  /** What is shown, row 1 first. */
  values(): readonly (readonly string[])[];
  here(): Position | undefined;
  go(position: Position): void;
}

/** Finds text in the tab that is shown: Enter goes to the next cell that has it, Shift+Enter to the one before. */
export function createFind(place: HTMLElement, { values, here, go }: FindOptions) {
  const field = h('input', { type: 'search', class: 'find', 'aria-label': 'Find in this tab', placeholder: 'Find' });
  const count = h('output', { class: 'quiet', 'aria-label': 'Found' });
  const find = (step: 1 | -1) => {
    const found = foundIn(values(), field.value, here(), step);
    setText(count, field.value === '' ? '' : found ? `${found.number} of ${found.of}` : 'Not found');
    if (found) go(found);
  };
  field.addEventListener('input', () => setText(count, ''));
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') {
      event.preventDefault();
      find(event.shiftKey ? -1 : 1);
      // The sheet takes the keyboard when one comes to a cell; the next Enter is for the next one.
      field.focus();
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    field.select();
  });
  place.append(h('span', { class: 'finder' }, field, count));
}
