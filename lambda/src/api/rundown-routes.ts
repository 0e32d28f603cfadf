import { problem } from '../../../contract/problem.ts';
import { MAX_SYNC_BYTES } from '../../../contract/sync.ts';
import type { TokenRoutes } from './dependencies.ts';
import { readJson } from './http.ts';

/** What the script asks for each release sheet. */
export const RUNDOWN_ROUTES: TokenRoutes<'POST /rundowns/{id}/sync' | 'GET /rundowns/{id}/tables'> = {
  async 'POST /rundowns/{id}/sync'(_deps, event) {
    readJson(event, MAX_SYNC_BYTES);
    throw problem('TRY_AGAIN', 'Release sheets are not synced yet.');
  },
  async 'GET /rundowns/{id}/tables'() {
    throw problem('TRY_AGAIN', 'Release sheets are not synced yet.');
  },
};
