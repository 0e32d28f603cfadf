import { createTokenCheck } from './api/access-token.ts';
import type { HttpEvent } from './api/http.ts';
import { createPublicStatus } from './api/public-status.ts';
import { answer } from './api/routes.ts';
import { createInvokeFunction } from './invoke/invoke-function.ts';
import { log } from './notify/log.ts';
import { type DriveEvent, driveOn, isDriveEvent } from './operate/drive.ts';
import { readDriver, readSettings, readSignInSettings } from './settings.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const driver = readDriver();
const wired = wire(settings, driver && createInvokeFunction(driver));
const isStatusPublic = settings.config.publicStatus.length > 0;
const deps = {
  ...wired,
  checkToken: createTokenCheck(readSignInSettings(), log),
  ...(isStatusPublic ? { publicStatus: createPublicStatus(wired) } : {}),
};

/** Left of the function's time for calls that are under way, and to hand on what is left. */
const END_MS = 6_000;
const USUAL_MS = 29_000;

interface Context {
  getRemainingTimeInMillis(): number;
}

/** Lambda's entry behind API Gateway; and of invocations that drive on what an answer has left. */
export async function handler(event: HttpEvent | DriveEvent, context?: Context) {
  if (!isDriveEvent(event)) return answer(deps, event);
  const leftMs = context?.getRemainingTimeInMillis() ?? USUAL_MS;
  const driven = await driveOn(deps, event, deps.now() + leftMs - END_MS);
  log('info', 'driven on', { ...driven, ...event });
  return undefined;
}
