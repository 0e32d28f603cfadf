import { types } from 'node:util';
import { type Formula, formulaOf } from './formulas/formula.ts';
import { PLAIN_TEXT } from './number-format.ts';
import { DAY_ZERO, type Value, type WallDate } from './value.ts';
import { asUtc, isWallTime, wallAsUtc } from './zoned-time.ts';

/** What a cell holds, and how it came from what was typed. */

export type Content = Value | Formula;
/** What scripts read. */
export type Cell = string | number | boolean | Date;

export const isFormula = (content: Content): content is Formula => typeof content === 'object' && 'formula' in content;

const NUMBER = /^-?\d+(\.\d+)?$/;
const DATE_TIME = /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:(?:^| )(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * What a cell holds after somebody typed this into it, or a script wrote it: both are parsed alike.
 * @param format - The cell's number format.
 * @throws SheetError - It is a formula that is not supported.
 */
export function typed(input: unknown, timeZone: string, format?: string): Content {
  // A Date that came from a thread is of another realm: it is no `instanceof Date` here.
  if (types.isDate(input)) return fromDate(input.getTime(), timeZone);
  if (typeof input === 'number' || typeof input === 'boolean') return input;
  if (typeof input !== 'string') return '';
  return format === PLAIN_TEXT ? input : typedText(input);
}

const fromDate = (at: number, timeZone: string): Value =>
  Number.isNaN(at) ? '#NUM!' : { wallMs: wallAsUtc(at, timeZone) };

function typedText(input: string): Content {
  if (input.startsWith("'")) return input.slice(1);
  const text = input.trim();
  if (text.startsWith('=') && text.length > 1) return formulaOf(text);
  if (NUMBER.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return dateOf(text) ?? input;
}

function dateOf(text: string): WallDate | undefined {
  const found = text === '' ? null : DATE_TIME.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const date = year === undefined ? DAY_ZERO : { year, month: month as number, day: day as number };
  const wall = { ...date, hour, minute, second };
  return isWallTime(wall) ? { wallMs: asUtc(wall) } : undefined;
}
