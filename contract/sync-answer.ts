import * as z from 'zod/mini';
import { cellTime, TABS } from './sync.ts';
import { isoInstant } from './time.ts';

/** What servers answer. Only the script reads it: a function builds none of these schemas when it starts. */

const text = z.string();

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
