import { api, type Seen, type Service, type SiteDoor, type SiteVisit } from '../api.ts';
import { h, optionsOf, setText } from '../dom.ts';
import { VERDICT_WORDS, verdictOn } from './wanted.ts';

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

const TOLD_HEADERS = ['retry-after', 'x-maintenance-mode'];

const VISITORS = [
  ['public', 'The public'],
  ['tester', 'A tester'],
] as const;

const CLIENTS = [
  ['text/html', 'Browser'],
  ['application/json', 'App'],
] as const;

/** The chosen site as the public and as a tester get it right now: real answers, not what they should be. */
export function createSites(place: HTMLElement) {
  let doors: readonly SiteDoor[] = [];
  let services: readonly Service[] = [];
  const which = h('select', { 'aria-label': 'Site' });
  const client = h('select', { 'aria-label': 'Seen with' }, ...optionsOf(CLIENTS));
  const link = h('a', { target: '_blank', rel: 'noopener' }, 'Open it');
  const panes = VISITORS.map(([as, title]) => createPane(as, title));
  place.append(
    h('div', { class: 'choose' }, which, client, link),
    h('div', { class: 'panes' }, ...panes.map(({ element }) => h('div', { class: 'pane-room' }, element))),
  );

  const wantedOf = ({ service, environment }: SiteDoor) =>
    services.find((one) => one.service === service && one.environment === environment);
  const refresh = async () => {
    const door = doors[which.selectedIndex];
    if (!door) return;
    link.href = door.url;
    await Promise.all(panes.map((pane) => pane.visit(door, client.value, () => wantedOf(door))));
  };
  for (const select of [which, client]) select.addEventListener('change', refresh);
  return {
    refresh,
    /** What is wanted of each service by now. */
    want(now: readonly Service[]): void {
      services = now;
    },
    offer(offered: readonly SiteDoor[]): void {
      doors = offered;
      which.replaceChildren(...optionsOf(doors.map((door, index) => [String(index), nameOf(door, doors)])));
    },
  };
}

function nameOf({ service, title, target }: SiteDoor, doors: readonly SiteDoor[]): string {
  const isOnly = doors.filter((door) => door.service === service).length === 1;
  const door = target.startsWith('CLOUDFRONT/') ? 'CloudFront' : target.replace('REGIONAL/', 'load balancer, ');
  return isOnly ? title : `${title} · ${door}`;
}

function createPane(as: SiteVisit['as'], title: string) {
  const status = h('span', { class: 'code', role: 'status' }, '…');
  const told = h('span', { class: 'verdict' });
  const headers = h('p', { class: 'headers' });
  // Nothing of a site runs here, and it can neither read this page nor send anything.
  const frame = h('iframe', {
    sandbox: '',
    scrolling: 'no',
    title: `What ${title.toLowerCase()} sees`,
    tabindex: '-1',
  });
  const element = h(
    'article',
    { class: 'pane' },
    h('h3', {}, title),
    told,
    status,
    h('div', { class: 'screen' }, frame),
    headers,
  );
  const show = ({ status: code, headers: got, body }: Seen, wanted: Service | undefined) => {
    const verdict = wanted && verdictOn(wanted, as, code);
    const reason = REASONS[code];
    const said = `${code} ${reason ?? ''}`.trim();
    if (status.textContent !== said)
      status.replaceChildren(String(code), ...(reason ? [h('span', { class: 'reason' }, ` ${reason}`)] : []));
    setText(told, verdict ? VERDICT_WORDS[verdict] : '');
    for (const one of [status, told]) one.dataset.level = verdict ?? 'not-judged';
    setText(headers, TOLD_HEADERS.flatMap((name) => (got[name] ? [`${name}: ${got[name]}`] : [])).join(' · '));
    const page = /html/.test(got['content-type'] ?? '') ? body : textPage(body);
    if (frame.getAttribute('srcdoc') !== page) frame.setAttribute('srcdoc', page);
  };
  const showProblem = (error: unknown) => {
    setText(status, 'No answer');
    setText(told, '');
    status.dataset.level = 'unknown';
    setText(headers, error instanceof Error ? error.message : String(error));
  };
  return {
    element,
    visit: ({ service, target }: SiteDoor, accept: string, wanted: () => Service | undefined) =>
      api.visit({ service, target, as, accept }).then((seen) => show(seen, wanted()), showProblem),
  };
}

const textPage = (text: string) => {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!doctype html><meta name="color-scheme" content="light dark"><pre style="font: 22px/1.5 ui-monospace, monospace; white-space: pre-wrap; margin: 24px">${escaped}</pre>`;
};
