import { emulates } from './emulates.ts';
import { startPage } from './page/server.ts';
import { sheetHost } from './sheet-host.ts';
import { startStack } from './stack.ts';

/** `npm start`: the whole product on this machine. `--emulates` says what its servers do. */

const DEFAULT_PORT = 4700;
const PORTS = 6;

function readPort(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text);
  if (Number.isInteger(port) && port >= 1024 && port + PORTS - 1 <= 65_535) return port;
  throw new Error(`PORT is "${text}". It must be a number from 1024 to ${65_536 - PORTS}.`);
}

const dist = new URL('../', import.meta.url);

async function start(): Promise<void> {
  if (process.argv.includes('--emulates')) {
    for (const line of emulates()) console.log(line);
    return;
  }
  const port = readPort(process.env.PORT);
  const stack = await startStack({ dist, port });
  const page = await startPage({ port, host: sheetHost(stack), assets: new URL('local/page/', dist) });
  stack.startTicking((error) => console.error(`tick: ${error instanceof Error ? error.message : error}`));

  const site = stack.sites[0]?.url;
  const urls = { sheet: page.url, site, api: stack.gateway.url, token: stack.cognito.url, waf: stack.waf.url };
  for (const [name, url] of Object.entries({ ...urls, dynamodb: stack.dynamodb.url }))
    console.log(`${name.padEnd(9)} ${url}`);
  const [app] = Object.values(stack.slack);
  if (app) console.log(`${'slack'.padEnd(9)} ${page.url}/slack.html`);
  console.log(`\nOpen ${page.url} and set the Status of step 2 to Go. Ctrl-C ends everything.`);
  console.log('What the local servers emulate, and so what they refuse: npm start -- --emulates');

  const stop = async () => {
    await page.close();
    await stack.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
}

start().catch((error: NodeJS.ErrnoException & { port?: number }) => {
  const inUse = `Port ${error.port} is in use. Stop what uses it, or choose others: PORT=4800 npm start`;
  console.error(error.code === 'EADDRINUSE' ? inUse : error.message);
  process.exit(1);
});
