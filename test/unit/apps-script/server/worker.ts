import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { defineConfig } from '../../../../config/define-config.ts';
import { problem } from '../../../../contract/problem.ts';
import { answer } from '../../../../lambda/src/api/routes.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import type { Observation } from '../../../../lambda/src/proof/evidence.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { runDueSteps } from '../../../../lambda/src/schedule/run-due-steps.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createStore } from '../../../../lambda/src/store/store.ts';
import { createMemoryRuleGroups } from '../../../memory-rule-groups.ts';
import { createMemoryTable } from '../../../memory-table.ts';
import { PAGES } from '../../../pages.ts';
import type { Asked, NightOptions, Told } from './messages.ts';

/** The real API and schedules of two environments, for a script that waits for each answer as UrlFetchApp makes it wait. */

const OPERATORS = ['release.manager@example.com', 'duty.manager@example.com'];
const CONTROLLER = 'drawbridge.controller@example.com';

const clock = { now: 0 };
const sleep = async (ms: number) => {
  clock.now += ms;
};

type Server = ReturnType<typeof createServer>;
let servers: Record<string, Server> = {};

const target = (host: string) => ({
  scope: 'REGIONAL' as const,
  region: 'eu-west-1',
  verification: { urls: [`https://${host}.example.com/`] },
});

function configOf({ isProduction, moreServices }: NightOptions) {
  const service = (name: string, title?: string) => ({ name, ...(title ? { title } : {}), targets: [target(name)] });
  const more = Array.from({ length: moreServices }, (_one, index) => ({
    ...service(`service-${index}`),
    operators: Array.from({ length: 6 }, (_other, at) => `operator.number.${at}@example.com`),
  }));
  const proof = { probesPerSecond: 500 };
  return defineConfig({
    controller: CONTROLLER,
    environments: {
      production: {
        production: isProduction,
        operators: OPERATORS,
        proof,
        services: [service('shop'), service('payments'), ...more],
        groups: [{ name: 'storefront', services: ['shop', 'payments'] }],
      },
      staging: { operators: OPERATORS, proof, services: [service('shop-staging', 'Shop (staging)')] },
    },
  });
}

function createServer(environment: string, options: NightOptions) {
  const config = configOf(options).environments[environment];
  if (!config) throw new Error(`no environment ${environment}`);
  const table = createMemoryTable();
  const ruleGroups = createMemoryRuleGroups();
  const leaks = new Set<string>();
  let made = 0;
  const deps = {
    environment,
    config,
    controller: CONTROLLER,
    pages: PAGES,
    now: () => clock.now,
    sleep,
    random: () => 0.5,
    log: () => {},
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups,
    region: 'eu-west-1',
    probe: async (url: string): Promise<Observation> => {
      const [name = ''] = new URL(url).hostname.split('.');
      return leaks.has(name) ? { kind: 'answered', status: 200 } : ruleGroups.visit(name);
    },
    newId: () => {
      made += 1;
      return `${environment}-${String(made).padStart(8, '0')}`;
    },
    checkToken: async (authorization: string | undefined) => {
      if (authorization !== 'Bearer token') throw problem('UNAUTHENTICATED', 'There is no access token.');
    },
    notify: async () => {},
    measure: () => {},
  };
  return { deps, table, leaks };
}

async function http({
  url,
  method,
  headers,
  payload,
}: Asked & { kind: 'http' }): Promise<{ status: number; body: string }> {
  const { host, pathname, search } = new URL(url);
  const server = servers[host.split('.')[1] ?? ''];
  if (!server) return { status: 404, body: '{"message":"Not Found"}' };
  const [, root, id, rest] = pathname.split('/');
  const path = root === 'rundowns' ? `/rundowns/{id}/${rest}` : pathname;
  const result = await answer(server.deps, {
    routeKey: `${method.toUpperCase()} ${path}`,
    headers: { authorization: headers.Authorization },
    ...(id === undefined ? {} : { pathParameters: { id: decodeURIComponent(id) } }),
    queryStringParameters: Object.fromEntries(new URLSearchParams(search)),
    ...(payload === undefined ? {} : { body: payload }),
  });
  return { status: result.statusCode, body: result.body };
}

/** Operations as they were asked for, oldest first. */
const operationsOf = () =>
  Object.values(servers)
    .flatMap(({ table }) => table.items().filter(({ pk }) => pk.startsWith('OPERATION#')))
    .sort((a, b) =>
      String(a.request && (a.request as { requestedAt: string }).requestedAt) <
      String(b.request && (b.request as { requestedAt: string }).requestedAt)
        ? -1
        : 1,
    );

function serverOf(service: string): Server {
  const found = Object.values(servers).find(({ deps }) => deps.config.services.some(({ name }) => name === service));
  if (!found) throw new Error(`no service ${service}`);
  return found;
}

async function changeState({ service, change }: Asked & { kind: 'state' }): Promise<void> {
  const { store } = serverOf(service).deps;
  const before = await store.state(service);
  if (!(await store.put(service, before, { ...before, ...change }))) throw new Error(`${service} was not written`);
}

async function work(asked: Asked): Promise<unknown> {
  switch (asked.kind) {
    case 'begin':
      servers = {
        production: createServer('production', asked.options),
        staging: createServer('staging', asked.options),
      };
      return undefined;
    case 'http':
      return http(asked);
    case 'minute':
      for (const { deps } of Object.values(servers)) {
        await runDueSteps(deps, 0);
        await reconcile(deps);
      }
      return undefined;
    case 'operations':
      return operationsOf();
    case 'items':
      return servers[asked.environment]?.table.items();
    case 'leaks':
      for (const { leaks } of Object.values(servers)) {
        leaks.clear();
        for (const service of asked.services) leaks.add(service);
      }
      return undefined;
    case 'state':
      return changeState(asked);
    case 'operate':
      await operate(serverOf(asked.request.service).deps, asked.request);
      return undefined;
  }
}

const { port, signal } = workerData as { port: MessagePort; signal: SharedArrayBuffer };
const flag = new Int32Array(signal);

port.on('message', async (asked: Asked & { readonly now: number; readonly id: number }) => {
  clock.now = asked.now;
  let told: Told;
  try {
    told = { id: asked.id, answer: await work(asked), now: clock.now };
  } catch (error) {
    told = { id: asked.id, failed: (error as Error).stack ?? String(error), now: clock.now };
  }
  port.postMessage(told);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
parentPort?.postMessage('ready');
