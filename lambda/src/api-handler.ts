import { readSettings, readSignInSettings } from './environment.ts';
import type { HttpEvent } from './http.ts';
import { log } from './log.ts';
import { answer } from './routes.ts';
import { createTokenCheck } from './token-check.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const deps = {
  ...wire(settings),
  environment: settings.environment,
  checkToken: createTokenCheck(readSignInSettings(), log),
};

/** Lambda's entry behind API Gateway. */
export const handler = (event: HttpEvent) => answer(deps, event);
