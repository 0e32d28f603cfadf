import { h } from '../dom.ts';
import { sameEntry } from './list-entries.ts';
import type { ListFilter } from './list-filter.ts';

/** Letters typed on a cell with a list, as in the sheet: the list shows what has them, and Enter takes what is meant. */

export interface ListTypingOptions {
  /** What the cell is called. */
  readonly name: string;
  readonly choices: readonly string[];
  readonly filter: ListFilter;
  /** @param value - An entry, or what was typed: whether that is taken, the sheet says. */
  enter(value: string): void;
  /** Nothing is entered. */
  end(): void;
}

export interface ListTyping {
  readonly text: string;
  /** Takes the letters away, entered or not. */
  remove(): void;
}

export function typeInList(td: HTMLElement, begun: string, options: ListTypingOptions): ListTyping {
  const { name, choices, filter, enter, end } = options;
  const input = h('input', {
    class: 'list-typing',
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': name,
    'aria-autocomplete': 'list',
    'aria-expanded': 'true',
    'aria-controls': filter.id,
  });
  let isOver = false;
  /** Chosen by Enter or by pointing; leaving the cell takes only a whole word. */
  let meant: string | undefined;

  const remove = () => {
    if (isOver) return;
    isOver = true;
    filter.hide();
    input.remove();
  };
  const enterAndLeave = () => {
    const value = meant ?? sameEntry(choices, input.value) ?? input.value;
    remove();
    if (value.trim() === '') end();
    else enter(value);
  };
  const draw = () => {
    const take = (entry: string) => {
      meant = entry;
      enterAndLeave();
    };
    filter.show({ choices, text: input.value, at: () => td.getBoundingClientRect(), take });
    input.removeAttribute('aria-activedescendant');
  };
  input.addEventListener('input', draw);
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    if (step && filter.move(step)) {
      event.preventDefault();
      event.stopPropagation();
      input.setAttribute('aria-activedescendant', filter.chosenId() ?? '');
    }
    // The table moves on, and so the cell is left.
    if (event.key === 'Enter' || event.key === 'Tab') meant = filter.taken();
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    remove();
    end();
  });
  input.addEventListener('blur', () => {
    // Another window has the keyboard: the person is still typing here.
    if (!isOver && document.activeElement !== input) enterAndLeave();
  });

  td.append(input);
  input.value = begun;
  input.focus();
  draw();
  return {
    get text() {
      return input.value;
    },
    remove,
  };
}
