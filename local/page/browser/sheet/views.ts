import { button, setText } from '../dom.ts';
import { createListFilter } from './list-filter.ts';
import { createTable, type SheetTable, type TableOptions } from './table.ts';
import type { UniverOptions } from './univer-sheet.ts';

/** Two views on one sheet: Univer, which feels like Google Sheets, and a plain table, which every reader can read. */

const CHOICE = 'drawbridge-view';
/** A canvas is no use on a phone. */
const NARROW = '(max-width: 760px)';

type View = 'sheet' | 'table';

function firstView(): View {
  const chosen = localStorage.getItem(CHOICE);
  if (chosen === 'sheet' || chosen === 'table') return chosen;
  return matchMedia(NARROW).matches ? 'table' : 'sheet';
}

/** What was written into the page is on the screen. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

const once = (place: HTMLElement, event: string) =>
  new Promise((resolve) => place.addEventListener(event, resolve, { once: true }));

/** @param given - As the views need them; `toggle` is where the button goes that changes between them. */
export function createViews(
  place: HTMLElement,
  toggle: HTMLElement,
  given: Omit<UniverOptions & TableOptions, 'filter'>,
): SheetTable {
  const options = { ...given, filter: createListFilter(document.body) };
  let view = firstView();
  let current: SheetTable | undefined;
  let last: Parameters<SheetTable['show']> | undefined;

  async function open(): Promise<void> {
    const opening = view;
    document.body.dataset.view = opening;
    setText(change, opening === 'sheet' ? 'Show as a plain table' : 'Show as a sheet');
    place.replaceChildren();
    show(createTable(place, options));
    if (opening === 'table') return;
    // The table is there at once, and can be used while the larger view loads.
    const { createUniverSheet } = await import('./univer-sheet.ts');
    await painted();
    if (place.contains(document.activeElement)) await once(place, 'focusout');
    if (opening === view) show(createUniverSheet(place, options));
  }

  function show(made: SheetTable): void {
    current = made;
    if (last) current.show(...last);
  }

  const change = button('', () => {
    view = view === 'sheet' ? 'table' : 'sheet';
    localStorage.setItem(CHOICE, view);
    void open();
  });
  change.className = 'view';
  toggle.append(change);
  void open();
  return {
    show(...shown) {
      last = shown;
      current?.show(...shown);
    },
    lookAgain: () => current?.lookAgain(),
    go: (position) => current?.go(position),
  };
}
