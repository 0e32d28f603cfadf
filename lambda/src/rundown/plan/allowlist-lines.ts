import {
  ALLOWLIST_MAX_ENTRIES,
  type AllowlistEntry,
  checkAllowlistEntry,
  LONGEST_WHO,
  unseenRange,
} from '../../../../contract/allowlist.ts';
import type { AllowlistLine } from '../../../../contract/sync-request.ts';
import { lineMessages } from '../../words/allowlist-words.ts';
import { hasNoDate, instantOf } from './row.ts';

/** The tab Allowlist: who is let in by the next *Enable allowlist*, besides the permanent ranges of the config. Pure. */

export interface CheckedLine {
  readonly line: AllowlistLine;
  /** Its range, if it can be sent. */
  readonly cidr?: string;
  readonly says: string;
  /** Why the tester may stay out all the same; empty if nothing speaks for that. */
  readonly note: string;
}

interface Judged {
  readonly line: AllowlistLine;
  readonly says: string;
  /** If it can be sent. */
  readonly sent?: { readonly cidr: string; readonly version: 4 | 6 };
}

const servicesOfLine = ({ services }: AllowlistLine): string[] =>
  services
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);

/** A line that names no service is for each of them. */
export function isFor(service: string, line: AllowlistLine): boolean {
  const services = servicesOfLine(line);
  return services.length === 0 || services.includes(service);
}

/** What each line is worth now. @param names - The services that there are. */
export function checkLines(lines: readonly AllowlistLine[], now: number, names: readonly string[]): CheckedLine[] {
  const judged = judgeLines(lines, now, names);
  const versions = new Map<string, Set<number>>();
  for (const { line, sent } of judged) {
    if (sent) versions.set(whoOf(line), (versions.get(whoOf(line)) ?? new Set()).add(sent.version));
  }
  return judged.map(({ line, says, sent }) =>
    sent ? { line, says, cidr: sent.cidr, note: noteOn(line, sent, versions) } : { line, says, note: '' },
  );
}

const whoOf = ({ who }: AllowlistLine): string => who.trim().toLowerCase();

function noteOn(
  line: AllowlistLine,
  { cidr, version }: NonNullable<Judged['sent']>,
  versions: ReadonlyMap<string, ReadonlySet<number>>,
): string {
  const unseen = lineMessages.note(unseenRange(cidr));
  // Without a name nobody knows whose other address that would be.
  const isOnly = whoOf(line) !== '' && versions.get(whoOf(line))?.size === 1;
  return unseen || (isOnly ? lineMessages.oneVersion(version) : '');
}

/** As people divide them: a comma, a blank, a new line in the cell. */
function isSeveral({ address }: AllowlistLine): boolean {
  const parts = address.split(/[\s,;]/).filter((part) => part !== '');
  return parts.length > 1 && parts.every((part) => checkAllowlistEntry(part).ok);
}

function judgeLines(lines: readonly AllowlistLine[], now: number, names: readonly string[]): Judged[] {
  const seen = new Map<string, number>();
  const counts = new Map<string, number>();
  return lines.map((line): Judged => {
    if (line.address.trim() === '') return { line, says: '' };
    const checked = checkAllowlistEntry(line.address);
    if (!checked.ok)
      return { line, says: isSeveral(line) ? lineMessages.several : lineMessages.wrong(checked.message) };
    const until = instantOf(line.until);
    if (hasNoDate(line.until)) return { line, says: lineMessages.hasNoDate };
    if (until === undefined && line.until.text.trim() !== '') return { line, says: lineMessages.notATime };
    if (until !== undefined && until <= now) return { line, says: lineMessages.expired };
    const services = servicesOfLine(line);
    const unknown = services.find((name) => !names.includes(name));
    if (unknown !== undefined) return { line, says: lineMessages.unknownService(unknown, names) };
    const key = `${checked.cidr} ${[...services].sort().join(',')}`;
    const first = seen.get(key);
    if (first !== undefined) return { line, says: lineMessages.double(first) };
    seen.set(key, line.row);
    if (!isRoomFor(services, counts)) return { line, says: lineMessages.tooMany(ALLOWLIST_MAX_ENTRIES) };
    const { cidr, version } = checked;
    return { line, sent: { cidr, version }, says: lineMessages.ready(cidr) };
  });
}

/** Lines that name no service go to each of them. */
const EVERY = '*';

/** Counts a line for its services, if there is room for it in each. */
function isRoomFor(services: readonly string[], counts: Map<string, number>): boolean {
  const countOf = (name: string) => counts.get(name) ?? 0;
  const others = [...counts.keys()].filter((name) => name !== EVERY);
  const fullest = Math.max(0, ...(services.length === 0 ? others : services).map(countOf));
  if (countOf(EVERY) + fullest >= ALLOWLIST_MAX_ENTRIES) return false;
  for (const name of services.length === 0 ? [EVERY] : services) counts.set(name, countOf(name) + 1);
  return true;
}

/** What *Enable allowlist* lets in for a service. */
export const entriesFor = (
  lines: readonly AllowlistLine[],
  service: string,
  names: readonly string[],
  now: number,
): AllowlistEntry[] =>
  checkLines(lines, now, names).flatMap(({ line, cidr }) => {
    if (cidr === undefined || !isFor(service, line)) return [];
    const until = instantOf(line.until);
    const who = line.who.trim().slice(0, LONGEST_WHO);
    return [
      {
        range: cidr,
        ...(who === '' ? {} : { who }),
        ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
      },
    ];
  });
