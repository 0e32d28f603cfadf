import * as z from 'zod/mini';
import type { AuditEntry } from '../../../contract/audit.ts';
import { isoInstant } from '../../../contract/operation.ts';
import { parse } from '../../../contract/parse.ts';
import type { IamRoutes } from './dependencies.ts';
import { respond } from './http.ts';

const MOST_ENTRIES = 1_000;
/** Lambda answers 6 MB at most, as JSON within JSON. */
const MOST_BYTES = 4_000_000;

const query = z.strictObject({ since: z.optional(isoInstant) });

export const AUDIT_ROUTE: IamRoutes<'GET /audit'> = {
  async 'GET /audit'({ store, environment }, event) {
    const { since } = parse(query, event.queryStringParameters ?? {});
    const from = since === undefined ? '' : new Date(since).toISOString();
    const newest = await store.auditOfAll(from, MOST_ENTRIES);
    const entries = newestThatFit(newest.entries);
    // Older ones are there, and are not told.
    return respond(200, { environment, entries, isCut: entries.length < newest.found });
  },
};

function newestThatFit(entries: readonly AuditEntry[]): AuditEntry[] {
  let room = MOST_BYTES;
  const cut = entries.findLastIndex((entry) => {
    room -= Buffer.byteLength(JSON.stringify(entry)) + 1;
    return room < 0;
  });
  return entries.slice(cut + 1);
}
