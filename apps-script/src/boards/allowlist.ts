import { ALLOWLIST_MAX_ENTRIES, checkAllowlistEntry, isPrivate } from '../../../contract/allowlist.ts';
import type { Doors } from '../doors.ts';
import type { AllowlistEntry } from '../entry-record.ts';
import { cellText } from '../rundown.ts';

/** The Allowlist tab: who is let in by the next *Enable allowlist*, besides the permanent ranges of the config. */

export const ALLOWLIST_TAB_NAME = 'Allowlist';

export interface Line {
  /** As the sheet counts. */
  readonly number: number;
  readonly typed: string;
  readonly who: string;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  /** Something stands in Until that is no time. */
  readonly isUntilBroken: boolean;
  readonly services: readonly string[];
  readonly check: string;
}

interface Lines {
  /** Zero-based. */
  readonly checkColumn: number;
  readonly lines: readonly Line[];
}

/** @returns undefined if a header that is needed is missing. */
export function readAllowlist(values: readonly (readonly unknown[])[]): Lines | undefined {
  const headers = (values[0] ?? []).map((header) => String(header).trim().toLowerCase());
  const place = (header: string) => headers.indexOf(header.toLowerCase());
  const columns = {
    address: place('Address or range'),
    who: place('Who'),
    until: place('Until'),
    check: place('Check'),
  };
  const services = place('Services');
  if (columns.address < 0 || columns.check < 0) return undefined;
  const lines = values.slice(1).map((cells, index): Line => {
    const until = columns.until < 0 ? '' : cells[columns.until];
    const at = isDate(until) ? until.getTime() : undefined;
    return {
      number: index + 2,
      typed: cellText(cells[columns.address]),
      who: columns.who < 0 ? '' : cellText(cells[columns.who]),
      ...(at === undefined ? {} : { until: at }),
      isUntilBroken: at === undefined && cellText(until) !== '',
      services: (services < 0 ? '' : cellText(cells[services]))
        .split(',')
        .map((name) => name.trim().toLowerCase())
        .filter(Boolean),
      check: cellText(cells[columns.check]),
    };
  });
  return { checkColumn: columns.check, lines };
}

const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === '[object Date]';

/** From the internet testers come from another address than the one that their machine tells them. */
const privateWords = (cidr: string): string =>
  isPrivate(cidr) ? ' Mind: it is an address of a private network, which a site on the internet never sees.' : '';

export const allowlistSays = {
  expired: 'Expired: this entry is not sent any more.',
  notATime: 'Until must be a date with a time, such as 2026-11-22 06:00. Until it is right, this line is not sent.',
  double: (row: number) => `Not sent twice: row ${row} says the same.`,
  wrong: (why: string) => `Not sent: ${why}`,
  unknownService: (typed: string, names: readonly string[]) =>
    `Not sent: there is no Service "${typed}". There are: ${names.join(', ') || 'none yet'}.`,
  tooMany: (most: number) => `Not sent: ${most} lines at most can be sent for one service. Join some to a range.`,
  ready: (cidr: string) => `Ready (${cidr}): it is let in at the next Enable allowlist.${privateWords(cidr)}`,
  notYet: (cidr: string, step: string | undefined) =>
    `Not sent yet (${cidr}): set ${step ? `step ${step}` : 'a step with Enable allowlist'} to Go.`,
  sent: (cidr: string) => `Let in (${cidr}).`,
} as const;

/**
 * What each line is worth now: its range if it can be sent, and the words for its Check cell.
 * @param names - The services that there are; left out, none is found wrong.
 */
export function checkLines(
  lines: readonly Line[],
  now: number,
  names: readonly string[] = [],
): { readonly line: Line; readonly cidr?: string; readonly says: string }[] {
  const seen = new Map<string, number>();
  const counts = new Map<string, number>();
  return lines.map((line) => {
    if (line.typed === '') return { line, says: '' };
    const checked = checkAllowlistEntry(line.typed);
    if (!checked.ok) return { line, says: allowlistSays.wrong(checked.message) };
    if (line.isUntilBroken) return { line, says: allowlistSays.notATime };
    if (line.until !== undefined && line.until <= now) return { line, says: allowlistSays.expired };
    const stranger = names.length === 0 ? undefined : line.services.find((name) => !names.includes(name));
    if (stranger !== undefined) return { line, says: allowlistSays.unknownService(stranger, names) };
    const key = `${checked.cidr} ${[...line.services].sort().join(',')}`;
    const first = seen.get(key);
    if (first !== undefined) return { line, says: allowlistSays.double(first) };
    seen.set(key, line.number);
    if (!isRoomFor(line, counts)) return { line, says: allowlistSays.tooMany(ALLOWLIST_MAX_ENTRIES) };
    return { line, cidr: checked.cidr, says: allowlistSays.ready(checked.cidr) };
  });
}

/** Lines that name no service go to each of them. */
const EVERY = '*';

/** Counts a line for its services, if there is room for it in each. */
function isRoomFor({ services }: Line, counts: Map<string, number>): boolean {
  const countOf = (name: string) => counts.get(name) ?? 0;
  const others = [...counts.keys()].filter((name) => name !== EVERY);
  const fullest = Math.max(0, ...(services.length === 0 ? others : services).map(countOf));
  if (countOf(EVERY) + fullest >= ALLOWLIST_MAX_ENTRIES) return false;
  for (const name of services.length === 0 ? [EVERY] : services) counts.set(name, countOf(name) + 1);
  return true;
}

/** The API takes no more in one request. */
const LONGEST_WHO = 128;

/** What *Enable allowlist* sends for a service; undefined if the sheet has no such tab. */
export function allowlistOf(doors: Doors, spreadsheetId: string, service: string): AllowlistEntry[] | undefined {
  const tab = doors.openTab(spreadsheetId, ALLOWLIST_TAB_NAME);
  const read = tab && readAllowlist(tab.read());
  if (!read) return undefined;
  return checkLines(read.lines, doors.now()).flatMap(({ line, cidr }) => {
    if (cidr === undefined || (line.services.length > 0 && !line.services.includes(service))) return [];
    return [
      {
        range: cidr,
        ...(line.who === '' ? {} : { who: line.who.slice(0, LONGEST_WHO) }),
        ...(line.until === undefined ? {} : { until: new Date(line.until).toISOString() }),
      },
    ];
  });
}
