import { createTokenCheck } from './api/access-token.ts';
import type { HttpEvent } from './api/http.ts';
import { answer } from './api/routes.ts';
import { log } from './notify/log.ts';
import { readSettings, readSignInSettings } from './settings.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const deps = {
  ...wire(settings),
  checkToken: createTokenCheck(readSignInSettings(), log),
};

/** Lambda's entry behind API Gateway. */
export const handler = (event: HttpEvent) => answer(deps, event);
