import * as z from 'zod/mini';
import { isoInstant } from './time.ts';

/**
 * `POST /rundowns/{spreadsheetId}/sync`: one exchange of script and server. The script sends the rows that it read and who
 * was seen to edit them; the server answers what the cells should say. Fields that are not known are ignored, so that
 * either end may be newer.
 */

/** Servers speak this one and the one before it. */
export const PROTOCOL = 1;
/** The largest body of a sync in bytes. */
export const MAX_SYNC_BYTES = 1024 * 1024;
/** `readAt` may be this much before and after the server's clock. */
export const OLDEST_READ_MS = 60_000;
export const FUTURE_READ_MS = 10_000;
/** A Go counts this long after its event was seen. */
export const AUTHORITY_MS = 2 * 60_000;

const text = z.string('It must be text.');

/** What a cell with a time says: as people see it, and the instant that it stands for if it is a date with a time. */
export const cellTime = z.object({
  text,
  /** In the sheet's zone, as Apps Script reads it. */
  at: z.optional(isoInstant),
});
export type CellTime = z.output<typeof cellTime>;

/** Our own columns, as they stand. Times are ISO 8601 where the cell holds a date, else as people see them. */
const ownCells = {
  status: text,
  result: text,
  started: text,
  finished: text,
  by: text,
  operation: text,
};

/** A row of the rundown that names a Service or an Action; the texts as people see them. */
export const stepRow = z.object({
  /** As the sheet counts: the header is row 1. */
  row: z.int().check(z.gte(2)),
  step: text,
  plannedStart: cellTime,
  service: text,
  action: text,
  ...ownCells,
});
export type StepRow = z.output<typeof stepRow>;

/** A row of the tab Services. Its Action is what was picked in *Do now*, or a title of `rehearsal.ts`; blank if nothing is. */
export const pickRow = z.object({ row: z.int().check(z.gte(2)), service: text, action: text, ...ownCells });
export type PickRow = z.output<typeof pickRow>;

/** A line of the tab Allowlist. */
export const allowlistLine = z.object({
  row: z.int().check(z.gte(2)),
  address: text,
  who: text,
  until: cellTime,
  /** Names, divided by commas; blank for every service. */
  services: text,
});
export type AllowlistLine = z.output<typeof allowlistLine>;

export const TABS = ['rundown', 'services'] as const;
export type SyncTab = (typeof TABS)[number];

/** An edit event: the only authority that there is. */
export const editEvent = z.object({
  tab: z.enum(TABS),
  /** Whom Google named; blank if it named nobody. */
  by: text,
  /** What was typed, if the event says so: of a single cell only. */
  typed: z.optional(text),
  /** The rows that it covered, as they are numbered in this read. */
  rows: z.array(z.int()),
  /** Status, or *Do now* in the tab Services, was among the cells. */
  coversStatus: z.boolean(),
  /** One of Step, Planned start, Service, Action was among the cells. */
  coversPlan: z.boolean(),
  /** When the event was seen. The same on every resend. */
  seenAt: isoInstant,
});
export type EditEvent = z.output<typeof editEvent>;

export const CAUSES = ['edit', 'tick', 'poll', 'retire'] as const;

export const syncRequest = z.object({
  protocol: z.int(),
  /** The same on every resend. */
  syncId: text.check(z.minLength(1, 'It must not be empty.'), z.maxLength(64, 'It may have 64 characters at most.')),
  /** Taken before the rows were read; for a poll, when it was sent. */
  readAt: isoInstant,
  cause: z.enum(CAUSES),
  edit: z.optional(editEvent),
  sheet: z.object({ name: text, timeZone: text, locale: text }),
  /** The names of services that the script knows; they are told again only if they differ. */
  namesHash: z._default(text, ''),
  /** Who asks to retire the sheet; only with that cause. */
  by: z.optional(text),
  /** Each is a {@link stepRow}; one that is not is named in the answer, and the others are served. */
  steps: z.optional(z.array(z.unknown())),
  /** Each is a {@link pickRow}. */
  picks: z.optional(z.array(z.unknown())),
  /** Each is an {@link allowlistLine}. Left out by a sync that did not read the tab. */
  allowlist: z.optional(z.array(z.unknown())),
});
export type SyncRequest = z.output<typeof syncRequest>;

