import type { Measure } from './row-heights.ts';

const MOST_KEPT = 5_000;

/** Measures text in a font; words come again and again. */
export function createMeasure(font: string): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map<string, number>();
  return (text) => {
    const was = known.get(text);
    if (was !== undefined) return was;
    if (!context) return text.length * 7;
    context.font = font;
    const { width } = context.measureText(text);
    if (known.size > MOST_KEPT) known.clear();
    known.set(text, width);
    return width;
  };
}

/** Of both views. */
export const CELL_FONT = '13.33px Arial, "Liberation Sans", Helvetica, sans-serif';
