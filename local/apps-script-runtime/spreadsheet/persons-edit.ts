import type { EventFacts } from '../protocol.ts';
import type { Quirks } from '../quirks.ts';
import { type Area, parseA1 } from './a1.ts';
import type { Content } from './cell.ts';
import { checkProtections } from './protection.ts';
import { SheetError } from './sheet-error.ts';
import type { Tab } from './sheet-tab.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import { entryOf } from './validation.ts';
import { eventText, type Value } from './value.ts';

/** What one person does to cells. */
export interface PersonsEdit {
  readonly spreadsheetId: string;
  readonly sheet: string;
  /** A1, such as `G3` or `G3:H4`. */
  readonly range: string;
  /** As typed; of the range's shape. */
  readonly values: readonly (readonly unknown[])[];
  /** Blank if Google would not name them. */
  readonly user: string;
  /** Who it is in truth, for what is shared and protected; the user if left out. */
  readonly account?: string;
  /** If left out: one cell is typed, several are pasted. What is undone is put back as it was. */
  readonly how?: 'typed' | 'pasted' | 'undone';
  /** What the cells held, to be put back in place of values. */
  readonly contents?: readonly (readonly Content[])[];
}

export type EditFacts = Omit<EventFacts & { kind: 'edit' }, 'triggerUid'>;

export interface AppliedEdit {
  readonly facts: EditFacts;
  /** What Sheets tells this person without keeping them from it. */
  readonly warnings: readonly string[];
  readonly tab: Tab;
  readonly area: Area;
  /** What the cells held before. */
  readonly before: readonly (readonly Content[])[];
}

/** @throws SheetError - It does not fit the sheet, or this person may not; nothing was changed. */
export function applyEdit(spreadsheet: Spreadsheet, edit: PersonsEdit, quirks: Quirks): AppliedEdit {
  const { sheet, range, values, user, account = user } = edit;
  const tab = spreadsheet.tab(sheet);
  const area = tab.closed(parseA1(range));
  const isSingle = area.rows === 1 && area.columns === 1;
  const { how = isSingle ? 'typed' : 'pasted' } = edit;
  checkOpen(spreadsheet, account);
  const warnings = checkProtections(tab.formatting.protections, area, account, spreadsheet.owner);
  const entered = how === 'typed' ? completed(tab, area, values) : values;
  const contents = edit.contents ?? spreadsheet.typedInto(tab, area, entered);
  const isHeld = how === 'typed' || (how === 'pasted' && quirks.pasteObeysValidation);
  const wrong = isHeld ? spreadsheet.violation(tab, area, contents, 'rejecting') : undefined;
  if (wrong) throw new SheetError(wrong, { field: 'values' });
  const marked = spreadsheet.violation(tab, area, contents, 'warning');

  const held = tab.contents(area);
  const before = spreadsheet.values(tab, area);
  tab.set(area, contents);
  const after = spreadsheet.values(tab, area);
  const told = isSingle && (how !== 'pasted' || quirks.pasteCarriesValue);
  const facts: EditFacts = {
    kind: 'edit',
    place: { spreadsheetId: spreadsheet.id, sheetId: tab.sheetId, ...area },
    user,
    value: told ? textOf(after, quirks.clearCarriesValue) : undefined,
    oldValue: told ? textOf(before, false) : undefined,
  };
  return { facts, warnings: marked ? [...warnings, marked] : warnings, tab, area, before: held };
}

/** What is typed finds its entry in the cell's list, whatever its case, and Enter takes it. Believed of Sheets, not known. */
function completed(tab: Tab, { row, column }: Area, values: PersonsEdit['values']): PersonsEdit['values'] {
  const rule = tab.formatting.validationAt(row, column);
  const [[typed] = []] = values;
  const entry = rule && typeof typed === 'string' ? entryOf(rule, typed) : undefined;
  return entry === undefined ? values : [[entry]];
}

/** Rows that this person inserts, deletes or sorts. @returns What Sheets tells them. @throws SheetError - They may not. */
export function checkRows(spreadsheet: Spreadsheet, tab: Tab, area: Area, account: string | undefined): string[] {
  if (account === undefined) return [];
  checkOpen(spreadsheet, account);
  return checkProtections(tab.formatting.protections, area, account, spreadsheet.owner);
}

function checkOpen(spreadsheet: Spreadsheet, account: string): void {
  if (!spreadsheet.isOpenTo(account))
    throw new SheetError('You need permission to edit this spreadsheet.', { field: 'user' });
}

/** Nothing at all is told only if clearing tells it. */
function textOf([[value = ''] = []]: Value[][], tellsEmpty: boolean): string | undefined {
  return value === '' && !tellsEmpty ? undefined : eventText(value);
}
