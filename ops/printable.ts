/**
 * What others wrote, such as the name of a step, as a terminal may show it: control characters would move its cursor, clear
 * it or rename its window, and marks of direction would show a line in another order. Tabs and line breaks stay.
 */
export const printable = (text: string): string =>
  text.replace(CONTROL, (sign) => (KEPT.has(sign) ? sign : `\\u${hex(sign)}`));

const CONTROL = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const KEPT = new Set(['\t', '\n']);
const hex = (sign: string): string => (sign.codePointAt(0) as number).toString(16).padStart(4, '0');
