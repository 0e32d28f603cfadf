import type { TabFacts } from '../api.ts';
import { button } from '../dom.ts';

/** The tabs of the sheet, at the foot. */
export function createTabs(place: HTMLElement, open: (tab: string) => void) {
  let shown = '';
  return {
    show(tabs: readonly TabFacts[], current: string): void {
      const key = JSON.stringify([tabs, current]);
      if (key === shown) return;
      shown = key;
      const hadFocus = place.contains(document.activeElement);
      const buttons = tabs.map(({ name, colour }) => {
        const made = button(name, () => open(name), name === current ? { 'aria-current': 'page' } : {});
        if (colour) made.style.setProperty('--tab', colour);
        return made;
      });
      place.replaceChildren(...buttons);
      const own = place.querySelector<HTMLElement>('[aria-current]');
      // A keyboard user goes on from here.
      if (hadFocus) own?.focus({ preventScroll: true });
      // The bar alone: on a phone the page would jump to it.
      if (own && own.offsetLeft + own.offsetWidth > place.offsetLeft + place.clientWidth)
        place.scrollLeft = own.offsetLeft;
    },
  };
}
