import { RUNDOWN_TAB } from '../../../../release-sheet-template/rundown.ts';
import { api, type PageEvent, type SpreadsheetFacts, type TabFacts } from '../api.ts';
import { asNotLive, type Standing, standingOf } from '../connection.ts';
import { debounce } from '../debounce.ts';
import { NEWS_TABS } from '../news.ts';
import { type Formatting, readFormatting } from './formatting.ts';
import type { ShownSheet } from './shown-sheet.ts';

/** The spreadsheet and the tab that are open: what they say, and how they look. */

type Values = readonly (readonly string[])[];

export interface OpenSheetOptions {
  showTabs(tabs: readonly TabFacts[], current: string): void;
  /** @param before - What this tab said when it was last read; undefined when it was just opened. */
  showSheet(sheet: ShownSheet, before: Values | undefined): void;
  /** Of the spreadsheet, whichever tab is open: the tabs that tell how things stand, as far as it has them. */
  showWatched(tabs: Readonly<Record<string, Values>>): void;
  showStanding(standing: Standing): void;
}

export function createOpenSheet({ showTabs, showSheet, showWatched, showStanding }: OpenSheetOptions) {
  let id = '';
  let facts: SpreadsheetFacts = { id: '', name: '' };
  let tabs: readonly TabFacts[] = [];
  let tab = '';
  let last: ShownSheet | undefined;
  let formatting: { readonly told: string; readonly read: Formatting } | undefined;
  /** By spreadsheet, the tab that was open. */
  const tabOf = new Map<string, string>();
  const has = (name: string) => tabs.some((one) => one.name === name);

  /** Reading areas takes its time, and looks hardly ever change. */
  function formattingOf(told: Parameters<typeof readFormatting>[0], isLive: boolean): Formatting {
    const text = JSON.stringify([told, isLive]);
    if (formatting?.told !== text) formatting = { told: text, read: readFormatting(told, isLive) };
    return formatting.read;
  }

  async function readNow(): Promise<ShownSheet | undefined> {
    if (tab === '') return undefined;
    const key = JSON.stringify([id, tab]);
    const others = NEWS_TABS.filter((name) => name !== tab && has(name));
    const [sheet, told, ...read] = await Promise.all([
      api.values(id, tab),
      api.tabFormatting(id, tab),
      ...others.map(async (name) => [name, (await api.values(id, name)).values] as const),
    ]);
    // Another one was opened meanwhile.
    if (key !== JSON.stringify([id, tab])) return readNow();
    const before = last?.key === key ? last.values : undefined;
    const watched = Object.fromEntries([...read, [tab, sheet.values] as const]);
    const standing = standingOf(facts, watched[RUNDOWN_TAB.name] ?? []);
    const values = standing.isLive ? sheet.values : asNotLive(sheet.values);
    const { rowsRevision } = sheet;
    const drawn = formattingOf(told.formatting, standing.isLive);
    last = { key, spreadsheet: id, tab, values, rowsRevision, formatting: drawn };
    showStanding(standing);
    showSheet(last, before);
    showWatched(standing.isLive ? watched : {});
    return last;
  }

  const read = debounce(async () => void (await readNow()), 20);

  const readTabs = debounce(async () => {
    const asked = id;
    const all = (await api.tabs(asked)).tabs;
    if (asked !== id) return readTabs();
    tabs = all.filter(({ isHidden }) => !isHidden);
    const wanted = has(tab) ? tab : (tabOf.get(id) ?? '');
    tab = has(wanted) ? wanted : (tabs[0]?.name ?? '');
    showTabs(tabs, tab);
    read();
  }, 20);

  return {
    id: () => id,
    tab: () => tab,
    values: (): Values => last?.values ?? [],
    readTabs,
    open(spreadsheet: SpreadsheetFacts): void {
      if (spreadsheet.id !== id) tab = '';
      id = spreadsheet.id;
      facts = spreadsheet;
      readTabs();
    },
    openTab(name: string): void {
      tab = name;
      tabOf.set(id, name);
      showTabs(tabs, tab);
      read();
    },
    read,
    readNow,
    /** What was refused is taken back from the views. */
    showAgain(): void {
      if (last) showSheet(last, last.values);
    },
    hear({ spreadsheet = id, what }: PageEvent): void {
      if (spreadsheet !== id) return;
      if (what === 'formatting') readTabs();
      else read();
    },
  };
}
