import type { Hop } from '../api.ts';
import { debounce } from '../debounce.ts';
import { h } from '../dom.ts';
import type { Times } from '../times.ts';
import { foldReads, hopsOfLast } from './last-operation.ts';
import { stagesOf } from './stages.ts';

const MOST_KEPT = 1_000;

/** The last operation as a timeline: when, where, what was asked, what was said. */
export function createHops(place: HTMLElement, times: Times) {
  let hops: Hop[] = [];
  const show = () => {
    const own = hopsOfLast(hops);
    const [first] = own;
    if (!first) {
      place.replaceChildren(
        h(
          'p',
          { class: 'quiet' },
          `None ${hops.length === 0 ? 'yet' : 'lately'}. Set the Status of a step with an Action to Go.`,
        ),
      );
      return;
    }
    const id = own.find(({ operationId }) => operationId)?.operationId;
    const calls = foldReads(own);
    const every = h(
      'details',
      { class: 'every' },
      h('summary', {}, `Every call (${own.length})`),
      h('ol', { class: 'hops' }, ...calls.map((hop) => itemOf(hop, hop.part, hop.what, first.at))),
    );
    every.open = place.querySelector<HTMLDetailsElement>('details.every')?.open ?? false;
    place.replaceChildren(
      h('p', { class: 'quiet' }, `${id} · began ${times.time(first.at)}`),
      h('ol', { class: 'hops' }, ...stagesOf(own).map((stage) => itemOf(stage, stage.name, '', first.at))),
      every,
    );
  };
  const showDebounced = debounce(async () => show(), 150);
  return {
    reset(all: readonly Hop[]): void {
      hops = all.slice(-MOST_KEPT);
      show();
    },
    add(hop: Hop): void {
      hops = [...hops.slice(1 - MOST_KEPT), hop];
      showDebounced();
    },
  };
}

type Said = Pick<Hop, 'at' | 'tookMs' | 'said' | 'ok'>;

function itemOf({ at, said, ok, tookMs }: Said, name: string, what: string, from: number): HTMLLIElement {
  const took = tookMs === undefined ? '' : ` (${Math.round(tookMs)} ms)`;
  return h(
    'li',
    { 'data-ok': String(ok) },
    h('span', { class: 'at' }, `+${((at - from) / 1000).toFixed(1)} s`),
    h('span', { class: 'part' }, name),
    what ? h('span', { class: 'what' }, what) : undefined,
    h('span', { class: 'said' }, `${ok ? '' : 'Failed here: '}${said}${took}`),
  );
}
