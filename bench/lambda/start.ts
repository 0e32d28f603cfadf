import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { interleaved, type Spread, spreadOf } from '../report/spread.ts';

/** How long a fresh process takes to load each handler, beside one that does nothing and one that only has a WAF client. */

export interface Started {
  readonly name: string;
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
}

export const EMPTY = 'empty handler';
export const BARE = 'only new WAFV2Client()';
const BESIDE: Readonly<Record<string, string>> = {
  [EMPTY]: 'export const handler = async () => 0;',
  [BARE]:
    "import { WAFV2Client } from '@aws-sdk/client-wafv2';\n" +
    "const client = new WAFV2Client({ region: 'eu-west-1' });\nexport const handler = async () => client;",
};

/** What runs in the process; node itself has started by then. */
const LOADS = `
const before = process.cpuUsage();
const from = performance.now();
await import(process.argv[2]);
const wallMs = performance.now() - from;
const { user, system } = process.cpuUsage(before);
process.send({ wallMs, cpuMs: (user + system) / 1_000 }, () => process.exit(0));
`;

export async function benchStart(dist: URL, handlers: readonly string[], rounds: number): Promise<Started[]> {
  const folder = join(tmpdir(), `drawbridge-bench-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const loads = join(folder, 'loads.mjs');
  await writeFile(loads, LOADS);
  const config = await writeConfig(dist, folder);
  const beside = await Promise.all(
    Object.entries(BESIDE).map(async ([name, contents]) => ({ name, file: await bundled(folder, name, contents) })),
  );
  const built = handlers.map((name) => ({
    name: `${name} handler`,
    file: fileURLToPath(new URL(`lambda/${name}-handler.mjs`, dist)),
  }));
  const contenders = [...beside, ...built];
  const cpu = contenders.map((): number[] => []);
  const wall = await interleaved(
    contenders.map(({ file }, at) => async () => {
      const { wallMs, cpuMs } = await load(loads, file, environment(config));
      cpu[at]?.push(cpuMs);
      return wallMs;
    }),
    rounds,
  );
  return contenders.map(({ name }, at) => ({
    name,
    wallMs: spreadOf(wall[at] ?? []),
    // The first round is left out, as of the others.
    cpuMs: spreadOf((cpu[at] ?? []).slice(1)),
  }));
}

/** The example's, with what only some environments have. */
async function writeConfig(dist: URL, folder: string): Promise<string> {
  const file = join(folder, 'config.json');
  const committed = JSON.parse(await readFile(new URL('local/config.json', dist), 'utf8'));
  committed.config.environments.production.chat = { workspace: 'T0123456789', channel: 'C0123456789' };
  await writeFile(file, JSON.stringify(committed));
  return file;
}

/** As anybody would bundle it: minified ESM, and the SDK as it comes. */
async function bundled(folder: string, name: string, contents: string): Promise<string> {
  const outfile = join(folder, `${name.replace(/\W+/g, '-')}.mjs`);
  await build({
    stdin: { contents, resolveDir: process.cwd() },
    ...{ outfile, bundle: true, minify: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' },
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

async function load(loads: string, file: string, env: Record<string, string>) {
  const child = fork(loads, [pathToFileURL(file).href], { env, execArgv: [], silent: true });
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} did not load: ${said.slice(-1_000)}`);
  });
  const [told] = (await Promise.race([once(child, 'message'), ended])) as [{ wallMs: number; cpuMs: number }];
  await ended.catch(() => undefined);
  return told;
}

/** What the stacks give the functions; nothing is called while they load. */
const environment = (config: string): Record<string, string> => ({
  ...{ ENVIRONMENT: 'production', TABLE_NAME: 'drawbridge', AWS_REGION: 'eu-west-1' },
  CONFIG_FILE: config,
  ...{ USER_POOL_ID: 'eu-west-1_Production', CLIENT_ID: 'our-client' },
  JWKS_URI: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Production/.well-known/jwks.json',
  NOTICE_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:drawbridge-production',
  ...{ DRIVER_FUNCTION: 'drawbridge-production-api', AWS_ACCESS_KEY_ID: 'lambda', AWS_SECRET_ACCESS_KEY: 'lambda' },
  ...{ SLACK_SIGNING_SECRETS: '/drawbridge/production/signing', SLACK_BOT_TOKEN: '/drawbridge/production/bot' },
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
