import * as z from 'zod/mini';
import { spreadsheetId } from '../../../contract/operation.ts';
import { parse } from '../../../contract/parse.ts';
import { MAX_SYNC_BYTES, syncRequest } from '../../../contract/sync.ts';
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
    return respond(200, await syncRundown(deps, idOf(event), request));
  },

  async 'GET /rundowns/{id}/tables'(deps, event) {
    return respond(200, await tablesOf(deps, idOf(event)));
  },
};
