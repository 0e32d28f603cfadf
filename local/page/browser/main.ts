import { announcementOf } from './announcements.ts';
import { api, follow, type PageEvent } from './api.ts';
import { createChanges, type Offer } from './changes.ts';
import { createClock } from './clock.ts';
import { debounce } from './debounce.ts';
import { button, byId, setText } from './dom.ts';
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
import { createToolbar } from './toolbar.ts';
import { createViews } from './views.ts';

/** Rules reach the edge some seconds after WAF took them, without anything telling so. */
const VISIT_EVERY_MS = 2_000;
/** The reconciler changes services without a word to the sheet. */
const SERVICES_EVERY_MS = 15_000;
/** What formulas say changes with the time alone. */
const SHEET_EVERY_MS = 20_000;

const PROBLEM_FOR_MS = 12_000;

let problemTimer = 0;
/** @param offer - The one thing that a person would do next: Enter does it. */
function showProblem(error: unknown, offer?: Offer): void {
  const place = byId('problem');
  const hide = () => {
    place.hidden = true;
  };
  place.hidden = false;
  const text = error instanceof Error ? error.message : String(error);
  const act = offer && button(offer.label, offer.act);
  place.replaceChildren(text, ...(act ? [' ', act] : []));
  clearTimeout(problemTimer);
  if (!act) {
    problemTimer = window.setTimeout(hide, PROBLEM_FOR_MS);
    return;
  }
  // The sheet reads keys of the whole window, and would keep Enter from pressing the button.
  act.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    act.click();
  });
  act.focus();
  for (const over of ['click', 'blur']) act.addEventListener(over, hide);
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
  const told = (warnings: readonly string[]) => {
    if (warnings.length > 0) tell(`Sheets would say: ${warnings.join(' ')}`);
  };
  const changes = createChanges({
    place: () => ({ spreadsheet: opened.id(), sheet: opened.tab(), user: people.current() }),
    async lookAgain() {
      const now = await opened.readNow();
      table.lookAgain();
      return now;
    },
    told,
    refused(error, offer) {
      opened.showAgain();
      showProblem(error, offer);
    },
  });

  const toolbar = createToolbar(byId('toolbar'), changes.rows);
  const table = createViews(byId('grid'), byId('toolbar'), {
    visit: toolbar.visit,
    say: (text) => setText(byId('cell'), text),
    lost: (why) => showProblem(why),
    leave: () => byId('tabs').querySelector('button')?.focus(),
    rows: changes.rows,
    commit: changes.edit,
  });
  const tabBar = createTabs(byId('tabs'), (tab) => opened.openTab(tab));
  const opened = createOpenSheet({
    showTabs: tabBar.show,
    showSheet(sheet, before) {
      const announcement = before && announcementOf(before, sheet.values);
      if (announcement) tell(announcement);
      if (!before) toolbar.leave();
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
    slack: () => undefined,
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
