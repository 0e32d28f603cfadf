import * as z from 'zod/mini';
import { spreadsheetId } from '../../../contract/operation.ts';
import { parse } from '../../../contract/parse.ts';
import { MAX_SYNC_BYTES } from '../../../contract/sync.ts';
import { syncRequest } from '../../../contract/sync-request.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import { syncRundown } from '../rundown/sync.ts';
import { tablesOf } from '../rundown/tables.ts';
import type { TokenRoutes } from './dependencies.ts';
import { type HttpEvent, readJson, respond } from './http.ts';

/** What the script of a release sheet calls, with the sheet's token. */

const pathOfRundown = z.strictObject({ id: spreadsheetId });
const idOf = ({ pathParameters }: HttpEvent): string => parse(pathOfRundown, { id: pathParameters?.id }).id;

export const RUNDOWN_ROUTES: TokenRoutes<'POST /rundowns/{id}/sync' | 'GET /rundowns/{id}/tables'> = {
  async 'POST /rundowns/{id}/sync'(deps, event) {
    const request = parse(syncRequest, readJson(event, MAX_SYNC_BYTES));
    const id = idOf(event);
    const [known, rundown] = await Promise.all([knowingOrphans(deps), deps.rundowns.load(id)]);
    return respond(200, await syncRundown(known, id, request, rundown));
  },

  async 'GET /rundowns/{id}/tables'(deps, event) {
    return respond(200, await tablesOf(await knowingOrphans(deps), idOf(event)));
  },
};
