import { h } from './dom.ts';
import { entryFor, matching } from './list-entries.ts';

/** The list of a cell that is being typed into: only what has the typed letters, and Enter takes what is meant. */

export interface Typing {
  /** What the cell's list offers; undefined if it has none. */
  readonly choices: readonly string[] | undefined;
  readonly text: string;
  /** Where the cell is on the screen. */
  readonly at: { readonly left: number; readonly bottom: number };
}

export function createListFilter(place: HTMLElement) {
  const box = h('ul', { class: 'list-filter', role: 'listbox', 'aria-label': 'Entries that match' });
  box.hidden = true;
  place.append(box);
  let entries: readonly string[] = [];
  let chosen = -1;
  let typed = '';

  const draw = () => {
    box.replaceChildren(
      ...entries.map((entry, at) => h('li', { role: 'option', 'aria-selected': String(at === chosen) }, entry)),
    );
  };

  return {
    show({ choices = [], text, at }: Typing): void {
      typed = text;
      entries = matching(choices, text);
      chosen = -1;
      box.hidden = entries.length === 0 || text.trim() === '';
      // The view's own list shows everything, whatever is typed.
      document.body.toggleAttribute('data-filtering', !box.hidden);
      box.style.left = `${at.left}px`;
      box.style.top = `${at.bottom + 2}px`;
      draw();
    },
    hide(): void {
      box.hidden = true;
      document.body.toggleAttribute('data-filtering', false);
      entries = [];
    },
    /** To the next entry with 1, to the one before with -1. @returns Whether there is a list to move in. */
    move(step: 1 | -1): boolean {
      if (box.hidden) return false;
      chosen = (chosen + step + entries.length) % entries.length;
      draw();
      return true;
    },
    /** What Enter takes; undefined if it is not clear which entry is meant. */
    taken: (): string | undefined => (box.hidden ? undefined : (entries[chosen] ?? entryFor(entries, typed))),
  };
}
