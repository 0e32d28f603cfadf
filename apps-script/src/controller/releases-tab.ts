import { RELEASE_ACTIONS, RELEASES_TAB, type ReleaseAction } from '../../../release-sheet-template/control.ts';
import type { Ports } from '../ports.ts';
import { cellText } from '../sheet/rundown-tab.ts';
import type { ReleaseSheet, SheetTab } from '../sheet/spreadsheet.ts';
import { RELEASE_WORK, type Release } from './release-actions.ts';

/** The tab Releases of the control spreadsheet, worked like a rundown: pick an Action, set Status to Go. */

export interface ControlEdit {
  readonly sheet: Pick<ReleaseSheet, 'flush'>;
  readonly tab: SheetTab;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Zero-based. */
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** Blank if the event names nobody. */
  readonly user: string;
}

interface Columns {
  readonly release: number;
  readonly action: number;
  readonly sheet: number;
  readonly status: number;
  readonly result: number;
  readonly by: number;
  readonly at: number;
}

export function onReleasesEdit(ports: Ports, edit: ControlEdit): void {
  const values = edit.tab.values();
  const columns = columnsOf(values[0] ?? []);
  if (!columns || columns.status < edit.firstColumn || columns.status > edit.lastColumn) return;
  for (let row = Math.max(2, edit.firstRow); row <= Math.min(edit.lastRow, values.length); row += 1) {
    const claimed = claimRelease(ports, edit, columns, row);
    if (claimed) runRelease(ports, edit, columns, claimed);
  }
}

function columnsOf(headers: readonly unknown[]): Columns | undefined {
  const place = (header: string) => headers.findIndex((one) => cellText(one).toLowerCase() === header.toLowerCase());
  const [release, action, sheet, status, result, by, at] = RELEASES_TAB.columns.map(({ header }) => place(header));
  const found = { release, action, sheet, status, result, by, at } as Columns;
  return Object.values(found).every((one) => one >= 0) ? found : undefined;
}

const WORKING = 'Working on it: this takes up to a minute. If it stays so for longer, set Go again.';
/** From here on the address in the row is that of the new sheet. */
const MADE = 'The sheet is made, and is being connected. If it stays so for longer than a minute, set Go again.';

type Claimed = Release & { readonly row: number; readonly action: string };

/** Under the lock, so that an event that comes twice makes one sheet. */
function claimRelease(ports: Ports, { sheet, tab, user }: ControlEdit, columns: Columns, row: number) {
  return ports.locked((): Claimed | undefined => {
    sheet.flush();
    const cells = tab.values()[row - 1] ?? [];
    const text = (column: number) => cellText(cells[column]).trim();
    if (text(columns.status).toLowerCase() !== 'go') return undefined;
    tab.write(row, columns.status, [['Running']]);
    const isMade = text(columns.result) === MADE;
    tab.write(row, columns.result, [[isMade ? MADE : WORKING]]);
    tab.write(row, columns.by, [[user]]);
    sheet.flush();
    const tellUrl = (url: string) => {
      tab.write(row, columns.sheet, [[url]]);
      tab.write(row, columns.result, [[MADE]]);
      sheet.flush();
    };
    const [action, name, url] = [text(columns.action), text(columns.release), text(columns.sheet)];
    return { row, action, name, url, user, isMade, tellUrl };
  });
}

function runRelease(ports: Ports, { sheet, tab }: ControlEdit, columns: Columns, release: Claimed): void {
  const { row } = release;
  const answer = (status: string, result: string) => {
    tab.write(row, columns.status, [[status]]);
    tab.write(row, columns.result, [[result]]);
    tab.write(row, columns.at, [[new Date(ports.now())]]);
    sheet.flush();
  };
  try {
    requireAdmin(ports, release.user);
    answer('Done', RELEASE_WORK[actionOf(release.action)](ports, release));
  } catch (error) {
    answer('Failed', `${(error as Error).message} Nothing more was done. Set Go again when that is fixed.`);
  }
}

/** An anonymous editor may appear as the account that the script runs as. @throws Error - It is none of the listed ones. */
function requireAdmin(ports: Ports, user: string): void {
  const { admins } = ports.memory.load();
  const person = user.toLowerCase();
  if (person === '' || person === ports.controller().toLowerCase()) {
    throw new Error('Google did not report who set this. Set it again from an account of your organisation.');
  }
  if (admins.includes(person)) return;
  const listed = admins.length > 0 ? `They are: ${admins.join(', ')}.` : 'drawbridge.config.ts lists none.';
  throw new Error(`${user} is not on the list of administrators. ${listed}`);
}

function actionOf(text: string): ReleaseAction {
  const action = RELEASE_ACTIONS.find((one) => one.toLowerCase() === text.toLowerCase());
  if (action) return action;
  throw new Error(`Choose an Action: ${RELEASE_ACTIONS.join(', ')}.`);
}
