import { plainText } from '../../contract/status.ts';
import { RUNDOWN_COLUMNS, RUNDOWN_TAB } from '../../release-sheet-template/rundown.ts';
import type { Edit } from './may-matter.ts';
import type { SheetRecord } from './memory.ts';
import type { Ports } from './ports.ts';
import { says } from './sentences.ts';
import { cellText, type Headers, type Row, type Rundown, readHeaders, wantsRun } from './sheet/rundown-tab.ts';
import type { ReleaseSheet, SheetTab } from './sheet/spreadsheet.ts';
import { writeBlocks } from './sheet/write-cells.ts';

/** Where nothing can be run, people are told so where they look: in Result, or in a note. */

export interface EditedTab {
  readonly sheet: ReleaseSheet;
  readonly tab: SheetTab;
  readonly edit: Edit;
  /** When the event was seen. Milliseconds since the epoch. */
  readonly seenAt: number;
}

export const isRundown = (headers: Headers): boolean => headers.ok || headers.isOurs;

/** Who broke a header must read why; who put it right again must not read it any more. */
export function onHeaders(ports: Ports, { sheet, tab, edit, seenAt }: EditedTab): void {
  const texts = tab.headers();
  const headers = readHeaders([texts]);
  if (!isRundown(headers)) return;
  ports.memory.mark(sheet.id, seenAt);
  const known = RUNDOWN_COLUMNS.find(
    ({ header }) => plainText(header) === plainText(cellText(texts[edit.firstColumn])),
  );
  if (!headers.ok) tab.note(1, edit.firstColumn, headers.message);
  else if (known) tab.note(1, edit.firstColumn, known.note ?? '');
}

/**
 * A sheet has one rundown, known by its tab's id: a second tab with our headers is a duplicate, whatever it is called, and
 * says so.
 */
export function isRundownOf(
  ports: Ports,
  { sheet, tab }: EditedTab,
  record: SheetRecord | undefined,
  { columns }: Rundown,
  touched: readonly Row[],
): boolean {
  const tell = (value: string) => {
    writeBlocks(
      tab,
      touched.filter(wantsRun).map(({ row }) => ({ row, column: columns.result, value })),
    );
    return false;
  };
  if (!record) return tell(says.notRegistered);
  if (record.tabId === tab.id) return true;
  if (record.tabId === undefined) {
    const named = sheet.tabNamed(RUNDOWN_TAB.name);
    if (named && named.id !== tab.id) return tell(says.otherTab(RUNDOWN_TAB.name));
    ports.memory.putSheet({ ...record, tabId: tab.id });
    return true;
  }
  const rundown = sheet.tabWithId(record.tabId);
  if (!rundown) console.error(`The release sheet ${sheet.id}: its rundown tab is gone.`);
  return tell(rundown ? says.otherTab(rundown.name()) : says.goneTab);
}

/** Nothing can be run; who set Go must read why. */
export function tellBroken(
  { tab, edit }: EditedTab,
  values: unknown[][],
  headers: Headers & { readonly ok: false },
): void {
  const { firstRow, firstColumn, lastColumn } = edit;
  if (firstRow === 1) tab.note(1, firstColumn, headers.message);
  const last = Math.min(edit.lastRow, values.length);
  for (let row = Math.max(2, firstRow); row <= last; row += 1) {
    const cells = (values[row - 1] ?? []).slice(firstColumn, lastColumn + 1);
    if (!cells.some((cell) => wantsRun({ status: cellText(cell) }))) continue;
    if (headers.resultColumn === undefined) tab.note(row, firstColumn, headers.message);
    else tab.write(row, headers.resultColumn, [[headers.message]]);
  }
}
