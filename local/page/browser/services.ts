import type { Service } from './api.ts';
import { h } from './dom.ts';
import { claimOf, modeWords } from './service-words.ts';
import type { Times } from './times.ts';

/** Each service with its mode, since when and by whom, and what is known about it. */
export function createServices(place: HTMLElement, times: Times) {
  let shown = '';
  return {
    show(services: readonly Service[]): void {
      const key = JSON.stringify(services);
      if (key === shown) return;
      shown = key;
      place.replaceChildren(h('ul', { class: 'services' }, ...services.map((service) => itemOf(service, times))));
    },
  };
}

function itemOf(service: Service, times: Times): HTMLLIElement {
  const { title, environment, mode, since, by, plannedEnd } = service;
  const claim = claimOf(service, times.time);
  const history = [since && `Set at ${times.time(since)}`, by && `by ${by}`].filter(Boolean).join(' ');
  const end = plannedEnd && mode !== 'normal' ? `Planned end ${times.time(plannedEnd)}.` : '';
  return h(
    'li',
    {},
    h('h3', {}, title, ' ', h('span', { class: 'quiet' }, environment)),
    h('span', { class: 'chip', 'data-mode': mode, 'data-level': claim.level }, modeWords(mode, claim)),
    h('p', { class: 'claim', 'data-level': claim.level }, claim.text),
    history ? h('p', { class: 'quiet' }, `${history}. ${end}`) : undefined,
  );
}
