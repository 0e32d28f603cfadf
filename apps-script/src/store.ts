import * as z from 'zod/mini';
import { type Connection, connection } from './connections.ts';
import type { OutboxEntry } from './entry-record.ts';
import { fromJson } from './json.ts';
import type { Confirmation } from './on-plan.ts';

/**
 * The owner's User Properties, the only place where the script remembers. Other users of the script, and editors of the
 * sheets, cannot read them. One read brings everything.
 */

const CONNECTION = 'connection:';
const OPERATION = 'op:';
const UNSEEN = 'unseen:';
const CONFIRM = 'confirm:';
const SHEET = 'sheet:';
const CONTROL = 'control';

const entrySchema = z.object({
  id: z.string(),
  rowId: z.optional(z.string()),
  phase: z.enum(['armed', 'claiming', 'sent']),
  environment: z.string(),
  spreadsheetId: z.string(),
  step: z.string(),
  service: z.string(),
  action: z.string(),
  plannedStart: z.string(),
  requestedBy: z.string(),
  body: z.string(),
  at: z.number(),
  disarmed: z.optional(z.string()),
  ended: z.optional(z.object({ status: z.string(), result: z.string(), finished: z.optional(z.number()) })),
});

const confirmationSchema = z.array(
  z.object({ key: z.string(), kind: z.enum(['off-plan', 'take-over']), user: z.string(), at: z.number() }),
);

/** A release sheet that this script looks after. */
const sheetSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Its steps lie between these, with an hour before and after: then it is looked at often. Milliseconds since the epoch. */
  watchFrom: z._default(z.number(), 0),
  watchTo: z._default(z.number(), 0),
  /** What the sheet's banner counts on. */
  connectedUntil: z._default(z.number(), 0),
  /** Which armed steps and planned ends the APIs were told last, and when. */
  told: z._default(z.string(), ''),
  toldAt: z._default(z.number(), 0),
  registeredAt: z._default(z.number(), 0),
});
export type SheetRecord = z.output<typeof sheetSchema>;

/** A property holds 9 KB. */
const MOST_CONFIRMATIONS = 20;

/** Gos of one sheet that nobody was seen to set: by row identity, when they were first met. */
const unseenSchema = z.record(z.string(), z.number());
export type Unseen = z.output<typeof unseenSchema>;

export interface Memory {
  readonly connections: readonly Connection[];
  /** Oldest first. */
  readonly entries: readonly OutboxEntry[];
  readonly sheets: readonly SheetRecord[];
  /** The control spreadsheet's id; blank before install(). */
  readonly control: string;
  unseen(spreadsheetId: string): Unseen;
  confirmations(spreadsheetId: string): readonly Confirmation[];
}

export interface Store {
  load(): Memory;
  putEntries(entries: readonly OutboxEntry[]): void;
  removeEntry(id: string): void;
  hasEntry(id: string): boolean;
  putConnections(connections: readonly Connection[]): void;
  putSheet(record: SheetRecord): void;
  removeSheet(id: string): void;
  putControl(id: string): void;
  putConfirmations(spreadsheetId: string, confirmations: readonly Confirmation[]): void;
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
      return {
        connections: allOf(all, CONNECTION, connection),
        entries: allOf(all, OPERATION, entrySchema).sort((a, b) => a.at - b.at),
        sheets: allOf(all, SHEET, sheetSchema).sort((a, b) => (a.id < b.id ? -1 : 1)),
        control: all[CONTROL] ?? '',
        confirmations(spreadsheetId) {
          const known = z.safeParse(confirmationSchema, fromJson(all[CONFIRM + spreadsheetId]));
          return known.success ? known.data : [];
        },
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
    putSheet: (record) => {
      properties().setProperty(SHEET + record.id, JSON.stringify(record));
    },
    removeSheet(id) {
      for (const prefix of [SHEET, CONFIRM, UNSEEN]) properties().deleteProperty(prefix + id);
    },
    putControl: (id) => {
      properties().setProperty(CONTROL, id);
    },
    putConfirmations(spreadsheetId, confirmations) {
      if (confirmations.length === 0) properties().deleteProperty(CONFIRM + spreadsheetId);
      else properties().setProperty(CONFIRM + spreadsheetId, JSON.stringify(confirmations.slice(-MOST_CONFIRMATIONS)));
    },
    putUnseen(spreadsheetId, unseen) {
      if (Object.keys(unseen).length === 0) properties().deleteProperty(UNSEEN + spreadsheetId);
      else properties().setProperty(UNSEEN + spreadsheetId, JSON.stringify(unseen));
    },
  };
}
