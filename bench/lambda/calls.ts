import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { defineConfig } from '../../config/define-config.ts';
import type { EnvironmentConfig } from '../../config/schema.ts';
import { answer } from '../../lambda/src/api/routes.ts';
import { createRundownStore } from '../../lambda/src/store/rundowns.ts';
import { createStore } from '../../lambda/src/store/store.ts';
import { createTable } from '../../lambda/src/store/table.ts';
import { createWafIds } from '../../lambda/src/store/waf-ids.ts';
import { createRuleGroupStore } from '../../lambda/src/waf/rule-groups.ts';
import { createClock } from '../../local/clock.ts';
import { createTable as createLocalTable, startDynamodb } from '../../local/dynamodb/start.ts';
import { provision } from '../../local/provision.ts';
import { startWaf } from '../../local/waf/start.ts';
import { PAGES } from '../../test/pages.ts';
import { CONTROLLER, line, MANAGER } from '../../test/unit/lambda/rundown/terminal.ts';
import { RoutedSheet } from '../deployment/routed-sheet.ts';

/**
 * What a warm instance calls for each thing that it is asked for, over the real protocols: how much of it one after the
 * other, and how long that takes where each call takes 5 ms.
 */

export interface Call {
  readonly service: 'dynamodb' | 'waf';
  readonly operation: string;
  readonly from: number;
  readonly to: number;
}

export interface Counted {
  readonly what: string;
  readonly ms: number;
  readonly calls: readonly Call[];
}

const CALL_MS = 5;
const REGION = 'eu-west-1';
const TABLE = 'drawbridge-bench';
const CREDENTIALS = { accessKeyId: 'production', secretAccessKey: 'local' };
const ON_CALL = 'arn:aws:iam::111122223333:user/on-call';
/** WAF takes one write a second; on its local clock that passes at once. */
const BETWEEN_MS = 2_000;

/** The longest chain of calls of which each begins after the one before has ended. */
export function depthOf(calls: readonly Call[]): number {
  const depths = new Map<Call, number>();
  for (const call of [...calls].sort((one, other) => one.from - other.from)) {
    const before = [...depths].filter(([other]) => other.to <= call.from).map(([, depth]) => depth);
    depths.set(call, Math.max(0, ...before) + 1);
  }
  return Math.max(0, ...depths.values());
}

export const beforeWrite = (calls: readonly Call[]): readonly Call[] => {
  const write = calls.find(({ operation }) => operation === 'UpdateRuleGroup');
  return write ? calls.filter(({ to }) => to <= write.from) : [];
};

export async function countCalls(): Promise<Counted[]> {
  const clock = createClock();
  const waf = await startWaf({ port: 0, clock });
  const dynamodb = await startDynamodb();
  await createLocalTable(dynamodb.url, TABLE);
  const config = configOf();
  await provision({ environment: 'production', accessKeyId: CREDENTIALS.accessKeyId } as never, config, waf, clock);
  const calls: Call[] = [];
  const clients = [new DynamoDBClient({ region: REGION, endpoint: dynamodb.url, credentials: CREDENTIALS })];
  const wafClient = new WAFV2Client({ region: REGION, endpoint: waf.url, credentials: CREDENTIALS, maxAttempts: 1 });
  recorded(clients[0] as Client, 'dynamodb', calls);
  recorded(wafClient, 'waf', calls);

  const time = { now: () => Date.now(), sleep: async (ms: number) => void (await sleep(ms)) };
  const table = createTable(TABLE, { client: clients[0] as DynamoDBClient, sleep: time.sleep, random: Math.random });
  const deps = {
    ...time,
    ...{ environment: 'production', region: REGION, config, controller: CONTROLLER, pages: PAGES, random: Math.random },
    log: () => {},
    checkToken: async () => {},
    probe: async () => ({ kind: 'unknown' as const, why: 'nobody probes' }),
    newId: () => `production-${randomUUID().slice(0, 8)}`,
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups: createRuleGroupStore(time, () => wafClient, { ids: createWafIds(table) }),
  };
  const lines = [line('1', 'shop', 'Enter maintenance'), line('2', 'shop', 'Exit maintenance')];
  const sheet = new RoutedSheet(deps, Date.now, lines);

  async function counted(what: string, work: () => Promise<unknown>): Promise<Counted> {
    clock.moveTo(clock.now() + BETWEEN_MS);
    await sleep(BETWEEN_DRIVERS_MS);
    calls.length = 0;
    const from = performance.now();
    await work();
    return { what, ms: performance.now() - from, calls: [...calls] };
  }
  const go = (step: string) => async () => {
    sheet.step(step).status = 'Go';
    await sheet.sync(sheet.event([step], MANAGER, { typed: 'Go' }));
  };
  const breakGlass = (action: string) => async () => {
    const requestedAt = new Date().toISOString();
    const asked = { operationId: `production-${randomUUID().slice(0, 8)}`, service: 'shop', action, requestedAt };
    const event = {
      routeKey: 'POST /break-glass/operations',
      headers: {},
      requestContext: { authorizer: { iam: { userArn: ON_CALL } } },
      body: JSON.stringify({ ...asked, reason: 'the bench', takeOver: true }),
    };
    const { statusCode, body } = await answer(deps, event as never);
    if (statusCode > 202) throw new Error(`${action} was answered with ${statusCode}: ${body}`);
  };
  try {
    // The first one of each finds ids and opens connections.
    for (const step of ['1', '2']) await counted('', go(step));
    for (const one of sheet.lines) one.status = 'Planned';
    await counted('', () => sheet.sync());
    const all = [
      await counted('a tick of a quiet sheet', () => sheet.sync()),
      await counted('a Go that closes', go('1')),
      await counted('a poll', () => sheet.send(sheet.read('poll'))),
      await counted('a tick while it is closed', () => sheet.sync()),
      await counted('a Go that opens', go('2')),
      await counted('break-glass closes', breakGlass('enter')),
      await counted('break-glass opens', breakGlass('exit')),
    ];
    return all;
  } finally {
    for (const client of [...clients, wafClient]) client.destroy();
    await Promise.all([waf.close(), dynamodb.close()]);
  }
}

/** The next driver waits until WAF takes a write again. */
const BETWEEN_DRIVERS_MS = 1_100;

function configOf(): EnvironmentConfig {
  const targets = [{ scope: 'REGIONAL' as const, region: REGION, verification: 'none' as const }];
  const { environments } = defineConfig({
    environments: {
      production: {
        production: false,
        operators: [MANAGER],
        breakGlass: { principals: [ON_CALL] },
        services: [{ name: 'shop', targets }],
      },
    },
  });
  return environments.production as EnvironmentConfig;
}

type Client = { readonly middlewareStack: unknown };
type Next = (args: unknown) => Promise<unknown>;

/** Each call takes a few milliseconds more than here, as it does over a network. */
function recorded(client: Client, service: Call['service'], calls: Call[]): void {
  const middleware =
    (next: Next, { commandName = '' }: { commandName?: string }) =>
    async (args: unknown) => {
      const from = performance.now();
      await sleep(CALL_MS);
      try {
        return await next(args);
      } finally {
        calls.push({ service, operation: commandName.replace(/Command$/, ''), from, to: performance.now() });
      }
    };
  const stack = client.middlewareStack as { add(one: typeof middleware, options: object): void };
  stack.add(middleware, { step: 'build', name: 'recorded' });
}
