import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { defineConfig } from '../../config/define-config.ts';
import { createRuleGroupStore } from '../../lambda/src/waf/rule-groups.ts';
import type { Stack } from '../../local/stack.ts';
import { EXIT, execute } from '../../ops/command.ts';
import { type DrawbridgeDependencies, drawbridgeCommand } from '../../ops/drawbridge-command.ts';
import { DIST, startTestStack } from '../stack.ts';
import { fakeTerminal } from '../unit/ops/terminal.ts';

/** Two services behind one load balancer, and so behind one web ACL: each has its hosts. */

const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/50dc6c495c0c9188';
const service = (name: string, hosts: string[], attachment: object) => ({
  name,
  hosts,
  apiPrefixes: ['/api/'],
  targets: [
    {
      ...{ scope: 'REGIONAL' as const, region: 'eu-west-1', attachment: attachment as never },
      verification: { urls: [`https://${name}.example.com/`] },
    },
  ],
});
const config = defineConfig({
  controller: 'drawbridge.controller@example.com',
  admins: ['release.manager@example.com'],
  environments: {
    production: {
      account: '111122223333',
      operators: ['release.manager@example.com'],
      services: [
        service('wine', ['wine.example.com', '*.wine.example.com'], {
          dedicated: { loadBalancerArns: [LOAD_BALANCER] },
        }),
        service('cheese', ['cheese.example.com'], { sharedWith: 'wine' }),
      ],
    },
  },
});

let stack: Stack;
let deps: DrawbridgeDependencies;
let folder: string;
beforeAll(async () => {
  const built = JSON.parse(await readFile(new URL('local/config.json', DIST), 'utf8'));
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-dist-'));
  await distWith({ ...built, config });
  stack = await startTestStack({ dist: pathToFileURL(`${folder}/`) });
  const { credentials } = stack.breakGlass('production');
  const { now, sleep } = stack.clock;
  const client = (region: string) => new WAFV2Client({ region, endpoint: stack.waf.url, credentials });
  deps = {
    ...{ now, sleep, random: Math.random },
    readBuiltConfig: async () => ({ ...built, config }),
    credentials: async () => credentials,
    ruleGroups: createRuleGroupStore({ now, sleep }, client),
    probe: async () => ({ kind: 'answered', status: 200 }),
    apiUrl: async (environment) => stack.breakGlass(environment).url,
    callerIdentity: async () => ({ arn: 'arn:aws:iam::111122223333:user/on-call', skewMs: 0 }),
  };
});
afterAll(async () => {
  await stack?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What was built, with another config. */
async function distWith(configFile: object): Promise<void> {
  const dist = fileURLToPath(DIST);
  await mkdir(join(folder, 'local'));
  for (const name of await readdir(dist)) if (name !== 'local') await symlink(join(dist, name), join(folder, name));
  for (const name of await readdir(join(dist, 'local'))) {
    if (name !== 'config.json') await symlink(join(dist, 'local', name), join(folder, 'local', name));
  }
  await writeFile(join(folder, 'local/config.json'), JSON.stringify(configFile));
}

async function drawbridge(line: string) {
  const terminal = fakeTerminal();
  const args = [...line.split(' '), '--environment', 'production', '--reason', 'a release', '--yes'];
  const code = await execute(drawbridgeCommand(deps), args, terminal);
  return { code, text: terminal.text() };
}

/** As a visitor asks the one address behind both names. */
const status = (host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(stack.sites[0]?.url ?? '');
    const asked = request({ host: '127.0.0.1', port, path: '/', headers: { host }, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });

it('closes one of two services behind one web ACL, proven from outside, and leaves the other open', async () => {
  expect(new Set(stack.sites.map(({ url }) => url)).size).toBe(1);
  const entered = await drawbridge('enter wine');
  expect(entered.text).toContain('Wine is closed to everyone');
  expect(entered.code).toBe(EXIT.done);
  for (const host of ['wine.example.com', 'WINE.example.com:8443', 'wine.example.com.', 'old.red.wine.example.com']) {
    expect([host, await status(host)]).toEqual([host, 503]);
  }
  for (const host of ['cheese.example.com', 'cheese.example.com:443', 'sparklingwine.example.com']) {
    expect([host, await status(host)]).toEqual([host, 200]);
  }
});

it('opens the one while the other is closed', async () => {
  expect((await drawbridge('enter cheese')).code).toBe(EXIT.done);
  expect([await status('wine.example.com'), await status('cheese.example.com')]).toEqual([503, 503]);
  const left = await drawbridge('exit wine');
  expect(left.text).toContain('Wine is open to everyone');
  expect([await status('wine.example.com'), await status('cheese.example.com')]).toEqual([200, 503]);
});
