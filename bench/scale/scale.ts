import { answer } from '../../lambda/src/api/routes.ts';
import { reconcile } from '../../lambda/src/reconcile/reconcile.ts';
import { runDueSteps } from '../../lambda/src/schedule/run-due-steps.ts';
import { createTable } from '../../lambda/src/store/table.ts';
import { createWafIds } from '../../lambda/src/store/waf-ids.ts';
import {
  BenchSheet,
  configOf,
  type Deployment,
  deploy,
  nightOn,
  provisionVirtually,
  serviceName,
} from '../deployment/deployment.ts';
import { type Called, REGION, startVirtualAws, TABLE, type VirtualAws } from '../deployment/virtual-aws.ts';

/** What one execution of each kind asks of AWS, with so many services. */

export const KINDS = ['tick, all open', 'tick, up to 20 closed', 'scheduler', 'sync at rest', 'GET /services'] as const;
export type Kind = (typeof KINDS)[number];

export interface Execution {
  readonly kind: Kind;
  readonly services: number;
  readonly wafReads: number;
  readonly wafWrites: number;
  readonly tableCalls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** On the virtual clock: calls and pauses, without the function's own work. */
  readonly ms: number;
}

/** As on a large release night. */
const MOST_CLOSED = 20;
/** Services of one sheet: each has two steps in it. */
const LARGEST_NIGHT = 100;
const MINUTE_MS = 60_000;
const TICKS = 3;

export async function measureScale(services: number): Promise<Execution[]> {
  const aws = await startVirtualAws('bucket');
  try {
    return await aws.time.run(() => measureAll(aws, services));
  } finally {
    await aws.close();
  }
}

async function measureAll(aws: VirtualAws, services: number): Promise<Execution[]> {
  const config = configOf(services);
  const arns = await provisionVirtually(aws, config);
  await rememberIds(aws, arns);
  const deployment = deploy(aws, config);
  const [api, reconciler, scheduler] = [deployment.instance(), deployment.instance(), deployment.instance()];
  const sheet = new BenchSheet(aws, api, nightOn({ ...config, services: config.services.slice(0, LARGEST_NIGHT) }));
  const meter = createMeter(aws, services);
  const usual = async (kind: Kind, work: () => Promise<unknown>) => {
    const all: Execution[] = [];
    // The first one learns ids, and what is new in a sheet.
    for (let tick = 0; tick <= TICKS; tick += 1) {
      await aws.time.sleep(MINUTE_MS - (aws.time.now() % MINUTE_MS));
      const one = await meter(kind, work);
      if (tick > 0) all.push(one);
    }
    return all.sort((a, b) => a.ms - b.ms)[Math.floor(TICKS / 2)] as Execution;
  };
  const event = { routeKey: 'GET /services', headers: {}, body: '' };
  const open = await usual('tick, all open', () => reconcile(reconciler));
  const sync = await usual('sync at rest', () => sheet.sync());
  const due = await usual('scheduler', () => runDueSteps(scheduler, 0));
  const listed = await usual('GET /services', () => answer(api, event));
  await closeSome(deployment, aws, Math.min(MOST_CLOSED, services));
  const closed = await usual('tick, up to 20 closed', () => reconcile(reconciler));
  return [open, closed, due, sync, listed];
}

/** As they are once every service was looked at: nothing is listed, and nothing is written down any more. */
async function rememberIds(aws: VirtualAws, arns: readonly string[]): Promise<void> {
  const { sleep } = aws.time;
  const ids = createWafIds(createTable(TABLE, { client: aws.dynamodbClient(), sleep, random: aws.random }));
  for (const [at, ARN] of arns.entries()) {
    const [, name = '', Id = ''] = /\/([^/]+)\/([^/]+)$/.exec(ARN) ?? [];
    await ids.rememberWafId({ service: serviceName(at), scope: 'REGIONAL', region: REGION }, name, { Id, ARN });
  }
}

async function closeSome({ config, instance, settled }: Deployment, aws: VirtualAws, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_none, at) => serviceName(at));
  const some = { ...config, services: config.services.filter(({ name }) => names.includes(name)) };
  const sheet = new BenchSheet(aws, instance(), nightOn(some), 'release-43');
  await sheet.go('Enter maintenance');
  await settled();
  await aws.time.sleep(10 * MINUTE_MS);
}

const createMeter =
  (aws: VirtualAws, services: number) =>
  async (kind: Kind, work: () => Promise<unknown>): Promise<Execution> => {
    const [from, first] = [aws.time.now(), aws.calls.length];
    await work();
    const calls = aws.calls.slice(first);
    const waf = calls.filter(({ service }) => service === 'waf');
    const table = calls.filter(({ service }) => service === 'dynamodb');
    const writes = waf.filter(({ operation }) => operation.startsWith('Update')).length;
    const sum = (of: (one: Called) => number) => table.reduce((all, one) => all + of(one), 0);
    return {
      ...{ kind, services, wafReads: waf.length - writes, wafWrites: writes, tableCalls: table.length },
      ...{ readUnits: sum(({ units }) => units.read), writeUnits: sum(({ units }) => units.write) },
      ms: aws.time.now() - from,
    };
  };
