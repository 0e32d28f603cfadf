import * as z from 'zod/mini';
import type { ServiceNames } from '../../../contract/sync-answer.ts';

/** What the script knows of one environment. It holds the client's secret: it never leaves the User Properties. */
export interface Connection extends z.output<typeof storedConnection> {
  /** The names that rows may call its services by, as the last answer told them. They only say where a row belongs. */
  readonly names: ServiceNames;
}

const access = {
  apiUrl: z.string().check(z.regex(/^https:\/\/[^\s/]+$/, 'It must be an https URL without a path.')),
  tokenUrl: z.string().check(z.regex(/^https:\/\/\S+$/, 'It must be an https URL.')),
  clientId: z.string().check(z.minLength(1)),
  clientSecret: z.string().check(z.minLength(1)),
};

export const storedConnection = z.object({
  environment: z.string(),
  ...access,
  /** As it was when it was connected: no later answer can claim that real users are behind it. */
  isProduction: z._default(z.boolean(), false),
});
export type StoredConnection = z.output<typeof storedConnection>;

export const NO_NAMES: ServiceNames = { hash: '', services: [], groups: [] };

const email = z.string().check(z.regex(/^\S+@\S+$/, 'It must be an e-mail address.'));

/** The block that `connect()` takes from the Script Property CONNECT, once. */
export const connectBlock = z.object({
  /** The account that owns the script: nobody else may connect it. */
  controller: email,
  /** Who may work the control spreadsheet. */
  admins: z._default(z.array(email), []),
  environments: z
    .record(z.string(), z.object({ ...access, production: z.optional(z.boolean()) }))
    .check(z.refine((all) => Object.keys(all).length > 0)),
});
export type ConnectBlock = z.output<typeof connectBlock>;
