import * as z from 'zod/mini';
import { type TablesAnswer, tablesAnswer } from '../../contract/sync-answer.ts';
import { ALLOWLIST_TAB } from '../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../release-sheet-template/audit.ts';
import { SERVICES_TAB } from '../../release-sheet-template/services.ts';
import type { Ports } from './ports.ts';
import type { ReleaseSheet } from './sheet/spreadsheet.ts';
import { checkWrites, keyedWrites, orderedWrites, type TableWrite } from './sheet/tables.ts';
import { writeBlocks } from './sheet/write-cells.ts';
import type { World } from './sync.ts';

/** The tabs Services, Audit and the column Check: the environments make them up, and here they are written. */

/** All sheets in one request; what was written of each. One that cannot be written is logged and left out. */
export function writeTables(
  ports: Ports,
  { connections }: World,
  sheets: readonly ReleaseSheet[],
): ReadonlyMap<string, readonly TablesAnswer[]> {
  const asks = sheets.flatMap((sheet) => connections.map((connection) => ({ sheet, connection })));
  const answers = ports.api.ask(
    asks.map(({ sheet, connection }) => ({ connection, method: 'get', path: `/rundowns/${sheet.id}/tables` })),
  );
  const told = asks.flatMap(({ sheet, connection: { environment } }, at) => {
    const answer = answers[at];
    const parsed = z.safeParse(tablesAnswer, answer?.kind === 'ok' ? answer.body : undefined);
    return parsed.success && parsed.data.environment === environment ? [{ sheet, tables: parsed.data }] : [];
  });
  const written = new Map<string, readonly TablesAnswer[]>();
  for (const sheet of sheets) {
    const own = told.filter((one) => one.sheet === sheet).map(({ tables }) => tables);
    if (own.length === 0) continue;
    try {
      if (writeSheet(ports, sheet, own, own.length === connections.length)) written.set(sheet.id, own);
    } catch (error) {
      console.error(`The tables of the release sheet ${sheet.id}: ${(error as Error).message}`);
    }
  }
  return written;
}

/** @returns Whether it was written; not while somebody else holds the lock. */
function writeSheet(ports: Ports, sheet: ReleaseSheet, tables: readonly TablesAnswer[], areAll: boolean): boolean {
  const wall = (at: Date) => ports.formatTime(at, sheet.timeZone());
  const owned = (pick: 'services' | 'audit') =>
    tables.map((one) => ({ environment: one.environment, table: one[pick] }));
  const done = ports.locked(() => {
    sheet.flush();
    writeTab(sheet, SERVICES_TAB.name, (values) => keyedWrites(values, owned('services'), wall));
    // The lines of an environment that did not answer must not go away.
    if (areAll) writeTab(sheet, AUDIT_TAB.name, (values) => orderedWrites(values, owned('audit'), wall));
    writeTab(sheet, ALLOWLIST_TAB.name, (values) => checkWrites(values, tables, areAll));
    sheet.writeHeartbeat({ boards: new Date(Math.min(...tables.map(({ goodUntil }) => Date.parse(goodUntil)))) });
    sheet.flush();
    return true;
  });
  return done ?? false;
}

function writeTab(sheet: ReleaseSheet, name: string, writesFor: (values: unknown[][]) => TableWrite[]): void {
  const tab = sheet.tabNamed(name);
  if (tab) writeBlocks(tab, writesFor(tab.values()));
}
