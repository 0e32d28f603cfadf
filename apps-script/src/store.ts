import * as z from 'zod/mini';
import { type Connection, connection } from './connections.ts';
import type { OutboxEntry } from './entry-record.ts';
import { fromJson } from './json.ts';

/**
 * The owner's User Properties, the only place where the script remembers. Other users of the script, and editors of the
 * sheets, cannot read them. One read brings everything.
 */

const CONNECTION = 'connection:';
const OPERATION = 'op:';
const UNSEEN = 'unseen:';
const SHEETS = 'sheets';

const entrySchema = z.object({
  id: z.string(),
  phase: z.enum(['claiming', 'sent']),
  environment: z.string(),
  spreadsheetId: z.string(),
  step: z.string(),
  service: z.string(),
  action: z.string(),
  plannedStart: z.string(),
  requestedBy: z.string(),
  body: z.string(),
  at: z.number(),
});

/** Gos of one sheet that nobody was seen to set: by row identity, when they were first met. */
const unseenSchema = z.record(z.string(), z.number());
export type Unseen = z.output<typeof unseenSchema>;

export interface Memory {
  readonly connections: readonly Connection[];
  /** Oldest first. */
  readonly entries: readonly OutboxEntry[];
  readonly sheets: readonly string[];
  unseen(spreadsheetId: string): Unseen;
}

export interface Store {
  load(): Memory;
  putEntries(entries: readonly OutboxEntry[]): void;
  removeEntry(id: string): void;
  hasEntry(id: string): boolean;
  putConnections(connections: readonly Connection[]): void;
  putSheets(ids: readonly string[]): void;
  putUnseen(spreadsheetId: string, unseen: Unseen): void;
}

type Properties = Pick<
  GoogleAppsScript.Properties.Properties,
  'getProperties' | 'getProperty' | 'setProperties' | 'setProperty' | 'deleteProperty'
>;

/** Values of a prefix that are what they should be; a damaged one must not stop the others. */
function allOf<T extends z.ZodMiniType>(all: Record<string, string>, prefix: string, schema: T): z.output<T>[] {
  return Object.keys(all)
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => {
      const parsed = z.safeParse(schema, fromJson(all[key]));
      if (!parsed.success) console.error(`The property ${key} is damaged and was left out.`);
      return parsed.success ? [parsed.data] : [];
    });
}

export function createStore(properties: () => Properties = () => PropertiesService.getUserProperties()): Store {
  return {
    load() {
      const all = properties().getProperties() as Record<string, string>;
      const sheets = z.safeParse(z.array(z.string()), fromJson(all[SHEETS]));
      return {
        connections: allOf(all, CONNECTION, connection),
        entries: allOf(all, OPERATION, entrySchema).sort((a, b) => a.at - b.at),
        sheets: sheets.success ? sheets.data : [],
        unseen(spreadsheetId) {
          const known = z.safeParse(unseenSchema, fromJson(all[UNSEEN + spreadsheetId]));
          return known.success ? known.data : {};
        },
      };
    },
    putEntries(entries) {
      if (entries.length === 0) return;
      properties().setProperties(
        Object.fromEntries(entries.map((entry) => [OPERATION + entry.id, JSON.stringify(entry)])),
      );
    },
    removeEntry: (id) => {
      properties().deleteProperty(OPERATION + id);
    },
    hasEntry: (id) => properties().getProperty(OPERATION + id) !== null,
    putConnections(connections) {
      if (connections.length === 0) return;
      properties().setProperties(
        Object.fromEntries(connections.map((one) => [CONNECTION + one.environment, JSON.stringify(one)])),
      );
    },
    putSheets: (ids) => {
      properties().setProperty(SHEETS, JSON.stringify(ids));
    },
    putUnseen(spreadsheetId, unseen) {
      if (Object.keys(unseen).length === 0) properties().deleteProperty(UNSEEN + spreadsheetId);
      else properties().setProperty(UNSEEN + spreadsheetId, JSON.stringify(unseen));
    },
  };
}
