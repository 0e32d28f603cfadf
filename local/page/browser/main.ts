import { announcementOf } from './announcements.ts';
import { api, follow, type PageEvent } from './api.ts';
import { createClock } from './clock.ts';
import { debounce } from './debounce.ts';
import { byId, setText } from './dom.ts';
import { createHops } from './hops.ts';
import { nextArmed } from './next-armed.ts';
import { createNotices } from './notices.ts';
import { createOpenSheet } from './open-sheet.ts';
import { createPeople } from './people.ts';
import { createPicker } from './picker.ts';
import { createServices } from './services.ts';
import { createSites } from './sites.ts';
import { createTabs } from './tabs.ts';
import { createTimes } from './times.ts';
import { createToolbar, type RowAction } from './toolbar.ts';
import { createViews } from './views.ts';

/** Rules reach the edge some seconds after WAF took them, without anything telling so. */
const VISIT_EVERY_MS = 2_000;
/** The reconciler changes services without a word to the sheet. */
const SERVICES_EVERY_MS = 15_000;
/** What formulas say changes with the time alone. */
const SHEET_EVERY_MS = 20_000;

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
  const times = createTimes();
  const people = createPeople(byId('person'));
  const clock = createClock(byId('clock'), times, showProblem);
  const services = createServices(byId('services-list'), times);
  const notices = createNotices(byId('notices'), times);
  const sites = createSites(byId('sites'));
  const hops = createHops(byId('hops'), times);

  const tell = (text: string) => setText(byId('announcement'), text);
  const told = ({ warnings = [] }: { readonly warnings?: readonly string[] }) => {
    if (warnings.length > 0) tell(`Sheets would say: ${warnings.join(' ')}`);
  };
  const refused = (error: unknown) => {
    showProblem(error);
    opened.showAgain();
  };
  const place = () => ({ spreadsheet: opened.id(), sheet: opened.tab(), user: people.current() });
  const changeRows = (change: RowAction) => void api.rows({ ...place(), ...change }).then(told, refused);

  const toolbar = createToolbar(byId('toolbar'), changeRows);
  const table = createViews(byId('grid'), byId('toolbar'), {
    visit: toolbar.visit,
    say: (text) => setText(byId('cell'), text),
    lost: showProblem,
    leave: () => byId('tabs').querySelector('button')?.focus(),
    rows: changeRows,
    commit: (range, values) => void api.edit({ ...place(), range, values }).then(told, refused),
  });
  const tabBar = createTabs(byId('tabs'), (tab) => opened.openTab(tab));
  const opened = createOpenSheet({
    showTabs: tabBar.show,
    showSheet(sheet, before) {
      const announcement = before && announcementOf(before, sheet.values);
      if (announcement) tell(announcement);
      table.show(sheet);
    },
    showRundown: (values) => clock.arm(nextArmed(values)),
  });
  const picker = createPicker(byId('spreadsheets'), {
    open({ id, timeZone = 'UTC' }) {
      times.use(timeZone);
      if (id !== opened.id()) tell('');
      opened.open(id);
    },
    copy({ id }) {
      const copied = api.copy(id, people.current()).then(async (copy) => {
        picker.offer((await api.spreadsheets()).spreadsheets);
        picker.pick(copy.id);
      });
      copied.catch(showProblem);
    },
  });

  const readSpreadsheets = debounce(async () => picker.offer((await api.spreadsheets()).spreadsheets), 50);
  const readServices = debounce(async () => {
    const [told, { now }] = await Promise.all([api.services(), api.clock()]);
    services.show(told, Date.parse(now));
  }, 150);
  const readNotices = debounce(async () => notices.show((await api.notices()).notices), 150);
  const visitSites = debounce(sites.refresh, 50);

  const reactions: Readonly<Record<PageEvent['kind'], (event: PageEvent) => void>> = {
    sheet(event) {
      opened.hear(event);
      readServices();
    },
    spreadsheets({ spreadsheet }) {
      readSpreadsheets();
      if (spreadsheet === opened.id()) opened.open(spreadsheet);
    },
    clock({ now }) {
      if (now) clock.set(now);
      // Formulas go by the clock, too.
      opened.read();
    },
    hop: ({ hop }) => hop && hops.add(hop),
    services() {
      readServices();
      visitSites();
    },
    notices: readNotices,
  };
  const readAll = () => {
    setText(byId('connection'), 'Live');
    byId('connection').dataset.level = 'live';
    readSpreadsheets();
    opened.read();
    readServices();
    readNotices();
    visitSites();
    api.clock().then(({ now }) => clock.set(now), showProblem);
    api.hops().then((read) => hops.reset(read.hops), showProblem);
  };
  const lost = () => {
    setText(byId('connection'), 'Not connected. Is npm start still running?');
    byId('connection').dataset.level = 'lost';
  };
  sites.offer((await api.sites()).sites);
  follow((event) => reactions[event.kind](event), readAll, lost);
  setInterval(() => document.hidden || visitSites(), VISIT_EVERY_MS);
  setInterval(() => document.hidden || readServices(), SERVICES_EVERY_MS);
  setInterval(() => document.hidden || opened.read(), SHEET_EVERY_MS);
}

start().catch(showProblem);
