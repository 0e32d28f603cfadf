import * as z from 'zod/mini';
import { parse } from '../../contract/parse.ts';

/**
 * What the runtime takes the real platform to do where the documentation leaves it open, each with where the belief comes
 * from. A recording of the controller's `selfTest()` takes their place, one by one.
 */

const flag = z.optional(z.boolean());

const recordingSchema = z.strictObject({
  /** Whether the event of a paste, also into one cell, carries `value` and `oldValue`. */
  pasteCarriesValue: flag,
  /** Whether the event of a cleared cell carries `value`, as an empty text. */
  clearCarriesValue: flag,
  rowInsertFiresEdit: flag,
  rowDeleteFiresEdit: flag,
  sortFiresEdit: flag,
  undoFiresEdit: flag,
  scriptWriteFiresEdit: flag,
  readsCachedUntilFlush: flag,
  /** Whether the event names nobody if the person is of another domain than the trigger's owner. */
  userBlankOutsideDomain: flag,
  dateCellReadsAs: z.optional(z.enum(['Date', 'number'])),
  /** How often a trigger of every minute fires. */
  tickEverySeconds: z.optional(z.number().check(z.positive())),
  /** Whether a script's write into a cell that rejects it throws. */
  scriptWriteObeysValidation: flag,
  pasteObeysValidation: flag,
  /** Whether people who may not edit a protected range may insert a row into it. */
  rowInsertObeysProtection: flag,
  /** A wall time that the clocks skip: read by the zone's offset before the change (later), or after it (earlier). */
  skippedHourReadsAs: z.optional(z.enum(['later', 'earlier'])),
  /** A wall time that the clocks show twice. */
  repeatedHourReadsAs: z.optional(z.enum(['first', 'second'])),
});

export type Recording = z.infer<typeof recordingSchema>;
export type Quirks = { readonly [K in keyof Recording]-?: NonNullable<Recording[K]> };

interface Belief<T> {
  readonly believed: T;
  readonly source: string;
}

const EVENTS = 'https://developers.google.com/apps-script/guides/triggers/events';
const INSTALLABLE = 'https://developers.google.com/apps-script/guides/triggers/installable';

const BELIEFS: { readonly [K in keyof Quirks]: Belief<Quirks[K]> } = {
  pasteCarriesValue: {
    believed: false,
    source: `${EVENTS}: only if the edited range is a single cell; reports for a paste`,
  },
  clearCarriesValue: { believed: false, source: `reports; ${EVENTS} does not say` },
  rowInsertFiresEdit: { believed: false, source: `${INSTALLABLE}: a change in structure is onChange` },
  rowDeleteFiresEdit: { believed: false, source: `${INSTALLABLE}: a change in structure is onChange` },
  sortFiresEdit: { believed: false, source: 'a guess' },
  undoFiresEdit: { believed: true, source: 'a guess' },
  scriptWriteFiresEdit: { believed: false, source: `${INSTALLABLE}: script executions do not cause triggers to run` },
  readsCachedUntilFlush: { believed: true, source: 'reports; the documentation only tells of bundled writes' },
  userBlankOutsideDomain: { believed: true, source: `${EVENTS}: depends on a complex set of security restrictions` },
  dateCellReadsAs: {
    believed: 'Date',
    source: 'https://developers.google.com/apps-script/reference/spreadsheet/range#getValues',
  },
  tickEverySeconds: { believed: 60, source: `${INSTALLABLE}: everyMinutes(1), the time may be slightly randomized` },
  scriptWriteObeysValidation: {
    believed: true,
    source:
      'several reports of the exception "violates the data validation rules set on this cell"; one page denies it',
  },
  pasteObeysValidation: { believed: false, source: 'reports: a paste brings its own rule, or none' },
  rowInsertObeysProtection: {
    believed: true,
    source: 'reports of editors who cannot insert rows through protected columns',
  },
  skippedHourReadsAs: { believed: 'later', source: 'as java.time and JavaScript do' },
  repeatedHourReadsAs: { believed: 'first', source: 'as java.time and JavaScript do' },
};

/** Every belief, for docs and for the self-test to be held against. */
export const QUIRKS = Object.entries(BELIEFS).map(([id, belief]) => ({ id: id as keyof Quirks, ...belief }));

/** What is believed, but for what was recorded. @throws ProblemError - The recording has a quirk that is not known here. */
export function quirksOf(recording: unknown = {}): Quirks {
  const believed = Object.fromEntries(QUIRKS.map(({ id, believed }) => [id, believed])) as unknown as Quirks;
  return { ...believed, ...parse(recordingSchema, recording) };
}
