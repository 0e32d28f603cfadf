import type { Formatting } from './formatting.ts';

/** How tall rows and how wide columns of times must be to show what they hold whole, in the font in use. Pure. */

export const ROW_PX = 26;
const LINE_PX = 16;
const PADDING_PX = 8;
/** The mean of a character of 10 pt Arial, taken a little wide. */
const CHARACTER_PX = 6.3;

/** How wide a text is in pixels. */
export type Measure = (text: string) => number;

const byLength: Measure = (text) => text.length * CHARACTER_PX;

/** @param row - From 1. */
export function rowHeight(
  cells: readonly string[],
  row: number,
  formatting: Pick<Formatting, 'cell' | 'widthPx'>,
  measure: Measure = byLength,
): number {
  const lines = cells.map((text, at) =>
    formatting.cell(row, at + 1).wraps ? linesOf(text, formatting.widthPx(at + 1) - PADDING_PX, measure) : 1,
  );
  return Math.max(ROW_PX, Math.max(1, ...lines) * LINE_PX + PADDING_PX);
}

/** Words do not break, so a line is filled word by word. */
function linesOf(text: string, roomPx: number, measure: Measure): number {
  const blank = measure(' ');
  return text
    .split('\n')
    .map((line) => {
      let lines = 1;
      let used = 0;
      for (const word of line.split(/\s+/)) {
        const width = measure(word);
        if (used > 0 && used + blank + width > roomPx) {
          lines += 1;
          used = 0;
        }
        const whole = used === 0 ? width : used + blank + width;
        const broken = Math.max(0, Math.ceil(whole / roomPx) - 1);
        lines += broken;
        used = whole - broken * roomPx;
      }
      return lines;
    })
    .reduce((all, lines) => all + lines, 0);
}

/** A time that is cut is another time: its column is as wide as its longest one. Others are as wide as the sheet has them. */
export function columnWidth(
  {
    values,
    formatting,
  }: { values: readonly (readonly string[])[]; formatting: Pick<Formatting, 'isTime' | 'widthPx'> },
  column: number,
  measure: Measure = byLength,
): number {
  const wanted = formatting.widthPx(column);
  if (!formatting.isTime(2, column)) return wanted;
  const times = values.slice(1).map((line) => measure(line[column - 1] ?? '') + 2 * PADDING_PX);
  return Math.ceil(Math.max(wanted, ...times));
}
