import { api, follow, type PageEvent } from './api.ts';
import { createClock } from './clock.ts';
import { byId, setText } from './dom.ts';
import { createHops } from './hops.ts';
import { newsOf } from './news.ts';
import { createPeople } from './people.ts';
import { createServices } from './services.ts';
import { createSites } from './sites.ts';
import { soon } from './soon.ts';
import { createTabs } from './tabs.ts';
import { createTimes } from './times.ts';
import { createToolbar } from './toolbar.ts';
import { createViews } from './views.ts';

/** Rules reach the edge some seconds after WAF took them, without anything telling so. */
const LOOK_EVERY_MS = 2_000;
/** The reconciler changes services without a word to the sheet. */
const SERVICES_EVERY_MS = 15_000;

const PROBLEM_FOR_MS = 12_000;

let problemTimer = 0;
function showProblem(error: unknown): void {
  const place = byId('problem');
  place.hidden = false;
  setText(place, error instanceof Error ? error.message : String(error));
  clearTimeout(problemTimer);
  problemTimer = window.setTimeout(() => {
    place.hidden = true;
  }, PROBLEM_FOR_MS);
}

async function start(): Promise<void> {
  const spreadsheet = (await api.spreadsheets()).spreadsheets[0];
  if (!spreadsheet) throw new Error('There is no spreadsheet.');
  const { id, name, timeZone = 'UTC' } = spreadsheet;
  setText(byId('spreadsheet'), name);
  const times = createTimes(timeZone);
  const { tabs } = await api.tabs(id);
  let tab = tabs[0] ?? '';
  let values: string[][] = [];
  let serviceNames: string[] = [];

  const people = createPeople(byId('person'));
  const clock = createClock(byId('clock'), times, showProblem);
  const services = createServices(byId('services-list'), times);
  const sites = createSites(byId('sites'));
  const hops = createHops(byId('hops'), times);
  const toolbar = createToolbar(byId('toolbar'), (action) => {
    api.rows({ spreadsheet: id, sheet: tab, ...action, user: people.current() }).catch(showProblem);
  });
  const table = createViews(byId('grid'), byId('toolbar'), {
    visit: toolbar.visit,
    rows(change) {
      api.rows({ spreadsheet: id, sheet: tab, ...change, user: people.current() }).catch(showProblem);
    },
    commit(range, entered) {
      api.edit({ spreadsheet: id, sheet: tab, range, values: entered, user: people.current() }).catch((error) => {
        showProblem(error);
        table.show(tab, values, serviceNames);
      });
    },
  });

  const readSheet = soon(async () => {
    const asked = tab;
    const read = (await api.values(id, asked)).values;
    if (asked !== tab) return;
    const news = newsOf(values, read);
    if (news) setText(byId('news'), news);
    values = read;
    table.show(tab, values, serviceNames);
  }, 20);
  const readServices = soon(async () => {
    const read = (await api.services()).services;
    serviceNames = read.map(({ service }) => service);
    services.show(read);
    table.show(tab, values, serviceNames);
  }, 150);
  const look = soon(sites.refresh, 50);
  const tabBar = createTabs(byId('tabs'), (opened) => {
    tab = opened;
    values = [];
    tabBar.show(tabs, tab);
    readSheet();
  });
  tabBar.show(tabs, tab);

  const reactions: Readonly<Record<PageEvent['kind'], (event: PageEvent) => void>> = {
    sheet(event) {
      if ((event.sheet ?? tab) === tab && (event.spreadsheet ?? id) === id) readSheet();
      readServices();
    },
    clock: ({ now }) => (now ? clock.set(now) : api.clock().then((told) => clock.set(told.now), showProblem)),
    hop: ({ hop }) => hop && hops.add(hop),
    services() {
      readServices();
      look();
    },
  };
  const readAll = () => {
    setText(byId('connection'), 'Live');
    byId('connection').dataset.level = 'live';
    readSheet();
    readServices();
    look();
    api.clock().then(({ now }) => clock.set(now), showProblem);
    api.hops().then((read) => hops.reset(read.hops), showProblem);
  };
  const lost = () => {
    setText(byId('connection'), 'Not connected. Is npm start still running?');
    byId('connection').dataset.level = 'lost';
  };
  sites.offer((await api.sites()).sites);
  follow((event) => reactions[event.kind](event), readAll, lost);
  setInterval(() => document.hidden || look(), LOOK_EVERY_MS);
  setInterval(() => document.hidden || readServices(), SERVICES_EVERY_MS);
}

start().catch(showProblem);
