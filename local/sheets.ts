import { readFile } from 'node:fs/promises';
import type { Config } from '../config/schema.ts';
import type { Account } from './accounts.ts';
import type { FaultInjection } from './apps-script-runtime/fault-injection.ts';
import { createRuntime } from './apps-script-runtime/host.ts';
import type { Clock } from './clock.ts';
import { googleDocs } from './google-docs.ts';
import { outsideNetwork } from './outside-network.ts';
import { seedReleaseSheet } from './seed.ts';
import type { Trace } from './trace.ts';

/** The account that owns the script and its triggers: never an operator. */
export const CONTROLLER = 'drawbridge.controller@example.com';

export interface SheetsOptions {
  readonly dist: URL;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly faultInjection?: FaultInjection;
  /** By origin, the loopback URL that stands for it. */
  readonly routes: Readonly<Record<string, string>>;
  readonly connections: readonly { account: Account; clientId: string; clientSecret: string }[];
  readonly config: Config;
}

/** Google's side: the runtime with the built Code.js, one release sheet, connected and installed as the deploy guide says. */
export async function startSheets({ dist, clock, trace, faultInjection, routes, connections, config }: SheetsOptions) {
  const runtime = createRuntime({
    code: await readFile(new URL('apps-script/Code.js', dist), 'utf8'),
    manifest: JSON.parse(await readFile(new URL('apps-script/appsscript.json', dist), 'utf8')),
    workerFile: new URL('local/apps-script-worker.mjs', dist),
    owner: CONTROLLER,
    network: outsideNetwork({ ...routes, 'https://docs.google.com': googleDocs((id) => find(id)) }),
    clock,
    trace,
    faultInjection,
  });
  const find = (id: string) => runtime.spreadsheets.list().find((one) => one.id === id);
  runtime.setScriptProperty('CONNECT', connectBlock(connections, config));
  await succeed(runtime.run('connect'));
  await succeed(runtime.run('install'));
  const [control] = runtime.spreadsheets.list();
  if (!control) throw new Error('install() made no control spreadsheet.');
  const releaseSheet = await seedReleaseSheet(runtime, control.id, clock.now());
  return { runtime, releaseSheet, controlSheet: control.id, close: () => runtime.close() };
}

/** As `npm run connect` prints it. */
function connectBlock(
  connections: SheetsOptions['connections'],
  { controller, admins, environments: all }: Config,
): string {
  const environments = connections.map(({ account: { environment, apiUrl, tokenUrl }, clientId, clientSecret }) => [
    environment,
    { apiUrl, tokenUrl, clientId, clientSecret, production: all[environment]?.production ?? false },
  ]);
  return JSON.stringify({ controller, admins, environments: Object.fromEntries(environments) });
}

async function succeed(running: Promise<{ function: string; error?: string }>): Promise<void> {
  const { function: name, error } = await running;
  if (error) throw new Error(`${name}() failed: ${error}`);
}
