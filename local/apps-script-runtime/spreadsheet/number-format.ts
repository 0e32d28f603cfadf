import { notSupported } from '../not-supported.ts';
import { SheetError } from './sheet-error.ts';

/** Number formats of cells, as few as the release sheet uses. In Sheets, `mm` after hours or before seconds is minutes. */

/** What is typed into such a cell stays text. */
export const PLAIN_TEXT = '@';
const WHOLE = '0';
const KNOWN_TOKENS = new Set(['yyyy', 'mm', 'dd', 'hh', 'ss']);
const TOKENS = /"([^"]*)"|[a-z]+|[^a-z"]+/gi;

const tokensOf = (format: string): string[] => format.match(TOKENS) ?? [];
const isField = (token: string): boolean => /^[a-z]/i.test(token);

/** @throws SheetError - It is none of those that are known here. */
export function checkNumberFormat(format: string): void {
  if (['', 'General', PLAIN_TEXT, WHOLE].includes(format)) return;
  const fields = tokensOf(format).filter(isField);
  const unknown = fields.find((field) => !KNOWN_TOKENS.has(field.toLowerCase()));
  if (fields.length === 0 || unknown !== undefined || /[#?;[\]\\@%]/.test(format.replace(/"[^"]*"/g, '')))
    throw new SheetError(notSupported(`The number format ${format}`));
}

export const isDateFormat = (format = ''): boolean =>
  tokensOf(format).some((one) => KNOWN_TOKENS.has(one.toLowerCase()));

/** @param wallMs - What a clock in UTC would show. */
export function formatWall(wallMs: number, format: string): string {
  const date = new Date(wallMs);
  const two = (number: number) => String(number).padStart(2, '0');
  const tokens = tokensOf(format);
  const fields = tokens.filter(isField).map((one) => one.toLowerCase());
  let at = -1;
  const written = tokens.map((token) => {
    if (!isField(token)) return token.replaceAll('"', '');
    at += 1;
    const isMinutes = fields[at - 1] === 'hh' || fields[at + 1] === 'ss';
    switch (fields[at]) {
      case 'yyyy':
        return String(date.getUTCFullYear()).padStart(4, '0');
      case 'mm':
        return two(isMinutes ? date.getUTCMinutes() : date.getUTCMonth() + 1);
      case 'dd':
        return two(date.getUTCDate());
      case 'hh':
        return two(date.getUTCHours());
      default:
        return two(date.getUTCSeconds());
    }
  });
  return written.join('');
}

/** A number in a format that is no date's. */
export const formatNumber = (number: number, format = ''): string =>
  format === WHOLE ? String(Math.round(number)) : String(number);
