import * as z from 'zod/mini';
import { CAUSES, cellTime, TABS } from './sync.ts';
import { isoInstant } from './time.ts';

/** What the script sends. Only servers read it: no execution of the script builds these schemas. */

const text = z.string('It must be text.');

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
