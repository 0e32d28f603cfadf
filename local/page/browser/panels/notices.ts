import type { Notice } from '../api.ts';
import { h } from '../dom.ts';
import type { Times } from '../times.ts';

const MOST_SHOWN = 3;

/** The last messages that people would have got by mail. */
export function createNotices(place: HTMLElement, times: Times) {
  return {
    show(notices: readonly Notice[]): void {
      const last = notices.slice(-MOST_SHOWN).reverse();
      const items = last.map(({ at, environment, subject, message }) =>
        h(
          'li',
          {},
          h('span', { class: 'quiet' }, `${times.time(at)} · ${environment}`),
          h(
            'details',
            {},
            h('summary', {}, (subject ?? message).replace(`[${environment}] `, '')),
            h('p', {}, message),
          ),
        ),
      );
      place.replaceChildren(
        ...(items.length > 0 ? [h('h3', {}, 'Sent by mail'), h('ul', { class: 'notices' }, ...items)] : []),
      );
    },
  };
}
