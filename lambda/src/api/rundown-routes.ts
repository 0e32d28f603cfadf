import * as z from 'zod/mini';
import { spreadsheetId } from '../../../contract/operation.ts';
import { parse } from '../../../contract/parse.ts';
import { MAX_SYNC_BYTES, syncRequest } from '../../../contract/sync.ts';
import type { RundownDependencies } from '../rundown/dependencies.ts';
import { syncRundown } from '../rundown/sync.ts';
import { tablesOf } from '../rundown/tables.ts';
import { type HttpEvent, type HttpResult, readJson, respond } from './http.ts';

/** What the script of a release sheet calls, with the sheet's token. */

const pathOfRundown = z.strictObject({ id: spreadsheetId });
const idOf = ({ pathParameters }: HttpEvent): string => parse(pathOfRundown, { id: pathParameters?.id }).id;

export const RUNDOWN_ROUTES = {
  async 'POST /rundowns/{id}/sync'(deps: RundownDependencies, event: HttpEvent): Promise<HttpResult> {
    const request = parse(syncRequest, readJson(event, MAX_SYNC_BYTES));
    return respond(200, await syncRundown(deps, idOf(event), request));
  },

  async 'GET /rundowns/{id}/tables'(deps: RundownDependencies, event: HttpEvent): Promise<HttpResult> {
    return respond(200, await tablesOf(deps, idOf(event)));
  },
};
