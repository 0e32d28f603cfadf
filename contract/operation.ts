import * as z from 'zod/mini';
import { allowlistEntries } from './allowlist.ts';
import { ACTIONS, type Action, type Mode } from './modes.ts';
import { isoInstant } from './time.ts';

/** The largest request body in bytes that is read at all. */
export const MAX_BODY_BYTES = 64 * 1024;

/** `requestedAt` may be this much before and after the server's clock, in milliseconds (DESIGN D4). */
export const OLDEST_REQUEST_MS = 5 * 60_000;
export const FUTURE_REQUEST_MS = 60_000;

export const text = (what: string, longest: number) =>
  z
    .string(`It must be text: ${what}.`)
    .check(
      z.minLength(1, `It must not be empty: ${what}.`),
      z.maxLength(longest, `It may have ${longest} characters at most.`),
    );

/** What an operation tells as its step that was picked in *Do now*, in the tab Services of a release sheet. */
export const DO_NOW_STEP = 'Services';

export const operationId = z
  .string('It must be text.')
  .check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{3,63}$/, 'It must be 4 to 64 letters, digits, - or _.'));

export const serviceName = z
  .string('It must be text.')
  .check(
    z.regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      'It must be a service name: up to 40 lower-case letters, digits and -, beginning with a letter.',
    ),
  );

const person = z
  .string('It must be text.')
  .check(
    z.maxLength(254, 'It may have 254 characters at most.'),
    z.regex(/^[^\s@]+@[^\s@]+$/, 'It must be the e-mail address of a person.'),
  );

/** Where an operation came from. Over the bearer-token route that is always a sheet. */
export const spreadsheetId = text('the id of the release sheet', 128);
export const LONGEST_STEP = 64;
export const step = text('the step of the rundown', LONGEST_STEP);
export const sheetSource = z.strictObject({ kind: z.literal('sheet'), spreadsheetId, step });

/** One operation of a step, in a person's name. */
export const operationRequest = z.strictObject({
  operationId,
  service: serviceName,
  action: z.enum(ACTIONS),
  requestedBy: person,
  requestedAt: isoInstant,
  source: sheetSource,
  plannedEnd: z.optional(isoInstant),
  /** Ranges as text, or `{ range, who?, until? }`. */
  allowlist: z.optional(allowlistEntries),
  reason: z.optional(text('why', 256)),
  dryRun: z.optional(z.boolean('It must be true or false.')),
  takeOver: z.optional(z.boolean('It must be true or false.')),
});

/** Which door it came through. Only a sheet has an id and steps. */
interface Elsewhere {
  readonly spreadsheetId?: undefined;
  readonly step?: undefined;
}
export type OperationSource =
  | z.output<typeof sheetSource>
  | ({ readonly kind: 'break-glass' } & Elsewhere)
  | ({ readonly kind: 'slack'; readonly channel: string } & Elsewhere)
  /** Through Amazon Q Developer: the channel is known, the person is not. */
  | ({ readonly kind: 'chat-channel'; readonly channel: string } & Elsewhere);

/** One operation as `operate()` takes it from every caller. */
export type OperationRequest = Omit<z.output<typeof operationRequest>, 'source'> & { source: OperationSource };

/** *Refused* was never committed. The others were: WAF has not yet, has, or is proven to have taken them. */
export const OPERATION_STATES = ['refused', 'pending', 'accepted', 'verified', 'superseded'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

export const isFinal = (state: OperationState): boolean =>
  state === 'refused' || state === 'verified' || state === 'superseded';

export type { Action, Mode };
export { isoInstant };
