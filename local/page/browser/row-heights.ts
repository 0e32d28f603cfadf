import type { Formatting } from './formatting.ts';

/** How tall rows must be to show their wrapped sentences whole, as a spreadsheet fits them. Pure. */

export const ROW_PX = 26;
const LINE_PX = 16;
const PADDING_PX = 8;
/** The mean of a character of 10 pt Arial, taken a little wide. */
const CHARACTER_PX = 6.3;

/** @param row - From 1. */
export function rowHeight(
  cells: readonly string[],
  row: number,
  formatting: Pick<Formatting, 'cell' | 'widthPx'>,
): number {
  const lines = cells.map((text, at) =>
    formatting.cell(row, at + 1).wraps ? linesOf(text, formatting.widthPx(at + 1)) : 1,
  );
  return Math.max(ROW_PX, Math.max(1, ...lines) * LINE_PX + PADDING_PX);
}

/** Words do not break, so a line is filled word by word. */
function linesOf(text: string, widthPx: number): number {
  const room = Math.max(1, Math.floor((widthPx - PADDING_PX) / CHARACTER_PX));
  let lines = 1;
  let used = 0;
  for (const { length } of text.split(/\s+/)) {
    if (used > 0 && used + 1 + length > room) {
      lines += 1;
      used = 0;
    }
    const whole = used === 0 ? length : used + 1 + length;
    lines += Math.floor(Math.max(0, whole - 1) / room);
    used = whole > room ? whole % room : whole;
  }
  return lines;
}
