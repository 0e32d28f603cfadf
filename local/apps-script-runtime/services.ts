import type { Service } from './service.ts';
import { CACHE_SERVICE } from './services/cache-service.ts';
import { LOCK_SERVICE } from './services/lock-service.ts';
import { PROPERTIES_SERVICE } from './services/properties-service.ts';
import { SCRIPT_APP } from './services/script-app.ts';
import { SESSION } from './services/session.ts';
import { SPREADSHEET_APP } from './services/spreadsheet-app.ts';
import { URL_FETCH_APP } from './services/url-fetch-app.ts';
import { UTILITIES } from './services/utilities.ts';

/** Everything that a script can reach outside its own thread. */
export const SERVICES: Readonly<Record<string, Service>> = {
  ...SPREADSHEET_APP,
  ...PROPERTIES_SERVICE,
  ...CACHE_SERVICE,
  ...LOCK_SERVICE,
  ...URL_FETCH_APP,
  ...UTILITIES,
  ...SCRIPT_APP,
  ...SESSION,
};
