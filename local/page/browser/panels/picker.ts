import type { SpreadsheetFacts } from '../api.ts';
import { button, h } from '../dom.ts';

/** Which spreadsheet is open. The last one is remembered, as long as the stack has it. */

const REMEMBERED = 'drawbridge.spreadsheet';

const GROUPS: readonly (readonly [kind: SpreadsheetFacts['kind'], label: string])[] = [
  ['release', 'Release sheets'],
  ['control', 'Control spreadsheet'],
  ['copy', 'Copies, not connected'],
  [undefined, 'Others'],
];

export interface PickerOptions {
  open(spreadsheet: SpreadsheetFacts): void;
  copy(spreadsheet: SpreadsheetFacts): void;
}

export function createPicker(place: HTMLElement, copyPlace: HTMLElement, { open, copy }: PickerOptions) {
  let all: readonly SpreadsheetFacts[] = [];
  let offered = '';
  const select = h('select', { 'aria-label': 'Spreadsheet' });
  const chosen = () => all.find(({ id }) => id === select.value);
  const change = () => {
    const spreadsheet = chosen();
    if (!spreadsheet) return;
    localStorage.setItem(REMEMBERED, spreadsheet.id);
    document.title = `${spreadsheet.name} · Drawbridge`;
    open(spreadsheet);
  };
  select.addEventListener('change', change);
  const copier = button(
    'Make a copy',
    () => {
      const spreadsheet = chosen();
      if (spreadsheet) copy(spreadsheet);
    },
    { title: 'As File, Make a copy does: without the script that stands behind it' },
  );
  place.append(select);
  copyPlace.append(copier);

  const pick = (id: string | null) => {
    select.value = all.find((one) => one.id === id)?.id ?? all[0]?.id ?? '';
    change();
  };
  return {
    pick,
    /** What there is now; the one that is open stays open. */
    offer(spreadsheets: readonly SpreadsheetFacts[]): void {
      const key = JSON.stringify(spreadsheets);
      if (key === offered) return;
      offered = key;
      all = spreadsheets;
      const current = select.value || localStorage.getItem(REMEMBERED);
      select.replaceChildren(...GROUPS.flatMap(([kind, label]) => groupOf(label, all, kind)));
      pick(current);
    },
  };
}

function groupOf(
  label: string,
  all: readonly SpreadsheetFacts[],
  kind: SpreadsheetFacts['kind'],
): readonly HTMLOptGroupElement[] {
  const own = all.filter((one) => one.kind === kind);
  if (own.length === 0) return [];
  return [h('optgroup', { label }, ...own.map(({ id, name }) => h('option', { value: id }, name)))];
}
