import * as z from 'zod/mini';
import { type BoardsRecord, boardsRecord, type SheetNote, sheetNote } from './boards/record.ts';
import { type Connection, connection } from './connections.ts';
import { type OutboxEntry, PICKS_TAB } from './entry-record.ts';
import { fromJson } from './json.ts';
import { joined, partsOf } from './long-values.ts';
import type { Confirmation } from './on-plan.ts';

/**
 * The owner's User Properties, the only place where the script remembers. Other users of the script, and editors of the
 * sheets, cannot read them. One read brings everything.
 */

const CONNECTION = 'connection:';
const CONNECTION_PART = 'connection-part:';
const OPERATION = 'op:';
const BODY_PART = 'body:';
/** Entries that are to go together, and have not all gone yet. */
const GONE = 'gone:';
const UNSEEN = 'unseen:';
const CONFIRM = 'confirm:';
const SHEET = 'sheet:';
const CONTROL = 'control';
const BOARDS = 'boards:';
const EDITED = 'edited:';
const NOTE = 'note:';

const entrySchema = z.object({
  id: z.string(),
  rowId: z.optional(z.string()),
  phase: z.enum(['armed', 'claiming', 'sent']),
  environment: z.string(),
  spreadsheetId: z.string(),
  tab: z.optional(z.literal(PICKS_TAB)),
  step: z.string(),
  service: z.string(),
  action: z.string(),
  plannedStart: z.string(),
  requestedBy: z.string(),
  body: z.string(),
  /** A long body is kept beside its entry, in so many parts: a property holds 9 KB, and an allowlist may be longer. */
  bodyParts: z.optional(z.number()),
  at: z.number(),
  disarmed: z.optional(z.object({ why: z.string(), by: z.string(), at: z.number(), exit: z.optional(z.string()) })),
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
  /** Ids of entries that an execution died over while it removed them together: they are over. */
  readonly gone: readonly string[];
  readonly sheets: readonly SheetRecord[];
  /** The control spreadsheet's id; blank before install(). */
  readonly control: string;
  unseen(spreadsheetId: string): Unseen;
  confirmations(spreadsheetId: string): readonly Confirmation[];
  /** Undefined before its boards were made up for the first time. */
  boards(spreadsheetId: string): BoardsRecord | undefined;
  /** Somebody wrote into a board since it was last made up. */
  isBoardEdited(spreadsheetId: string): boolean;
  /** What the audit does not have yet. */
  notes(spreadsheetId: string): readonly SheetNote[];
}

export interface Store {
  load(): Memory;
  /** With what the sheet's audit is to tell of them. */
  putEntries(entries: readonly OutboxEntry[], notes?: readonly SheetNote[]): void;
  removeEntry(id: string): void;
  /** Together: an execution that dies in the middle leaves none of them behind for others to see. */
  removeEntries(ids: readonly string[]): void;
  hasEntry(id: string): boolean;
  putConnections(connections: readonly Connection[]): void;
  putSheet(record: SheetRecord): void;
  removeSheet(id: string): void;
  putControl(id: string): void;
  putConfirmations(spreadsheetId: string, confirmations: readonly Confirmation[]): void;
  putUnseen(spreadsheetId: string, unseen: Unseen): void;
  putBoards(spreadsheetId: string, record: BoardsRecord): void;
  markBoardEdited(spreadsheetId: string): void;
  clearBoardEdited(spreadsheetId: string): void;
  removeNotes(notes: readonly SheetNote[]): void;
}

type Properties = Pick<
  GoogleAppsScript.Properties.Properties,
  'getProperties' | 'getProperty' | 'setProperties' | 'setProperty' | 'deleteProperty'
>;

const noteKey = ({ spreadsheetId, id, what, at }: SheetNote): string => `${NOTE}${spreadsheetId}:${id}:${what}:${at}`;

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

const partKey = (id: string, at: number): string => `${BODY_PART}${id}:${at}`;

function storedEntry(entry: OutboxEntry): [string, string][] {
  const parts = partsOf(entry.body);
  if (parts.length === 0) return [[OPERATION + entry.id, JSON.stringify(entry)]];
  const short = { ...entry, body: '', bodyParts: parts.length };
  return [
    ...parts.map((part, at): [string, string] => [partKey(entry.id, at), part]),
    [OPERATION + entry.id, JSON.stringify(short)],
  ];
}

const connectionPart = (environment: string, at: number): string => `${CONNECTION_PART}${environment}:${at}`;

/** An environment may have more services, with their operators, than a property has room for. */
function storedConnection(one: Connection): [string, string][] {
  const whole = JSON.stringify(one);
  const parts = partsOf(whole);
  if (parts.length === 0) return [[CONNECTION + one.environment, whole]];
  return [
    ...parts.map((part, at): [string, string] => [connectionPart(one.environment, at), part]),
    [CONNECTION + one.environment, JSON.stringify({ parts: parts.length })],
  ];
}

const partsOnly = z.object({ parts: z.number() });

function wholeConnections(all: Record<string, string>): Record<string, string> {
  const whole = Object.entries(all).flatMap(([key, value]): [string, string][] => {
    if (!key.startsWith(CONNECTION)) return [];
    const stored = z.safeParse(partsOnly, fromJson(value));
    if (!stored.success) return [[key, value]];
    const environment = key.slice(CONNECTION.length);
    const text = joined(stored.data.parts, (at) => all[connectionPart(environment, at)]);
    return [[key, text ?? value]];
  });
  return Object.fromEntries(whole);
}

/** Without all of its body it is not sent again, only asked after. */
function wholeEntry(all: Record<string, string>, stored: z.output<typeof entrySchema>): OutboxEntry {
  const { bodyParts, ...entry } = stored;
  if (bodyParts === undefined) return entry;
  return { ...entry, body: joined(bodyParts, (at) => all[partKey(entry.id, at)]) ?? '' };
}

export function createStore(properties: () => Properties = () => PropertiesService.getUserProperties()): Store {
  /** Of the entries that this execution has met: in how many parts their bodies are kept. */
  const parts = new Map<string, number>();
  return {
    load() {
      const all = properties().getProperties() as Record<string, string>;
      const gone = allOf(all, GONE, z.array(z.string())).flat();
      return {
        gone,
        connections: allOf(wholeConnections(all), CONNECTION, connection),
        entries: allOf(all, OPERATION, entrySchema)
          .map((stored) => {
            if (stored.bodyParts) parts.set(stored.id, stored.bodyParts);
            return wholeEntry(all, stored);
          })
          .filter(({ id }) => !gone.includes(id))
          .sort((a, b) => a.at - b.at),
        sheets: allOf(all, SHEET, sheetSchema).sort((a, b) => (a.id < b.id ? -1 : 1)),
        control: all[CONTROL] ?? '',
        boards(spreadsheetId) {
          const known = z.safeParse(boardsRecord, fromJson(all[BOARDS + spreadsheetId]));
          return known.success ? known.data : undefined;
        },
        isBoardEdited: (spreadsheetId) => all[EDITED + spreadsheetId] !== undefined,
        notes: (spreadsheetId) => allOf(all, `${NOTE}${spreadsheetId}:`, sheetNote).sort((a, b) => a.at - b.at),
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
    putEntries(entries, notes = []) {
      if (entries.length === 0 && notes.length === 0) return;
      for (const { id, body } of entries) if (partsOf(body).length > 0) parts.set(id, partsOf(body).length);
      properties().setProperties(
        Object.fromEntries([
          ...entries.flatMap(storedEntry),
          ...notes.map((note) => [noteKey(note), JSON.stringify(note)]),
        ]),
      );
    },
    removeEntry: (id) => {
      for (let at = 0; at < (parts.get(id) ?? 0); at += 1) properties().deleteProperty(partKey(id, at));
      properties().deleteProperty(OPERATION + id);
    },
    removeEntries(ids) {
      const [first, ...others] = ids;
      if (first === undefined) return;
      if (others.length > 0) properties().setProperty(GONE + first, JSON.stringify(ids));
      for (const id of ids) this.removeEntry(id);
      if (others.length > 0) properties().deleteProperty(GONE + first);
    },
    hasEntry: (id) => properties().getProperty(OPERATION + id) !== null,
    putConnections(connections) {
      if (connections.length === 0) return;
      properties().setProperties(Object.fromEntries(connections.flatMap(storedConnection)));
    },
    putSheet: (record) => {
      properties().setProperty(SHEET + record.id, JSON.stringify(record));
    },
    removeSheet(id) {
      for (const prefix of [SHEET, CONFIRM, UNSEEN, BOARDS, EDITED]) properties().deleteProperty(prefix + id);
      properties().deleteProperty(`${UNSEEN}${id}/${PICKS_TAB}`);
      const notes = Object.keys(properties().getProperties()).filter((key) => key.startsWith(`${NOTE}${id}:`));
      for (const key of notes) properties().deleteProperty(key);
    },
    putControl: (id) => {
      properties().setProperty(CONTROL, id);
    },
    putConfirmations(spreadsheetId, confirmations) {
      if (confirmations.length === 0) properties().deleteProperty(CONFIRM + spreadsheetId);
      else properties().setProperty(CONFIRM + spreadsheetId, JSON.stringify(confirmations.slice(-MOST_CONFIRMATIONS)));
    },
    putBoards: (spreadsheetId, record) => {
      properties().setProperty(BOARDS + spreadsheetId, JSON.stringify(record));
    },
    markBoardEdited: (spreadsheetId) => {
      properties().setProperty(EDITED + spreadsheetId, '1');
    },
    clearBoardEdited: (spreadsheetId) => {
      properties().deleteProperty(EDITED + spreadsheetId);
    },
    removeNotes: (notes) => {
      for (const note of notes) properties().deleteProperty(noteKey(note));
    },
    putUnseen(spreadsheetId, unseen) {
      if (Object.keys(unseen).length === 0) properties().deleteProperty(UNSEEN + spreadsheetId);
      else properties().setProperty(UNSEEN + spreadsheetId, JSON.stringify(unseen));
    },
  };
}
