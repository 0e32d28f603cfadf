import { button } from './dom.ts';

/** The tabs of the sheet, at the foot. */
export function createTabs(place: HTMLElement, open: (tab: string) => void) {
  return {
    show(tabs: readonly string[], current: string): void {
      const buttons = tabs.map((tab) =>
        button(tab, () => open(tab), tab === current ? { 'aria-current': 'page' } : {}),
      );
      place.replaceChildren(...buttons);
    },
  };
}
