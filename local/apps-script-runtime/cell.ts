import { types } from 'node:util';
import { notSupported } from './not-supported.ts';
import { SheetError } from './sheet-error.ts';
import { formatDate, fromWallTime, isWallTime, wallAsUtc } from './zoned-time.ts';

/** What a cell holds, how it came from what was typed, and how it is shown. */
export type Cell = string | number | boolean | Date;

const NUMBER = /^-?\d+(\.\d+)?$/;
const DATE_TIME = /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:(?:^| )(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** A time without a date is a time on this day, and numbers count the days from it [1]. */
const DAY_ZERO = { year: 1899, month: 12, day: 30 };
const DAY_MS = 86_400_000;
const DAY_ZERO_AT = Date.UTC(DAY_ZERO.year, DAY_ZERO.month - 1, DAY_ZERO.day);

/**
 * What a cell holds after somebody typed this into it, or a script wrote it: both are parsed alike.
 * @throws SheetError - It is a formula.
 * @see [1] https://developers.google.com/workspace/sheets/api/guides/formats#about_date_time_values
 */
export function typed(input: unknown, timeZone: string): Cell {
  // A Date that came from a thread is of another realm: it is no `instanceof Date` here.
  if (types.isDate(input)) return new Date(input.getTime());
  if (typeof input === 'number' || typeof input === 'boolean') return input;
  return typeof input === 'string' ? typedText(input, timeZone) : '';
}

function typedText(input: string, timeZone: string): Cell {
  if (input.startsWith("'")) return input.slice(1);
  const text = input.trim();
  if (text.startsWith('=') && text.length > 1) throw new SheetError(notSupported(`The formula ${text}`));
  if (NUMBER.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return dateOf(text, timeZone) ?? input;
}

function dateOf(text: string, timeZone: string): Date | undefined {
  const found = text === '' ? null : DATE_TIME.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const date = year === undefined ? DAY_ZERO : { year, month: month as number, day: day as number };
  const wall = { ...date, hour, minute, second };
  return isWallTime(wall) ? new Date(fromWallTime(wall, timeZone)) : undefined;
}

/** What a cell shows. */
export function shown(cell: Cell, timeZone: string): string {
  if (typeof cell === 'boolean') return String(cell).toUpperCase();
  if (!types.isDate(cell)) return String(cell);
  const at = cell.getTime();
  if (Number.isNaN(at)) return '#NUM!';
  const wall = wallAsUtc(at, timeZone);
  const isTimeOnly = wall >= DAY_ZERO_AT && wall < DAY_ZERO_AT + DAY_MS;
  const hasSeconds = ((wall % 60_000) + 60_000) % 60_000 !== 0;
  return formatDate(at, timeZone, `${isTimeOnly ? '' : 'yyyy-MM-dd '}HH:mm${hasSeconds ? ':ss' : ''}`);
}

/** As an edit event carries it: a date is its serial number. */
export function eventText(cell: Cell, timeZone: string): string {
  if (!types.isDate(cell)) return shown(cell, timeZone);
  return String((wallAsUtc(cell.getTime(), timeZone) - DAY_ZERO_AT) / DAY_MS);
}
