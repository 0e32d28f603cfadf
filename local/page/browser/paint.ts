import type { CellFormatting } from './formatting.ts';

/** Colours of the sheet on the page. */

type Painted = Pick<CellFormatting, 'background' | 'fontColor' | 'isConditional'> & { readonly bold?: boolean };

/** By night what is light becomes dark and keeps its hue. What a conditional format paints is an alarm: it stays. */
const shade = (colour: string, isConditional: boolean): string =>
  isConditional ? colour : `light-dark(${colour}, oklch(from ${colour} calc(1.25 - l) c h))`;

/** Nobody can read the page's own text on a colour that does not change with it. */
const ON_ALARM = '#000000';

export function paint(element: HTMLElement, { background, fontColor, bold, isConditional }: Painted): void {
  const text = fontColor ?? (isConditional && background ? ON_ALARM : undefined);
  set(element, '--cell', background && shade(background, isConditional));
  set(element, '--cell-text', text && shade(text, isConditional));
  set(element, 'font-weight', bold ? '700' : undefined);
  element.toggleAttribute('data-alarm', isConditional && background !== undefined);
}

/** Touches only what changed: there are hundreds of cells. */
function set({ style }: HTMLElement, property: string, value: string | undefined): void {
  if (style.getPropertyValue(property) === (value ?? '')) return;
  if (value) style.setProperty(property, value);
  else style.removeProperty(property);
}