/** What the cells of one row should say. Times are ISO 8601; the others are literal text. */
export const answerCells = z.object({
  status: z.optional(text),
  result: z.optional(text),
  started: z.optional(text),
  finished: z.optional(text),
  by: z.optional(text),
  operation: z.optional(text),
  /** Empties *Do now*: only of the tab Services. */
  pick: z.optional(z.literal('')),
});
export type AnswerCells = z.output<typeof answerCells>;

/** For which row an answer was decided: a row that says otherwise by now is left alone, and sent again. */
export const basis = z.object({
  row: z.int(),
  step: text,
  plannedStart: cellTime,
  service: text,
  action: text,
  /** What Status and Operation may say: as they were read, or as the last answer left them. */
  was: z.array(z.object({ status: text, operation: text })),
});
export type Basis = z.output<typeof basis>;

export const rowAnswer = z.object({ tab: z.enum(TABS), basis, cells: answerCells });
export type RowAnswer = z.output<typeof rowAnswer>;

export const serviceNames = z.object({
  hash: text,
  services: z.array(z.object({ name: text, title: text })),
  groups: z.array(z.object({ name: text, title: text, services: z.array(text) })),
});
export type ServiceNames = z.output<typeof serviceNames>;

export const syncAnswer = z.object({
  protocol: z.int(),
  environment: text,
  /** Real users are behind it. Where two environments claim a name, production wins. */
  production: z.boolean(),
  /** Grows with every answer of this sheet: an older answer is never applied over a newer one. */
  sequence: z.number(),
  rows: z.array(rowAnswer),
  /** Rows that were not understood, each with what is wrong. */
  ignored: z._default(z.array(z.object({ row: z.optional(z.number()), message: text })), []),
  banner: z.object({
    /** The sheet's banner may say Connected until then. */
    connectedUntil: isoInstant,
    /** How each service of the sheet stands now, a line each. Left out of a poll's answer: what stands there stays. */
    now: z.optional(text),
    /** The first step that was not run yet, and when it is planned. */
    next: z.optional(z.object({ step: text, at: isoInstant })),
  }),
  /** When the script should sync this sheet again: at once while something runs, seldom while its night is far. */
  again: z.object({ afterMs: z.number() }),
  /** Grows when the tables of the sheet (Services, Audit, Check) would say something else. */
  tables: z.object({ version: z.number() }),
  names: z.optional(serviceNames),
  /** Its night is long over, or it was retired: nothing set in it will run. */
  retired: z._default(z.boolean(), false),
});
export type SyncAnswer = z.output<typeof syncAnswer>;

/** `GET /rundowns/{spreadsheetId}/tables`: tables that the server makes up and the script writes. */
export const tableCell = z.union([z.string(), z.number(), z.object({ at: isoInstant })]);
export type TableCell = z.output<typeof tableCell>;

export const table = z.object({
  /** The header of each column that the table fills in. Other columns are not touched. */
  headers: z.array(text),
  /** The header of the column that tells rows apart; a row keeps its place. Without it the rows stand in this order. */
  key: z.optional(text),
  rows: z.array(z.array(tableCell)),
});
export type Table = z.output<typeof table>;

export const tablesAnswer = z.object({
  environment: text,
  version: z.number(),
  services: table,
  audit: table,
  /** Beside each line of the Allowlist that was sent: for which address it was said, and what it is worth here. */
  check: z.array(z.object({ row: z.int(), address: text, says: text })),
  /** How long the board may be counted on. */
  goodUntil: isoInstant,
});
export type TablesAnswer = z.output<typeof tablesAnswer>;

/** What a step is known by when it carries no operation: equal for rows that plan the same. */
export const planKey = (row: Pick<StepRow, 'step' | 'plannedStart' | 'service' | 'action'>): string =>
  JSON.stringify([row.step, row.plannedStart.at ?? row.plannedStart.text, row.service, row.action]);
