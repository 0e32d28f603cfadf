import { testerOf } from '../../../contract/allowlist.ts';
import type { AuditEntry } from '../../../contract/audit.ts';
import { actionByTitle } from '../../../contract/modes.ts';
import type { Doors } from '../doors.ts';
import { findNamed, type Known } from '../known-services.ts';
import { type CellValue, hasStatus, type Row } from '../rundown.ts';
import type { TabSheet } from '../sheet.ts';
import { allowlistSays, checkLines, type Line, readAllowlist } from './allowlist.ts';

/** By service whose testers are in: what was let in last, each range with its end as ISO 8601, or '' for none. */
export type Lists = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What the newest accepted *Enable allowlist* of each of these services has let in. */
export function latestListOf(services: readonly string[], entries: readonly AuditEntry[]): Lists {
  return new Map(
    services.map((service) => {
      const [latest] = entries
        .filter((entry) => entry.service === service && entry.action === 'enable-allowlist')
        .filter(({ state }) => state === 'accepted' || state === 'verified')
        .sort((a, b) => b.revision - a.revision || (a.at < b.at ? 1 : -1));
      const testers = (latest?.allowlist ?? []).map(testerOf);
      return [service, new Map(testers.map(({ range, until = '' }) => [range, until]))];
    }),
  );
}

export interface AllowlistContext {
  readonly known: Known;
  readonly lists: Lists;
  rows(): readonly Row[];
}

/**
 * Says beside each line of the tab Allowlist what it is worth.
 * @returns Whether it could; not while somebody else holds the lock.
 */
export function checkAllowlistTab(doors: Doors, tab: TabSheet, context: AllowlistContext): boolean {
  const done = doors.locked(() => {
    tab.flush();
    const read = readAllowlist(tab.read());
    if (!read) return true;
    const names = context.known.services.map(({ name }) => name);
    const checks = checkLines(read.lines, doors.now(), names).map(({ line, cidr, says }) => ({
      line,
      says: cidr === undefined ? says : liveWords(line, cidr, context),
    }));
    const changed = checks.filter(({ line, says }) => line.check !== says);
    for (const { first, values } of blocksOf(changed.map(({ line, says }) => ({ row: line.number, says })))) {
      tab.write(first, read.checkColumn, values);
    }
    if (changed.length > 0) tab.flush();
    return true;
  });
  return done ?? false;
}

/** Whether a line that can be sent was sent to every service that lets testers in now. */
function liveWords(line: Line, cidr: string, { known, lists, rows }: AllowlistContext): string {
  const on = [...lists.keys()].filter((service) => line.services.length === 0 || line.services.includes(service));
  const until = line.until === undefined ? '' : new Date(line.until).toISOString();
  const missing = on.find((service) => lists.get(service)?.get(cidr) !== until);
  if (on.length === 0) return allowlistSays.ready(cidr);
  return missing === undefined ? allowlistSays.sent(cidr) : allowlistSays.notYet(cidr, stepFor(rows(), missing, known));
}

/** The next open step that sends the list of this service, else the last one that did. */
function stepFor(rows: readonly Row[], service: string, known: Known): string | undefined {
  const steps = rows.filter(
    (row) =>
      actionByTitle(row.action) === 'enable-allowlist' &&
      findNamed(known, row.service)?.members.some(({ name }) => name === service),
  );
  const open = steps.find((row) => !hasStatus(row, 'Done', 'Skipped'));
  return (open ?? steps[steps.length - 1])?.step;
}

function blocksOf(cells: readonly { row: number; says: string }[]) {
  const blocks: { first: number; values: CellValue[][] }[] = [];
  for (const { row, says } of cells) {
    const last = blocks[blocks.length - 1];
    if (last && last.first + last.values.length === row) last.values.push([says]);
    else blocks.push({ first: row, values: [[says]] });
  }
  return blocks;
}
