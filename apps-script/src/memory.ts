import * as z from 'zod/mini';
import { type ServiceNames, serviceNames } from '../../contract/sync-answer.ts';
import { type Connection, NO_NAMES, type StoredConnection, storedConnection } from './api/connection.ts';
import { parseJson } from './api/parse-json.ts';

/**
 * The owner's User Properties, the only place where the script remembers: its connections, its sheets, when each is to
 * be synced again, and the last answer that was applied. Other users of the script, and editors of the sheets, cannot
 * read them. One read brings everything.
 */

/** A release sheet that this script looks after. Only the control spreadsheet makes and removes these. */
const sheetSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The id of its rundown tab, whatever that is called by now; unknown until it was read for the first time. */
  tabId: z.optional(z.number()),
  /** Who retires it. The environments are being told: an execution that died left that to the next minute. */
  retiredBy: z.optional(z.string()),
});
export type SheetRecord = z.output<typeof sheetSchema>;

const NOTHING_OF_NOW = { text: '', step: '', at: '' };

/** What the last sync of a sheet left. Times in milliseconds since the epoch. */
const syncedSchema = z.object({
  syncedAt: z._default(z.number(), 0),
  nextSyncAt: z._default(z.number(), 0),
  /** What the sheet's banner counts on. */
  connectedUntil: z._default(z.number(), 0),
  /** What its banner says of now. */
  now: z._default(z.object({ text: z.string(), step: z.string(), at: z.string() }), NOTHING_OF_NOW),
  /** The version of its tables that was written last, by environment. */
  tables: z._default(z.record(z.string(), z.number()), {}),
  tablesAt: z._default(z.number(), 0),
});
export type Synced = z.output<typeof syncedSchema>;
export const NEVER_SYNCED: Synced = {
  syncedAt: 0,
  nextSyncAt: 0,
  connectedUntil: 0,
  now: NOTHING_OF_NOW,
  tables: {},
  tablesAt: 0,
};

/** How long triggers have run today: Google grants so many hours a day. */
const runtimeSchema = z.object({ day: z.string(), ms: z.number() });
export type Runtime = z.output<typeof runtimeSchema>;

export interface Memory {
  readonly connections: readonly Connection[];
  readonly sheets: readonly SheetRecord[];
  /** The control spreadsheet's id; blank before install(). */
  readonly control: string;
  /** Who may work the control spreadsheet, in lower case. */
  readonly admins: readonly string[];
  readonly runtime: Runtime;
  synced(spreadsheetId: string): Synced;
  /** When somebody last did something there that the next minute must look at; 0 for never. */
  markedAt(spreadsheetId: string): number;
}

export interface MemoryStore {
  load(): Memory;
  /** The next minute syncs this sheet. One write, as people wait for it. */
  mark(spreadsheetId: string, at: number): void;
  putSheet(record: SheetRecord): void;
  removeSheet(spreadsheetId: string): void;
  /** All in one write. */
  putSynced(synced: ReadonlyMap<string, Synced>, runtime: Runtime): void;
  /** By environment, the sequence of the answer that was applied last, if answers may still be overtaking each other. */
  sequences(spreadsheetId: string, now: number): ReadonlyMap<string, number>;
  putSequences(spreadsheetId: string, sequences: ReadonlyMap<string, number>, now: number): void;
  putConnections(connections: readonly StoredConnection[]): void;
  putNames(names: ReadonlyMap<string, ServiceNames>): void;
  putAdmins(admins: readonly string[]): void;
  putControl(spreadsheetId: string): void;
}

const CONNECTION = 'connection:';
const NAMES = 'names:';
const SHEET = 'sheet:';
const SYNCED = 'synced:';
const MARK = 'mark:';
const SEQUENCE = 'sequence:';
const CONTROL = 'control';
const ADMINS = 'admins';
const RUNTIME = 'runtime';

/** No execution lives longer: after that a lower number is that of a server that began anew, and not of a late answer. */
const LONGEST_OVERTAKING_MS = 10 * 60_000;

type Properties = Pick<
  GoogleAppsScript.Properties.Properties,
  'getProperties' | 'setProperties' | 'setProperty' | 'deleteProperty'
>;
type Stored = Readonly<Record<string, string>>;

/** What one key holds, if it is what it should be; a damaged one must not stop the others. */
function read<T extends z.ZodMiniType>(all: Stored, key: string, schema: T): z.output<T> | undefined {
  if (all[key] === undefined) return undefined;
  const parsed = z.safeParse(schema, parseJson(all[key]));
  if (parsed.success) return parsed.data;
  console.error(`The property ${key} is damaged and was left out.`);
  return undefined;
}

