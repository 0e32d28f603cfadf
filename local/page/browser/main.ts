import { RUNDOWN_TAB } from '../../../release-sheet-template/rundown.ts';
import { announcementOf } from './announcements.ts';
import { api, follow, type PageEvent } from './api.ts';
import { debounce } from './debounce.ts';
import { button, byId, setText } from './dom.ts';
import { createClock } from './panels/clock.ts';
import { createConnection } from './panels/connection-line.ts';
import { createHops } from './panels/hops.ts';
import { createNewsList } from './panels/news-list.ts';
import { nextArmed } from './panels/next-armed.ts';
import { createNotices } from './panels/notices.ts';
import { createPeople } from './panels/people.ts';
import { createPicker } from './panels/picker.ts';
import { createServices } from './panels/services.ts';
import { createSites } from './panels/sites.ts';
import { createTour } from './panels/tour.ts';
import { createChanges, type Offer } from './sheet/changes.ts';
import { createFind } from './sheet/find.ts';
import { createOpenSheet } from './sheet/open-sheet.ts';
import { keepScrollable } from './sheet/scrollable.ts';
import type { SheetTable } from './sheet/table.ts';
import { createTabs } from './sheet/tabs.ts';
import { createTimeSetter } from './sheet/time-setter.ts';
import { createToolbar } from './sheet/toolbar.ts';
import { createViews } from './sheet/views.ts';
import { createTimes } from './times.ts';

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

  const connection = createConnection();
  const tour = createTour(byId('tour'));

  /** What changed by itself is told to those who cannot see the news; what comes of one's own edit is shown. */
  const tell = (text: string, ...acts: readonly HTMLElement[]) => {
    const place = byId('announcement');
    place.classList.toggle('unseen', acts.length === 0);
    if (place.textContent !== text) place.replaceChildren(text, ...acts);
  };
  const told = (warnings: readonly string[]) => {
    if (warnings.length === 0) return;
    const undo = button('No, take it back', () => {
      tell('');
      changes.undo();
    });
    const keep = button('Yes, keep it', () => tell(''));
    tell(`It is written. Google Sheets would have asked first: ${warnings.join(' ')} `, keep, undo);
  };
  const changes = createChanges({
    user: people.current,
    spreadsheet: () => opened.id(),
    async lookAgain() {
      const now = await opened.readNow();
      table.lookAgain();
      return now;
    },
    openTab(tab) {
      if (tab !== opened.tab()) opened.openTab(tab);
    },
    told,
    refused(error, offer) {
      opened.showAgain();
      showProblem(error, offer);
    },
  });

  const go: SheetTable['go'] = (position) => table.go(position);
  const toolbar = createToolbar(byId('toolbar'), { ...changes, go });
  const { here } = toolbar;
  const timeSetter = createTimeSetter(byId('toolbar'), { times, here, now: clock.now, edit: changes.edit });
  createFind(byId('toolbar'), { values: () => opened.values(), here, go });
  const table = createViews(byId('grid'), byId('toolbar'), {
    visit(...visited) {
      toolbar.visit(...visited);
      timeSetter.visit();
    },
    say: (text) => setText(byId('cell'), text),
    lost: (why) => showProblem(why),
    leave: () => byId('tabs').querySelector('button')?.focus(),
    rows: changes.rows,
    undo: changes.undo,
    redo: changes.redo,
    commit: changes.edit,
  });
  const tabBar = createTabs(byId('tabs'), (tab) => opened.openTab(tab));
  const opened = createOpenSheet({
    showTabs: tabBar.show,
    showSheet(sheet, before) {
      const announcement = before && announcementOf(before, sheet.values);
      if (announcement) tell(announcement);
      if (!before) {
        toolbar.leave();
        timeSetter.visit();
      }
      table.show(sheet);
    },
    showWatched(tabs) {
      clock.arm(nextArmed(tabs[RUNDOWN_TAB.name] ?? []));
      news.read(opened.id(), tabs);
      const rundown = tabs[RUNDOWN_TAB.name];
      if (rundown) tour.see({ rundown });
    },
    showStanding: connection.stand,
  });
  const news = createNewsList(byId('news'), {
    times,
    now: clock.now,
    go({ tab, row, column }) {
      if (tab === opened.tab()) return go({ row, column });
      opened.openTab(tab);
      void opened.readNow().then(() => go({ row, column }));
    },
  });
  const picker = createPicker(byId('spreadsheets'), byId('copy'), {
    open(spreadsheet) {
      times.use(spreadsheet.timeZone ?? 'UTC');
      if (spreadsheet.id !== opened.id()) tell('');
      opened.open(spreadsheet);
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
    sites.want(told.services);
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
      if (spreadsheet === opened.id()) opened.readTabs();
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
    connection.up();
    readSpreadsheets();
    opened.read();
    readServices();
    readNotices();
    visitSites();
    api.clock().then(({ now }) => clock.set(now), showProblem);
    api.hops().then((read) => hops.reset(read.hops), showProblem);
  };
  keepScrollable(document.querySelectorAll<HTMLElement>('body > aside > section'));
  sites.offer((await api.sites()).sites);
  follow((event) => reactions[event.kind](event), readAll, connection.lost);
  setInterval(() => document.hidden || visitSites(), VISIT_EVERY_MS);
  setInterval(() => document.hidden || readServices(), SERVICES_EVERY_MS);
  setInterval(() => document.hidden || opened.read(), SHEET_EVERY_MS);
}

start().catch(showProblem);
