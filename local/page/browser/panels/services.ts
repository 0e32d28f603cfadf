import type { Service, ServicesNow } from '../api.ts';
import { h } from '../dom.ts';
import type { Times } from '../times.ts';
import { claimOf } from './service-words.ts';

/** Each service with its mode, since when and by whom, and what is known about it. */
export function createServices(place: HTMLElement, times: Times) {
  let shown = '';
  return {
    /** @param at - By the local clock, in milliseconds since the epoch. */
    show(now: ServicesNow, at: number): void {
      const key = JSON.stringify([now, now.services.map((service) => claimOf(service, at, times.time))]);
      if (key === shown) return;
      shown = key;
      const { services, groups } = now;
      const named = groups.map((group) => `${group.title} (${titlesOf(group, services).join(', ')})`);
      place.replaceChildren(
        h('ul', { class: 'services' }, ...services.map((service) => itemOf(service, at, times))),
        ...(named.length > 0 ? [h('p', { class: 'quiet groups' }, `As groups: ${named.join('; ')}.`)] : []),
      );
    },
  };
}

const titlesOf = (group: ServicesNow['groups'][number], services: readonly Service[]): string[] =>
  group.services.map(
    (name) =>
      services.find(({ service, environment }) => service === name && environment === group.environment)?.title ?? name,
  );

function itemOf(service: Service, at: number, times: Times): HTMLLIElement {
  const { title, environment, mode, since, by, plannedEnd } = service;
  const claim = claimOf(service, at, times.time);
  const history = [since && `Set at ${times.time(since)}`, by && `by ${by}`].filter(Boolean).join(' ');
  const end = plannedEnd && mode !== 'normal' ? endWords(plannedEnd, at, times) : '';
  return h(
    'li',
    {},
    h('h3', {}, title, ' ', h('span', { class: 'quiet' }, environment)),
    h('span', { class: 'chip', 'data-mode': mode, 'data-level': claim.level }, claim.word),
    h('p', { class: 'claim', 'data-level': claim.level }, claim.text),
    history ? h('p', { class: 'quiet' }, `${history}. ${end}`) : undefined,
  );
}

const endWords = (plannedEnd: string, now: number, { time }: Times): string =>
  Date.parse(plannedEnd) > now
    ? `Planned end ${time(plannedEnd)}.`
    : `Overdue: it was planned to open at ${time(plannedEnd)}.`;