function readAll<T extends z.ZodMiniType>(all: Stored, prefix: string, schema: T): z.output<T>[] {
  const keys = Object.keys(all).filter((key) => key.startsWith(prefix));
  return keys.flatMap((key) => {
    const found = read(all, key, schema);
    return found === undefined ? [] : [found];
  });
}

/** A property holds 9 KB, and a character is up to three bytes. */
const PART_LENGTH = 2_500;

const namesKey = (environment: string, part: number): string => `${NAMES}${environment}:${part}`;

/** An environment may have more services than a property has room for. The first part says how many there are. */
function namesInParts(environment: string, names: ServiceNames): [string, string][] {
  const text = JSON.stringify(names);
  const count = Math.ceil(text.length / PART_LENGTH);
  return Array.from({ length: count }, (_part, at) => {
    const part = text.slice(at * PART_LENGTH, (at + 1) * PART_LENGTH);
    return [namesKey(environment, at), at === 0 ? `${count} ${part}` : part];
  });
}

/** Parts that do not fit together are no names: then the next answer tells them anew. */
function joinedNames(all: Stored, environment: string): ServiceNames {
  const [, count = '0', first = ''] = /^(\d+) ([\s\S]*)$/.exec(all[namesKey(environment, 0)] ?? '') ?? [];
  const others = Array.from({ length: Math.max(0, Number(count) - 1) }, (_, at) => all[namesKey(environment, at + 1)]);
  const parsed = z.safeParse(serviceNames, parseJson([first, ...others].join('')));
  return parsed.success ? parsed.data : NO_NAMES;
}

export function createMemory(properties: () => Properties = () => PropertiesService.getUserProperties()): MemoryStore {
  const put = (values: readonly (readonly [string, unknown])[]): void => {
    if (values.length === 0) return;
    const texts = values.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
    properties().setProperties(Object.fromEntries(texts));
  };
  const load = (): Stored => properties().getProperties();

  return {
    load() {
      const all = load();
      return {
        connections: readAll(all, CONNECTION, storedConnection).map((one) => ({
          ...one,
          names: joinedNames(all, one.environment),
        })),
        sheets: readAll(all, SHEET, sheetSchema).sort((a, b) => (a.id < b.id ? -1 : 1)),
        control: all[CONTROL] ?? '',
        admins: read(all, ADMINS, z.array(z.string())) ?? [],
        runtime: read(all, RUNTIME, runtimeSchema) ?? { day: '', ms: 0 },
        synced: (id) => read(all, SYNCED + id, syncedSchema) ?? NEVER_SYNCED,
        markedAt: (id) => Number(all[MARK + id] ?? 0) || 0,
      };
    },
    mark: (id, at) => void properties().setProperty(MARK + id, String(at)),
    putSheet: (record) => put([[SHEET + record.id, record]]),
    removeSheet(id) {
      const isOfSheet = (key: string) =>
        [SHEET, SYNCED, MARK].some((prefix) => key === prefix + id) || key.startsWith(`${SEQUENCE}${id}:`);
      // The sheet itself first: from then on nobody looks after it.
      for (const key of [SHEET + id, ...Object.keys(load()).filter((one) => one !== SHEET + id && isOfSheet(one))]) {
        properties().deleteProperty(key);
      }
    },
    putSynced: (synced, runtime) =>
      put([...[...synced].map(([id, one]) => [SYNCED + id, one] as const), [RUNTIME, runtime]]),
    sequences(id, now) {
      const prefix = `${SEQUENCE}${id}:`;
      const own = Object.entries(load()).filter(([key]) => key.startsWith(prefix));
      const kept = own.map(([key, value]) => [key.slice(prefix.length), ...value.split(' ').map(Number)] as const);
      const live = kept.filter(([, , at = 0]) => now - at < LONGEST_OVERTAKING_MS);
      return new Map(live.map(([environment, sequence = 0]) => [environment, sequence]));
    },
    putSequences: (id, sequences, now) =>
      put([...sequences].map(([environment, value]) => [`${SEQUENCE}${id}:${environment}`, `${value} ${now}`])),
    putConnections: (connections) =>
      put(connections.map((one) => [CONNECTION + one.environment, z.parse(storedConnection, one)])),
    putNames: (names) => put([...names].flatMap(([environment, one]) => namesInParts(environment, one))),
    putAdmins: (admins) => put([[ADMINS, admins]]),
    putControl: (id) => put([[CONTROL, id]]),
  };
}
