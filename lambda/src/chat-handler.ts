import { answer, type ChatDependencies } from './chat/answer.ts';
import { createNotify } from './notify/sns.ts';
import { readNoticeTopic, readSettings } from './settings.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const { chat } = settings.config;
if (!chat) throw new Error('The config names no chat channel for this environment.');
const deps: ChatDependencies = {
  ...wire(settings),
  chat,
  notify: createNotify(readNoticeTopic(), undefined, { forChannel: true }),
};

/** Left of the function's time for calls that are under way. */
const END_MS = 12_000;

interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Lambda's entry: what a command of the channel sends. Nobody waits for what is returned. */
export async function handler(event: unknown, context: Context): Promise<void> {
  const until = deps.now() + context.getRemainingTimeInMillis() - END_MS;
  await answer(deps, { event, requestId: context.awsRequestId, until });
}
