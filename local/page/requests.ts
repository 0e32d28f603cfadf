import * as z from 'zod/mini';
import { parseRange } from './a1.ts';

/** What the page's HTTP face takes, field by field. Rows and columns count from 1. */

/** The most characters that a cell of Google Sheets holds. */
const LONGEST_CELL = 50_000;
/** The most rows that one change may insert or delete. */
const MOST_ROWS = 1_000;
/** One year: a slip of some digits should not age every token and trigger by decades. */
const FURTHEST_MOVE_MS = 366 * 24 * 3_600_000;

const name = (what: string) =>
  z.string(`It must be text: ${what}.`).check(z.minLength(1, `It must not be empty: ${what}.`), z.maxLength(200));

const spreadsheet = z.optional(name('the id of a spreadsheet, as GET /api/spreadsheets tells it'));
const sheet = name('the name of a tab, such as Rundown');
const user = z
  .string('It must be text: an e-mail address, or empty for somebody whom the sheet does not name.')
  .check(
    z.maxLength(254),
    z.regex(
      /^$|^[^\s@]+@[^\s@]+$/,
      'It must be an e-mail address, or empty for somebody whom the sheet does not name.',
    ),
  );

const CELL_HELP = 'It must be text, a number, true, false, or null for an empty cell.';

const cell = z.union([
  z.string(CELL_HELP).check(z.maxLength(LONGEST_CELL, `A cell holds ${LONGEST_CELL} characters at most.`)),
  z.number(CELL_HELP),
  z.boolean(CELL_HELP),
  z.null(CELL_HELP),
]);

const rowsRevision = z.optional(
  z.int('It must be the rowsRevision that GET /api/sheets/{tab} told with the rows.').check(z.gte(0)),
);

const RANGE_HELP = 'It must be cells in A1 notation with the top left one first, such as G3 or G3:H4.';
const shapeOf = (rows: number, columns: number) => `${rows} row${rows === 1 ? '' : 's'} of ${columns}`;

/** `POST /api/edits` */
export const editRequest = z
  .strictObject({
    spreadsheet,
    sheet,
    range: z.string(RANGE_HELP).check(z.refine((text) => parseRange(text) !== undefined, RANGE_HELP)),
    values: z.array(z.array(cell, 'It must be a list of cells.'), 'It must be a list of rows: [["Go"]] for one cell.'),
    user,
    rowsRevision,
  })
  .check(
    z.superRefine(({ range, values }, context) => {
      const shape = parseRange(range);
      if (!shape) return;
      const { rows, columns } = shape;
      if (values.length === rows && values.every((row) => row.length === columns)) return;
      const message = `${range} needs ${shapeOf(rows, columns)}: give as many values as the range has cells.`;
      context.addIssue({ code: 'custom', path: ['values'], message, input: values });
    }),
  );

const position = (what: string) => z.optional(z.int(`It must be ${what}, from 1.`).check(z.gte(1), z.lte(10_000_000)));

/** `POST /api/rows` */
export const rowsRequest = z
  .strictObject({
    spreadsheet,
    sheet,
    kind: z.enum(['insert', 'delete', 'sort']),
    row: position('the number of a row'),
    count: z.optional(z.int().check(z.gte(1), z.lte(MOST_ROWS))),
    column: position('the number of a column'),
    user,
    rowsRevision,
  })
  .check(
    z.superRefine((change, context) => {
      const field = change.kind === 'sort' ? 'column' : 'row';
      if (change[field] !== undefined) return;
      const message = `A ${change.kind} needs it: the number of the ${field}, from 1.`;
      context.addIssue({ code: 'custom', path: [field], message, input: undefined });
    }),
  );

/** `POST /api/undo` */
export const undoRequest = z.strictObject({ spreadsheet, undo: name('what an edit or a change of rows told'), user });

const INSTANT_HELP = 'It must be an ISO 8601 time in UTC such as 2026-11-22T02:00:00Z, or milliseconds since 1970.';

/** `POST /api/clock` */
export const clockRequest = z
  .strictObject({
    now: z.optional(z.union([z.iso.datetime(INSTANT_HELP), z.int(INSTANT_HELP).check(z.gte(0), z.lte(8.64e15))])),
    advanceMs: z.optional(
      z
        .int('It must be a whole number of milliseconds, from 1.')
        .check(
          z.gte(1, 'It must be at least 1: the clock can only be moved forward.'),
          z.lte(FURTHEST_MOVE_MS, `It must be at most ${FURTHEST_MOVE_MS}, which is a year.`),
        ),
    ),
  })
  .check(
    z.superRefine(({ now, advanceMs }, context) => {
      if ((now === undefined) !== (advanceMs === undefined)) return;
      const message = 'Give either now or advanceMs.';
      context.addIssue({ code: 'custom', path: ['now'], message, input: now });
    }),
  );

/** `POST /api/spreadsheets/{id}/copy` */
export const copyRequest = z.strictObject({
  name: z.optional(name('what the copy is to be called')),
  user: z.optional(user),
});

/** `POST /api/run`. A script always runs as somebody. */
export const runRequest = z.strictObject({
  user: z.optional(user.check(z.minLength(1, 'It must be an e-mail address: a script always runs as somebody.'))),
  function: z
    .string('It must be the name of a function of the script, such as onMinute.')
    .check(z.regex(/^[A-Za-z_$][\w$]{0,99}$/, 'It must be the name of a function of the script, such as onMinute.')),
});

/** `GET /api/visit`. Two slashes would begin another host. */
export const visitQuery = z.strictObject({
  service: name('the name of a service'),
  target: z.optional(name('a target of the service')),
  as: z.enum(['public', 'tester']),
  path: z.optional(
    z
      .string()
      .check(z.maxLength(2_000), z.regex(/^\/(?![/\\])[\x21-\x7e]*$/, 'It must be a path that begins with one /.')),
  ),
  accept: z.optional(z.string().check(z.regex(/^[\x20-\x7e]{1,200}$/, 'It must be a media type such as text/html.'))),
});

const slackUser = name('the id of a person in Slack');

/** `POST /api/slack` */
export const slackRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('command'),
    environment: name('the name of an environment'),
    userId: slackUser,
    text: z.string().check(z.maxLength(2_000)),
  }),
  z.strictObject({
    kind: z.literal('press'),
    environment: name('the name of an environment'),
    userId: slackUser,
    ts: name('the ts of a message'),
    button: name('the action_id of a button'),
  }),
  z.strictObject({
    kind: z.literal('submit'),
    environment: name('the name of an environment'),
    userId: slackUser,
    fields: z.record(z.string(), z.string().check(z.maxLength(2_000))),
  }),
]);

/** `GET /api/hops` */
export const hopsQuery = z.strictObject({
  since: z.optional(
    z
      .string()
      .check(z.regex(/^\d{1,16}$/, 'It must be milliseconds since 1970 on the local clock, such as a hop’s at.')),
  ),
});

export const spreadsheetQuery = z.strictObject({ spreadsheet });
export const noQuery = z.strictObject({});
export const tokenQuery = z.strictObject({ environment: name('the name of an environment') });
