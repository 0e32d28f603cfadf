import { button, h } from '../dom.ts';
import { type NewsItem, type NewsMemory, NO_NEWS, newsOf, without } from '../news.ts';
import type { Times } from '../times.ts';

export interface NewsListOptions {
  readonly times: Times;
  now(): number;
  /** To the row that it is about. */
  go(item: NewsItem): void;
}

/** The news of all tabs of the sheet that is open: the worst one in sight, the others one key away. */
export function createNewsList(place: HTMLElement, { times, now, go }: NewsListOptions) {
  let memory: NewsMemory = NO_NEWS;
  let of = '';
  let isOpen = false;
  let drawn = '';

  const draw = () => {
    const { items } = memory;
    const key = JSON.stringify([items, isOpen]);
    if (key === drawn) return;
    drawn = key;
    place.hidden = items.length === 0;
    const shown = isOpen ? items : items.slice(0, 1);
    const more = items.length - 1;
    const toggle = button(isOpen ? 'Show the first alone' : `${more} more`, () => {
      isOpen = !isOpen;
      draw();
      place.querySelector<HTMLElement>('.more')?.focus();
    });
    toggle.className = 'more';
    toggle.setAttribute('aria-expanded', String(isOpen));
    place.replaceChildren(h('ul', { class: 'news-items' }, ...shown.map(lineOf)), ...(more > 0 ? [toggle] : []));
  };

  const lineOf = (item: NewsItem) =>
    h(
      'li',
      { class: 'news-item', 'data-level': item.level },
      h('time', {}, times.time(item.at)),
      h('strong', {}, [item.name, item.status].filter(Boolean).join(' · ')),
      h('span', { class: 'text', title: item.text }, item.text),
      button('Show', () => go(item), { 'aria-label': `Show ${item.name}` }),
      button(
        '×',
        () => {
          memory = without(memory, item.key);
          draw();
        },
        { 'aria-label': `Dismiss the news of ${item.name}`, class: 'icon' },
      ),
    );

  return {
    /** @param spreadsheet - Another one than before: its news begin anew. */
    read(spreadsheet: string, tabs: Parameters<typeof newsOf>[1]): void {
      if (spreadsheet !== of) memory = NO_NEWS;
      of = spreadsheet;
      memory = newsOf(memory, tabs, now());
      draw();
    },
  };
}
