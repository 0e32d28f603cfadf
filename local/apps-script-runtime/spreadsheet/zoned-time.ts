import { notSupported } from '../not-supported.ts';

/** Times in a named zone, by the machine's own zone data. */

const DAY_MS = 86_400_000;
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than all of its uses. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  FORMATS.set(timeZone, made);
  return made;
}

/** By the letters of Utilities.formatDate. */
function fields(at: number, timeZone: string): Record<string, string> {
  const parts = formatOf(timeZone).formatToParts(at);
  const {
    year = '',
    month,
    day,
    hour,
    minute,
    second,
    timeZoneName,
  } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return {
    yyyy: year.padStart(4, '0'),
    MM: month ?? '',
    dd: day ?? '',
    HH: hour ?? '',
    mm: minute ?? '',
    ss: second ?? '',
    z: timeZoneName ?? '',
  };
}

const TOKENS = /'([^']*)'|yyyy|MM|dd|HH|mm|ss|[A-Za-z]+/g;

/** Utilities.formatDate with the few tokens that are used. @throws Error - Another token. */
export function formatDate(at: number, timeZone: string, pattern: string): string {
  const known = fields(at, timeZone);
  return pattern.replace(TOKENS, (token, quoted?: string) => {
    if (quoted !== undefined) return quoted;
    const value = known[token];
    if (value === undefined) throw new Error(notSupported(`The date format ${token}`));
    return value;
  });
}

export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What a clock in UTC shows then. */
export const asUtc = ({ year, month, day, hour, minute, second }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/** The milliseconds since the epoch at which a clock in UTC shows what that zone's clocks show at `at`. */
export function wallAsUtc(at: number, timeZone: string): number {
  const { yyyy = 0, MM = 0, dd = 0, HH = 0, mm = 0, ss = 0 } = fields(at, timeZone);
  const part = ((at % 1_000) + 1_000) % 1_000;
  return asUtc({ year: +yyyy, month: +MM, day: +dd, hour: +HH, minute: +mm, second: +ss }) + part;
}

/** What a wall time means that the clocks skip, or show twice. */
export interface ClockChanges {
  /** By the offset before the change, which makes it later; or by the one after it. */
  readonly skipped: 'later' | 'earlier';
  readonly repeated: 'first' | 'second';
}

const USUAL: ClockChanges = { skipped: 'later', repeated: 'first' };

/** The instant at which that zone's clocks show this, given as {@link wallAsUtc} does. */
export function fromWall(wallMs: number, timeZone: string, { skipped, repeated } = USUAL): number {
  const offsetAt = (at: number) => wallAsUtc(at, timeZone) - at;
  // No zone changes its clocks twice within two days.
  const before = wallMs - offsetAt(wallMs - DAY_MS);
  const after = wallMs - offsetAt(wallMs + DAY_MS);
  const shows = (at: number) => wallAsUtc(at, timeZone) === wallMs;
  if (shows(before) && shows(after)) return repeated === 'first' ? before : after;
  if (shows(before) || shows(after)) return shows(before) ? before : after;
  return skipped === 'later' ? before : after;
}

/** Whether there is such a time on some clock: no 30 February, no 24:00. */
export function isWallTime(wall: WallTime): boolean {
  const { month, day, hour, minute, second } = wall;
  const date = new Date(asUtc(wall));
  return (
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60 && day > 0
  );
}
