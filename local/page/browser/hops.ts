import type { Hop } from './api.ts';
import { h } from './dom.ts';
import { foldReads, hopsOfLast } from './last-operation.ts';
import type { Times } from './times.ts';

const MOST_KEPT = 1_000;

/** The last operation as a timeline: when, where, what was asked, what was said. */
export function createHops(place: HTMLElement, times: Times) {
  let hops: Hop[] = [];
  const show = () => {
    const own = foldReads(hopsOfLast(hops));
    const [first] = own;
    place.replaceChildren(
      ...(first
        ? [
            h(
              'p',
              { class: 'quiet' },
              `${own.find(({ operationId }) => operationId)?.operationId} · began ${times.time(first.at)}`,
            ),
            h('ol', { class: 'hops' }, ...own.map((hop) => itemOf(hop, first.at))),
          ]
        : [h('p', { class: 'quiet' }, 'None yet. Set the Status of a step with an Action to Go.')]),
    );
  };
  return {
    reset(all: readonly Hop[]): void {
      hops = all.slice(-MOST_KEPT);
      show();
    },
    add(hop: Hop): void {
      hops = [...hops.slice(1 - MOST_KEPT), hop];
      if (hop.operationId) show();
    },
  };
}

function itemOf({ at, part, what, said, ok, tookMs }: Hop, from: number): HTMLLIElement {
  const took = tookMs === undefined ? '' : ` (${Math.round(tookMs)} ms)`;
  return h(
    'li',
    { 'data-ok': String(ok) },
    h('span', { class: 'at' }, `+${((at - from) / 1000).toFixed(1)} s`),
    h('span', { class: 'part' }, part),
    h('span', { class: 'what' }, what),
    h('span', { class: 'said' }, `${ok ? '' : 'Failed: '}${said}${took}`),
  );
}
