import { RUNDOWN_TAB } from '../../../release-sheet-template/rundown.ts';
import { api, type PageEvent, type TabFacts } from './api.ts';
import { debounce } from './debounce.ts';
import { type Formatting, readFormatting } from './formatting.ts';
import type { ShownSheet } from './shown-sheet.ts';

/** The spreadsheet and the tab that are open: what they say, and how they look. */

type Values = readonly (readonly string[])[];

export interface OpenSheetOptions {
  showTabs(tabs: readonly TabFacts[], current: string): void;
  /** @param before - What this tab said when it was last read; undefined when it was just opened. */
  showSheet(sheet: ShownSheet, before: Values | undefined): void;
  /** The rundown of the spreadsheet, whichever tab is open; nothing if it has none. */
  showRundown(values: Values): void;
}

export function createOpenSheet({ showTabs, showSheet, showRundown }: OpenSheetOptions) {
  let id = '';
  let tabs: readonly TabFacts[] = [];
  let tab = '';
  let last: ShownSheet | undefined;
  let formatting: { readonly told: string; readonly read: Formatting } | undefined;
  /** By spreadsheet, the tab that was open. */
  const tabOf = new Map<string, string>();
  const has = (name: string) => tabs.some((one) => one.name === name);

  /** Reading areas takes its time, and looks hardly ever change. */
  function formattingOf(told: Parameters<typeof readFormatting>[0]): Formatting {
    const text = JSON.stringify(told);
    if (formatting?.told !== text) formatting = { told: text, read: readFormatting(told) };
    return formatting.read;
  }

  async function readNow(): Promise<ShownSheet | undefined> {
    if (tab === '') return undefined;
    const key = JSON.stringify([id, tab]);
    const isRundown = tab === RUNDOWN_TAB.name;
    const [sheet, told, rundown] = await Promise.all([
      api.values(id, tab),
      api.tabFormatting(id, tab),
      !isRundown && has(RUNDOWN_TAB.name) ? api.values(id, RUNDOWN_TAB.name) : undefined,
    ]);
    // Another one was opened meanwhile.
    if (key !== JSON.stringify([id, tab])) return readNow();
    const before = last?.key === key ? last.values : undefined;
    const { values, rowsRevision } = sheet;
    last = { key, spreadsheet: id, tab, values, rowsRevision, formatting: formattingOf(told.formatting) };
    showSheet(last, before);
    showRundown((isRundown ? sheet : rundown)?.values ?? []);
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
    open(spreadsheet: string): void {
      if (spreadsheet !== id) tab = '';
      id = spreadsheet;
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
