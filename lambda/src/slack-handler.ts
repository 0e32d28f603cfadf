import type { HttpEvent } from './api/http.ts';
import { createInvokeFunction } from './invoke/invoke-function.ts';
import { log } from './notify/log.ts';
import { type DriveEvent, driveOn, isDriveEvent } from './operate/drive.ts';
import { readDriver, readSettings, readSlackSettings } from './settings.ts';
import { isWorkEvent, type SlackDependencies, type WorkEvent } from './slack/dependencies.ts';
import { rememberPeople } from './slack/identify.ts';
import { receive } from './slack/receive.ts';
import { createSecrets } from './slack/secrets.ts';
import { tick } from './slack/tick.ts';
import { createSlackApi } from './slack/web-api.ts';
import { work } from './slack/work.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const { slack, apiUrl, ...parameters } = readSlackSettings(settings.config);
const self = readDriver();
if (!self) throw new Error('DRIVER_FUNCTION is missing: it must name this function itself.');
const invokeSelf = createInvokeFunction(self);
const secrets = createSecrets({ ...parameters, now: () => Date.now() });
const slackApi = createSlackApi({ url: apiUrl, token: async () => (await secrets()).botToken });
const deps: SlackDependencies = {
  ...wire(settings, invokeSelf),
  slack,
  secrets,
  invokeSelf,
  slackApi: rememberPeople(slackApi, () => Date.now()),
};

/** Left of the function's time for calls that are under way. */
const END_MS = 12_000;
const USUAL_MS = 60_000;

interface Context {
  getRemainingTimeInMillis(): number;
}

/** Lambda's entry: what Slack sends, what is done with it afterwards, what is driven on, and every minute. */
export async function handler(event: HttpEvent | WorkEvent | DriveEvent | object, context?: Context) {
  const until = deps.now() + (context?.getRemainingTimeInMillis() ?? USUAL_MS) - END_MS;
  if ('routeKey' in event) return receive(deps, event);
  if (isWorkEvent(event)) await work(deps, event.slack, until);
  else if (isDriveEvent(event)) log('info', 'driven on', { ...(await driveOn(deps, event, until)), ...event });
  else await tick(deps);
  return undefined;
}
