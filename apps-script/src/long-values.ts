/**
 * A property holds 9 KB [1], and a character may take three bytes of it: a longer text is kept in parts. Pure.
 * @see [1] https://developers.google.com/apps-script/guides/services/quotas
 */

const PART_CHARACTERS = 3_000;

export const partsOf = (text: string): string[] =>
  text.length <= PART_CHARACTERS
    ? []
    : Array.from({ length: Math.ceil(text.length / PART_CHARACTERS) }, (_part, at) =>
        text.slice(at * PART_CHARACTERS, (at + 1) * PART_CHARACTERS),
      );

/** There is no TextEncoder in Apps Script. */
export const bytesAtMost = (text: string): number => [...text].reduce((sum, one) => sum + (one < '\u0080' ? 1 : 4), 0);

/** @returns undefined if one of them is missing. */
export function joined(count: number, partAt: (at: number) => string | undefined): string | undefined {
  const parts = Array.from({ length: count }, (_part, at) => partAt(at));
  return parts.some((part) => part === undefined) ? undefined : parts.join('');
}
