import { CreateIPSetCommand, CreateRuleGroupCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { defineConfig } from '../config/define-config.ts';
import type { ConfigInput, EnvironmentConfig } from '../config/schema.ts';
import type { OperationRequest } from '../contract/operation.ts';
import type { Notice } from '../lambda/src/model/ports.ts';
import type { Counts } from '../lambda/src/notify/metrics.ts';
import type { Observation, Way } from '../lambda/src/proof/evidence.ts';
import type { ReconcileDependencies } from '../lambda/src/reconcile/reconcile.ts';
import type { RundownDependencies } from '../lambda/src/rundown/dependencies.ts';
import { createRundownStore, type RundownStore } from '../lambda/src/store/rundowns.ts';
import { createStore, type Store } from '../lambda/src/store/store.ts';
import { createRuleGroupStore, type RuleGroupStore } from '../lambda/src/waf/rule-groups.ts';
import { startWaf, type Waf, type WafOptions } from '../local/waf/start.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import { PAGES } from './pages.ts';

export { PAGES };

export const NOW = Date.parse('2026-11-22T02:00:00Z');
export const CONTROLLER = 'drawbridge.controller@example.com';
export const OPERATOR = 'release.manager@example.com';
const CREDENTIALS = { accessKeyId: 'production', secretAccessKey: 'local' };
const REGIONAL = {
  scope: 'REGIONAL' as const,
  region: 'eu-west-1',
  verification: { urls: ['https://shop.example.com/'] },
} satisfies ServiceInput['targets'][number];
const CLOUDFRONT = {
  scope: 'CLOUDFRONT' as const,
  region: 'us-east-1',
  verification: { urls: ['https://shop.example.com/'] },
} satisfies ServiceInput['targets'][number];

export type ServiceInput = ConfigInput['environments'][string]['services'][number];

/** A config with one service; only what a test says differs. */
export function environmentOf(service: Partial<ServiceInput> = {}): EnvironmentConfig {
  const config = defineConfig({
    environments: {
      production: {
        operators: [OPERATOR],
        breakGlass: { principals: ['arn:aws:iam::111122223333:role/on-call/OnCall'] },
        proof: { probesPerSecond: 125 },
        services: [{ name: 'shop', targets: [REGIONAL, CLOUDFRONT], allowlist: ['192.0.2.0/28'], ...service }],
      },
    },
  });
  return config.environments.production as EnvironmentConfig;
}

/** The store as an execution sees it that dies at the first call of one kind, before it takes effect. */
export const diesAt = (store: Store, call: keyof Store): Store => ({
  ...store,
  [call]: () => Promise.reject(new Error('the execution died')),
});

let ids = 0;
/** A request as the sheet sends it, with an id of its own. */
export function requestOf(more: Partial<OperationRequest> = {}): OperationRequest {
  ids += 1;
  return {
    operationId: `op-${String(ids).padStart(12, '0')}`,
    service: 'shop',
    action: 'enter',
    requestedBy: OPERATOR,
    requestedAt: new Date(NOW).toISOString(),
    source: { kind: 'sheet', spreadsheetId: 'sheet-1', step: '2' },
    ...more,
  };
}

/** The thinking of the Lambda over real stores that speak to a real protocol; only time and the outside are ours. */
export interface TestEnvironment {
  readonly deps: ReconcileDependencies & RundownDependencies;
  /** What people were told, oldest first. */
  readonly notices: Notice[];
  /** What each tick counted. */
  readonly counts: Counts[];
  readonly table: MemoryTable;
  readonly store: Store;
  readonly rundowns: RundownStore;
  readonly ruleGroups: RuleGroupStore;
  readonly waf: Waf;
  readonly clock: { now: number };
  /** What the next probes see. */
  sees: (url: string, way: Way) => Observation;
  /** A client of somebody else in the same account. */
  otherClient(region: string): WAFV2Client;
  createRuleGroup(scope: 'REGIONAL' | 'CLOUDFRONT', region: string): Promise<void>;
  /** Operations of WAF since the last time this was asked. */
  wafCalls(): string[];
  close(): Promise<void>;
}

export interface TestEnvironmentOptions {
  readonly service?: Partial<ServiceInput>;
  readonly quotas?: WafOptions['quotas'];
  /** Leaves the rule groups out, as before the first deployment. */
  readonly bare?: boolean;
}

export async function createTestEnvironment({
  service,
  quotas = {},
  bare = false,
}: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  const clock = { now: NOW };
  const time = {
    now: () => clock.now,
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  const waf = await startWaf({
    clock: time,
    quotas: { writesPerSecond: 1_000, readsPerSecond: 1_000, ...quotas },
    propagation: { minMs: 0, maxMs: 0 },
  });
  const table = createMemoryTable();
  // One for each region: making one takes longer than most tests.
  const clients = new Map<string, WAFV2Client>();
  const otherClient = (region: string) => {
    const client =
      clients.get(region) ?? new WAFV2Client({ endpoint: waf.url, region, credentials: CREDENTIALS, maxAttempts: 1 });
    clients.set(region, client);
    return client;
  };
  const store = createStore(table);
  const rundowns = createRundownStore(table);
  const ruleGroups = createRuleGroupStore(time, otherClient);
  let made = 0;

  const notices: Notice[] = [];
  const counts: Counts[] = [];
  const env: TestEnvironment = {
    notices,
    counts,
    table,
    store,
    rundowns,
    ruleGroups,
    waf,
    clock,
    otherClient,
    sees: () => ({ kind: 'answered', status: 200 }),
    deps: {
      ...time,
      store,
      rundowns,
      controller: CONTROLLER,
      newId: () => {
        made += 1;
        return `production-${String(made).padStart(8, '0')}`;
      },
      ruleGroups,
      config: environmentOf(service),
      pages: PAGES,
      random: () => 0.5,
      log: () => {},
      probe: async (url, _nth, way) => env.sees(url, way),
      region: 'eu-west-1',
      environment: 'production',
      notify: async (notice) => {
        notices.push(notice);
      },
      measure: (counted) => {
        counts.push(counted);
      },
    },
    async createRuleGroup(scope, region) {
      const name = 'drawbridge-production_shop';
      const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: name };
      await otherClient(region).send(
        new CreateRuleGroupCommand({ Name: name, Scope: scope, Capacity: 250, VisibilityConfig }),
      );
    },
    wafCalls() {
      const fresh = waf.calls().slice(seen);
      seen = waf.calls().length;
      return fresh.map(({ operation }) => operation);
    },
    async close() {
      for (const client of clients.values()) client.destroy();
      await waf.close();
    },
  };
  let seen = 0;
  for (const { scope, region } of bare ? [] : (env.deps.config.services[0]?.targets ?? [])) {
    await env.createRuleGroup(scope, region);
    for (const [IPAddressVersion, name] of [
      ['IPV4', 'ipv4'],
      ['IPV6', 'ipv6'],
    ] as const) {
      const set = { Name: `drawbridge-production_shop-${name}`, Scope: scope, IPAddressVersion, Addresses: [] };
      await otherClient(region).send(new CreateIPSetCommand(set));
      clock.now += 1_000;
    }
  }
  env.wafCalls();
  return env;
}
