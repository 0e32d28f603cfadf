import * as z from 'zod/mini';
import { bytesAtMost } from '../long-values.ts';

/** What the sheet itself did, which no API knows: for its audit. */
export const sheetNote = z.object({
  spreadsheetId: z.string(),
  /** Of the armed step; its operation has the same. */
  id: z.string(),
  what: z.enum(['Armed', 'Moved', 'Disarmed']),
  /** Milliseconds since the epoch. */
  at: z.number(),
  who: z.string(),
  step: z.string(),
  service: z.string(),
  action: z.string(),
  /** Milliseconds since the epoch: when it is to run. */
  plannedAt: z.optional(z.number()),
  details: z.string(),
});
export type SheetNote = z.output<typeof sheetNote>;

/** What is remembered of a sheet's boards. A property holds 9 KB. */
export const boardsRecord = z.object({
  /** When they are to be made up again. Milliseconds since the epoch. */
  dueAt: z.number(),
  /** The audit tab as we left it: whether anybody wrote into it since. */
  audit: z.optional(z.object({ lines: z.number(), sum: z.number() })),
  /** By environment, from when on its audit is asked for: what lies before it is in the tab. ISO 8601. */
  since: z._default(z.record(z.string(), z.string()), {}),
  /** By service, when this sheet first did something to it. ISO 8601. */
  touched: z._default(z.record(z.string(), z.string()), {}),
  /** The newest notes that are in the audit tab, in case that it has to be written anew. */
  notes: z._default(z.array(sheetNote), []),
  /** Services that this sheet holds and whose testers are let in, with when that was asked for last. ISO 8601. */
  testersIn: z._default(z.record(z.string(), z.string()), {}),
});
export type BoardsRecord = z.output<typeof boardsRecord>;

const MOST_NOTES_BYTES = 6_000;

/** The newest that there is room for, each once. */
export function keptNotes(notes: readonly SheetNote[]): SheetNote[] {
  const unique = [...new Map(notes.map((note) => [`${note.id} ${note.what} ${note.at}`, note])).values()];
  while (bytesAtMost(JSON.stringify(unique)) > MOST_NOTES_BYTES) unique.shift();
  return unique;
}

export const FRESH_RECORD: BoardsRecord = { dueAt: 0, since: {}, touched: {}, notes: [], testersIn: {} };
