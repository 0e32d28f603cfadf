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

/** What a cell with a time says: as people see it, and the instant that it stands for if it is a date with a time. */
export const cellTime = z.object({
  text: z.string('It must be text.'),
  /** In the sheet's zone, as Apps Script reads it. */
  at: z.optional(isoInstant),
});
export type CellTime = z.output<typeof cellTime>;

export const TABS = ['rundown', 'services'] as const;
export type SyncTab = (typeof TABS)[number];

export const CAUSES = ['edit', 'tick', 'poll', 'retire'] as const;

/** What the columns of people plan. */
export interface Plan {
  readonly step: string;
  readonly plannedStart: CellTime;
  readonly service: string;
  readonly action: string;
}

/** What a step is known by when it carries no operation: equal for rows that plan the same. */
export const planKey = (row: Plan): string =>
  JSON.stringify([row.step, row.plannedStart.at ?? row.plannedStart.text, row.service, row.action]);
