import { h } from '../dom.ts';
import { entryFor, matching } from './list-entries.ts';

/** The list of a cell that is being typed into: only what has the typed letters, and Enter takes what is meant. */

export interface Typing {
  /** What the cell's list offers; undefined if it has none. */
  readonly choices: readonly string[] | undefined;
  readonly text: string;
  /** Where the cell is on the screen; outside of it, as long as it is not drawn yet. */
  at(): Pick<DOMRect, 'left' | 'top' | 'bottom'>;
  /** Somebody points at an entry. */
  take(entry: string): void;
}

export type ListFilter = ReturnType<typeof createListFilter>;

const ID = 'list-filter';
const optionId = (at: number) => `${ID}-${at}`;

export function createListFilter(place: HTMLElement) {
  const box = h('ul', { id: ID, class: 'list-filter', role: 'listbox', 'aria-label': 'Entries that match' });
  box.hidden = true;
  place.append(box);
  let entries: readonly string[] = [];
  let chosen = -1;
  let typed = '';
  let take = (_entry: string): void => {};
  // The cell would lose the keyboard, and what is typed would be entered first.
  box.addEventListener('pointerdown', (event) => event.preventDefault());
  box.addEventListener('click', ({ target }) => {
    const entry = entries[[...box.children].indexOf(target as Element)];
    if (entry !== undefined) take(entry);
  });

  /** Below the cell, or above it where there is no room. */
  function stand(at: Typing['at']): void {
    if (box.hidden) return;
    const { left, top, bottom } = at();
    if (left < 0 || bottom < 0) return void requestAnimationFrame(() => stand(at));
    const height = box.offsetHeight;
    const isBelow = bottom + height + 2 <= innerHeight;
    box.style.left = `${left}px`;
    box.style.top = `${isBelow ? bottom + 2 : Math.max(0, top - height - 2)}px`;
  }

  const draw = () => {
    const options = entries.map((entry, at) =>
      h('li', { id: optionId(at), role: 'option', 'aria-selected': String(at === chosen) }, entry),
    );
    const none = h('li', { role: 'option', 'aria-disabled': 'true' }, `Nothing in the list has “${typed}”`);
    box.replaceChildren(...(options.length > 0 ? options : [none]));
  };

  return {
    /** Of the list, for whoever reads it by ear. */
    id: ID,
    show({ choices = [], text, at, take: taking }: Typing): void {
      typed = text.trim();
      take = taking;
      entries = matching(choices, text);
      chosen = -1;
      box.hidden = choices.length === 0 || typed === '';
      // The view's own list shows everything, whatever is typed.
      document.body.toggleAttribute('data-filtering', !box.hidden);
      draw();
      stand(at);
    },
    hide(): void {
      box.hidden = true;
      document.body.toggleAttribute('data-filtering', false);
      entries = [];
    },
    /** To the next entry with 1, to the one before with -1. @returns Whether there is a list to move in. */
    move(step: 1 | -1): boolean {
      if (box.hidden || entries.length === 0) return false;
      chosen = chosen < 0 && step < 0 ? entries.length - 1 : (chosen + step + entries.length) % entries.length;
      draw();
      return true;
    },
    chosenId: (): string | undefined => (entries[chosen] === undefined ? undefined : optionId(chosen)),
    /** What Enter takes; undefined if it is not clear which entry is meant. */
    taken: (): string | undefined => (box.hidden ? undefined : (entries[chosen] ?? entryFor(entries, typed))),
  };
}
