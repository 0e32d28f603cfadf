import type { CellFormatting } from './formatting.ts';

/** Colours of the sheet on the page. */

type Painted = Pick<CellFormatting, 'background' | 'fontColor' | 'isConditional'> & { readonly bold?: boolean };

/** Grey on a cell says that there is nothing to look at twice. */
function isGrey(colour: string): boolean {
  const parts = (colour.match(/[\da-f]{2}/gi) ?? []).map((part) => Number.parseInt(part, 16));
  return parts.length === 3 && Math.max(...parts) - Math.min(...parts) <= 16;
}

/** By night what is light becomes dark and keeps its hue. What a conditional format paints in a colour stays. */
const shade = (colour: string, stays: boolean): string =>
  stays ? colour : `light-dark(${colour}, oklch(from ${colour} calc(1.25 - l) c h))`;

/** Nobody can read the page's own text on a colour that does not change with it. */
const ON_ALARM = '#000000';

export function paint(element: HTMLElement, { background, fontColor, bold, isConditional }: Painted): void {
  const stays = isConditional && background !== undefined && !isGrey(background);
  const text = fontColor ?? (stays ? ON_ALARM : undefined);
  set(element, '--cell', background && shade(background, stays));
  set(element, '--cell-text', text && shade(text, stays));
  set(element, 'font-weight', bold ? '700' : undefined);
  element.toggleAttribute('data-alarm', isConditional && background !== undefined);
}

/** Touches only what changed: there are hundreds of cells. */
function set({ style }: HTMLElement, property: string, value: string | undefined): void {
  if (style.getPropertyValue(property) === (value ?? '')) return;
  if (value) style.setProperty(property, value);
  else style.removeProperty(property);
}
