import * as z from 'zod/mini';

/** What the script knows of one environment. It holds the client's secret: it never leaves the User Properties. */
export const connection = z.object({
  environment: z.string(),
  apiUrl: z.string().check(z.regex(/^https:\/\/[^\s/]+$/, 'It must be an https URL without a path.')),
  tokenUrl: z.string().check(z.regex(/^https:\/\/\S+$/, 'It must be an https URL.')),
  clientId: z.string().check(z.minLength(1)),
  clientSecret: z.string().check(z.minLength(1)),
  /** What `GET /services` told last. */
  isProduction: z._default(z.boolean(), false),
  services: z._default(
    z.array(z.object({ name: z.string(), title: z.string(), operators: z._default(z.array(z.string()), []) })),
    [],
  ),
  groups: z._default(z.array(z.object({ name: z.string(), title: z.string(), services: z.array(z.string()) })), []),
});
export type Connection = z.output<typeof connection>;

/** The block that `connect()` takes from the Script Property CONNECT, once. */
export const connectBlock = z.object({
  environments: z
    .record(z.string(), z.omit(connection, { environment: true, isProduction: true, services: true, groups: true }))
    .check(z.refine((all) => Object.keys(all).length > 0)),
});
