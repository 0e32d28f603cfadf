import type { CellTime } from '../../../../contract/sync.ts';

/** Instants as the clocks of a zone show them. Pure. */

const HOUR_MS = 60 * 60_000;
const FALLBACK_ZONE = 'Etc/UTC';
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const options = {
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
  } catch {
    // A zone that this machine does not know must not silence a sheet: UTC stands beside every time anyway.
    format = new Intl.DateTimeFormat('en-GB', { timeZone: FALLBACK_ZONE, ...options });
  }
  formats.set(timeZone, format);
  return format;
}

/** `2026-11-22 02:05:30`. @param at - Milliseconds since the epoch. */
export function wallTime(at: number, timeZone: string): string {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

/** An instant as people read it in the sheet, with UTC beside it where that is another. */
export function plannedWords(at: number, timeZone: string): string {
  const here = wallTime(at, timeZone).slice(0, 16);
  const utc = wallTime(at, FALLBACK_ZONE).slice(0, 16);
  return here === utc ? `${here} UTC` : `${here} (${utc.slice(11)} UTC)`;
}

/** `02:05:30` on the sheet's clock. */
export const clockWords = (iso: string, timeZone: string): string =>
  iso === '' ? 'just now' : wallTime(Date.parse(iso), timeZone).slice(11);

/** `02:05`, or `11-22 02:05` on another day than now. */
export function shortWords(iso: string, timeZone: string, now: number): string {
  const [then, today] = [wallTime(Date.parse(iso), timeZone), wallTime(now, timeZone)];
  return then.slice(0, 10) === today.slice(0, 10) ? then.slice(11, 16) : then.slice(5, 16);
}

/** When the clocks go back an hour comes twice. */
export function repeatedHour(at: number, timeZone: string): 'first' | 'second' | undefined {
  const wall = (ms: number) => wallTime(ms, timeZone);
  if (wall(at) === wall(at + HOUR_MS)) return 'first';
  return wall(at) === wall(at - HOUR_MS) ? 'second' : undefined;
}

const minutesOf = (wall: string): number => Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
const DAY_MINUTES = 24 * 60;
const HOUR_MINUTES = 60;

/**
 * When the clocks go forward an hour is left out: the sheet shows what was typed, and hands over another instant. In the
 * hour after such a change the cell must show the time that its instant has, in whatever format.
 *
 * @returns Whether the cell shows a time that does not exist.
 */
export function isSkipped({ text }: CellTime, at: number, timeZone: string): boolean {
  const wall = wallTime(at, timeZone);
  const passed = (minutesOf(wall) - minutesOf(wallTime(at - HOUR_MS, timeZone)) + DAY_MINUTES) % DAY_MINUTES;
  if (passed <= HOUR_MINUTES) return false;
  return clockShown(text) !== wall.slice(11, 16);
}

/** Not within a date such as `28.3.2027`. */
const CLOCK = /(?<![\d.])(\d{1,2})[:.h](\d{2})(?:[:.]\d{2})?(?![\d.])\s*([ap])?/gi;

/** `02:30` of what a cell shows, in whatever format; a date with dots may stand before it. */
function clockShown(text: string): string {
  const found = [...text.matchAll(CLOCK)].filter(([, hour]) => Number(hour) < 24);
  const [, hour, minute, half] = found.at(-1) ?? [];
  const hour24 = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  return `${String(hour24).padStart(2, '0')}:${minute}`;
}
