import { parseJson } from '../src/api/parse-json.ts';
import type { Finding, UnattendedId } from './verdict.ts';

/** What the self-test has seen so far, in the User Properties of whoever runs it: executions overlap, so each fact is a key of its own. */

const SHEET = 'selftest:sheet';
const SINCE = 'selftest:since';
const TICKS = 'selftest:ticks';
const SHOWN = 'selftest:now';
const WROTE = 'selftest:wrote';
const CACHED = 'selftest:cached';
const FINDINGS = 'selftest:findings';
const FACTS = 'selftest:facts';
const ALL = [SHEET, SINCE, TICKS, SHOWN, WROTE, CACHED, FINDINGS, FACTS];

const properties = () => PropertiesService.getUserProperties();
const read = (key: string): unknown => parseJson(properties().getProperty(key) ?? undefined);
const write = (key: string, value: unknown): void => void properties().setProperty(key, JSON.stringify(value));

const listOf = <T>(key: string, isOne: (value: unknown) => value is T): T[] => {
  const all = read(key);
  return Array.isArray(all) ? all.filter(isOne) : [];
};
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string';

/** A property holds 9 KB. */
const MOST = 100;

export const notebook = {
  sheet: (): string => (read(SHEET) as string | null) ?? '',
  putSheet: (id: string) => write(SHEET, id),
  /** When its present phase began. Milliseconds since the epoch. */
  since: (): number => Number(read(SINCE) ?? 0),
  begin: (at: number) => write(SINCE, at),
  ticks: (): number[] => listOf(TICKS, isNumber),
  /** @returns How many there were by then. */
  addTick(at: number): number {
    const all = [...notebook.ticks(), at].slice(-MOST);
    write(TICKS, all);
    return all.length;
  },
  /** What a cell with `=NOW()` showed, tick by tick. */
  shown: (): string[] => listOf(SHOWN, isText),
  addShown: (text: string) => write(SHOWN, [...notebook.shown(), text].slice(-MOST)),
  /** When a tick last wrote its cell, told by another way than the sheet. */
  wroteAt: (): number => Number(read(WROTE) ?? 0),
  putWroteAt: (at: number) => write(WROTE, at),
  cachedReads: (): Finding | undefined => (read(CACHED) as Finding | null) ?? undefined,
  putCachedReads: (finding: Finding) => write(CACHED, finding),
  findings: () => (read(FINDINGS) ?? {}) as Partial<Record<UnattendedId, Finding>>,
  putFindings: (findings: Partial<Record<UnattendedId, Finding>>) => write(FINDINGS, findings),
  facts: () => (read(FACTS) ?? {}) as Record<string, unknown>,
  putFacts: (facts: Record<string, unknown>) => write(FACTS, facts),
  /** The next clock phase counts anew. */
  clearTicks() {
    for (const key of [TICKS, SHOWN, WROTE, CACHED]) properties().deleteProperty(key);
  },
  clear() {
    for (const key of ALL) properties().deleteProperty(key);
  },
};
