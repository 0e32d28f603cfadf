import { formatNumber, formatWall, isDateFormat } from './number-format.ts';

/** What a cell comes to, and how it is shown. */

/**
 * A date and time as Sheets keeps it: without a zone, so that it shows what was typed whatever the clocks do [1].
 * In milliseconds: what a clock in UTC would show.
 * @see [1] https://developers.google.com/workspace/sheets/api/guides/formats#about_date_time_values
 */
export interface WallDate {
  readonly wallMs: number;
}

/** Empty is the empty text; a formula may come to an error such as `#REF!`. */
export type Value = string | number | boolean | WallDate;

export const isWallDate = (value: unknown): value is WallDate =>
  typeof value === 'object' && value !== null && 'wallMs' in value;

/** A time without a date is a time on this day, and numbers count the days from it. */
export const DAY_ZERO = { year: 1899, month: 12, day: 30 };
const DAY_MS = 86_400_000;
const DAY_ZERO_AT = Date.UTC(DAY_ZERO.year, DAY_ZERO.month - 1, DAY_ZERO.day);

/** A date as the number that Sheets counts with: days since day zero. */
export const serialOf = ({ wallMs }: WallDate): number => (wallMs - DAY_ZERO_AT) / DAY_MS;
export const fromSerial = (days: number): WallDate => ({ wallMs: Math.round(days * DAY_MS) + DAY_ZERO_AT });

/** What a cell shows. */
export function shown(value: Value, format?: string): string {
  if (typeof value === 'boolean') return String(value).toUpperCase();
  if (typeof value === 'number')
    return isDateFormat(format) ? shownDate(fromSerial(value), format) : formatNumber(value, format);
  return isWallDate(value) ? shownDate(value, format) : value;
}

function shownDate({ wallMs }: WallDate, format = ''): string {
  if (isDateFormat(format)) return formatWall(wallMs, format);
  const isTimeOnly = wallMs >= DAY_ZERO_AT && wallMs < DAY_ZERO_AT + DAY_MS;
  const hasSeconds = Math.floor(wallMs / 1_000) % 60 !== 0;
  return formatWall(wallMs, `${isTimeOnly ? '' : 'yyyy-mm-dd '}hh:mm${hasSeconds ? ':ss' : ''}`);
}

/** As an edit event carries it: a date is its serial number. */
export const eventText = (value: Value): string => (isWallDate(value) ? String(serialOf(value)) : shown(value));
