import { BEGINS, statusOf } from '../../../contract/status.ts';

/** What the tabs of a sheet say that they did not say before, or that somebody must act on: worst and newest first. Pure. */

type Values = readonly (readonly string[])[];

export type Level = 'bad' | 'ask' | 'under-way' | 'good';

export interface NewsItem {
  /** Of the row, whatever it says. */
  readonly key: string;
  readonly tab: string;
  /** From 1. */
  readonly row: number;
  readonly column: number;
  /** What the row is known by. */
  readonly name: string;
  readonly status: string;
  readonly text: string;
  readonly level: Level;
  /** Milliseconds since the epoch on the local clock: when it began to say so. */
  readonly at: number;
}

/** Without a level it is nothing to tell of. */
type Line = Omit<NewsItem, 'at' | 'level'> & { readonly level: Level | undefined };

/** Of a tab: the columns whose words are news. */
const WATCHED: Readonly<Record<string, { name: readonly string[]; status: string; text: string }>> = {
  Rundown: { name: ['Step'], status: 'Status', text: 'Result' },
  Services: { name: ['Service', 'Environment'], status: 'Mode', text: 'What we know' },
  Allowlist: { name: ['Address or range'], status: '', text: 'Check' },
};
export const NEWS_TABS = Object.keys(WATCHED);

const ORDER: readonly Level[] = ['bad', 'ask', 'under-way', 'good'];
/** Good news is over soon. */
const FOR_MS: Readonly<Partial<Record<Level, number>>> = { good: 10 * 60_000, 'under-way': 30 * 60_000 };

const ALARM = /^(CONTESTED|BYPASSED|NOT REPAIRED|UNREADABLE|GONE|NOT IN THE CONFIG)\b/;
const IN_DOUBT = 'In doubt';

function levelOf(tab: string, status: string, text: string): Level | undefined {
  if (tab === 'Allowlist') return /^(Not sent:|Not sent twice|Until|Expired)/.test(text) ? 'ask' : 'good';
  if (status === IN_DOUBT || ALARM.test(text)) return 'bad';
  if (tab === 'Services') return status.endsWith('…') ? 'under-way' : 'good';
  if (/set Go again/.test(text)) return 'ask';
  // What is so no more, because of a step that tells of it itself.
  if (Object.values(BEGINS).some((words) => text.startsWith(words))) return undefined;
  if (status.startsWith('Skipped')) return 'good';
  if (status.startsWith('Sending')) return 'under-way';
  const levels: Readonly<Partial<Record<string, Level>>> = {
    Failed: 'bad',
    Unproven: 'bad',
    Go: 'under-way',
    Running: 'under-way',
    Done: 'good',
    Accepted: 'good',
  };
  return levels[statusOf(status) ?? ''] ?? (text === '' ? undefined : 'good');
}

function linesOf(tab: string, values: Values): Line[] {
  const watched = WATCHED[tab];
  const [headers = [], ...rows] = values;
  const column = watched ? headers.indexOf(watched.text) : -1;
  if (!watched || column < 0) return [];
  const at = (row: readonly string[], header: string) => row[headers.indexOf(header)] ?? '';
  return rows.flatMap((row, index) => {
    const names = watched.name.map((header) => at(row, header));
    const [status, text] = [at(row, watched.status), row[column] ?? ''];
    const level = levelOf(tab, status, text);
    if (names[0] === '') return [];
    const name = tab === 'Rundown' ? `Step ${names[0]}` : names.filter(Boolean).join(' ');
    return [{ key: `${tab} ${name}`, tab, row: index + 2, column: column + 1, name, status, text, level }];
  });
}

export interface NewsMemory {
  readonly items: readonly NewsItem[];
  /** Of every line, what it last said. */
  readonly said: ReadonlyMap<string, string>;
}

export const NO_NEWS: NewsMemory = { items: [], said: new Map() };

/** What is known every minute anew is no news: only the mode of a service is. */
const sayingOf = ({ tab, status, text, level }: Line): string =>
  tab === 'Services' ? `${status} ${level}` : `${status} ${text}`;

/**
 * @param before - What was told of these tabs before; of the first look only what somebody must act on is news.
 * @returns Nothing that its row does not say any more.
 */
export function newsOf(before: NewsMemory, tabs: Readonly<Record<string, Values>>, now: number): NewsMemory {
  const lines = Object.entries(tabs).flatMap(([tab, values]) => linesOf(tab, values));
  const isFirstLook = before.said.size === 0;
  const items = lines.flatMap(({ level, ...line }): NewsItem[] => {
    if (level === undefined) return [];
    const was = before.said.get(line.key);
    const known = before.items.find(({ key }) => key === line.key);
    if (was === sayingOf({ ...line, level })) return known ? [{ ...line, level, at: known.at }] : [];
    // A row that comes with what was done long ago is no news.
    const isNews = level === 'bad' || level === 'ask' || (!isFirstLook && was !== undefined);
    return isNews ? [{ ...line, level, at: now }] : [];
  });
  const fresh = items.filter(({ level, at }) => now - at <= (FOR_MS[level] ?? Number.POSITIVE_INFINITY));
  const sorted = fresh.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || b.at - a.at);
  return { items: sorted, said: new Map(lines.map((line) => [line.key, sayingOf(line)])) };
}

export const without = ({ items, said }: NewsMemory, key: string): NewsMemory => ({
  items: items.filter((item) => item.key !== key),
  said,
});
