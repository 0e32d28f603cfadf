import type { Area } from '../a1.ts';
import { eventText, isWallDate, serialOf, shown, type Value } from '../value.ts';

/** What formulas are computed in, and how their values turn into each other. */

/** `#REF!` and the like; whatever uses it comes to it as well. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
}

export interface Scope {
  /** In the spreadsheet's zone. */
  now(): Value;
  /** Row by row; of the formula's own tab if none is named. @throws FormulaError - There is no such tab. */
  values(tab: string | undefined, area: Area): Value[][];
}

export interface Node {
  value(scope: Scope): Value;
}

export function toNumber(value: Value): number {
  if (isWallDate(value)) return serialOf(value);
  const number = Number(value);
  if (Number.isNaN(number)) throw new FormulaError('#VALUE!');
  return number;
}

export function toBoolean(value: Value): boolean {
  if (typeof value !== 'string') return toNumber(value) !== 0;
  if (/^(true|false)?$/i.test(value)) return value.toLowerCase() === 'true';
  throw new FormulaError('#VALUE!');
}

export const toText = (value: Value): string => (isWallDate(value) ? shown(value) : eventText(value));

const rank = (value: Value): number =>
  ['number', 'string', 'boolean'].indexOf(isWallDate(value) ? 'number' : typeof value);

/** Numbers and dates before text before booleans; an empty cell is 0 among numbers. Case does not matter. */
export function compare(a: Value, b: Value): number {
  if ((a === '' && rank(b) === 0) || (b === '' && rank(a) === 0)) return Math.sign(toNumber(a) - toNumber(b));
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a !== 'string') return Math.sign(toNumber(a) - toNumber(b));
  const [left, right] = [a.toLowerCase(), String(b).toLowerCase()];
  return left === right ? 0 : left < right ? -1 : 1;
}
