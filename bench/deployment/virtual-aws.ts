import { Agent } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { createTable as createLocalTable, startDynamodb } from '../../local/dynamodb/start.ts';
import { startWaf } from '../../local/waf/start.ts';
import { createVirtualTime, type VirtualTime } from '../../test/virtual-time.ts';
import { latencyOf } from '../latency.ts';
import { seeded } from './seeded.ts';
import { NO_UNITS, type Units, unitsOf } from './table-units.ts';

/**
 * The local WAF and DynamoDB over their real protocols, for a clock that nobody waits for: calls take what `latency.ts`
 * says, pauses what they say, and the machine's own speed counts for nothing.
 */

export type Mode = 'strict' | 'bucket';

export interface Called {
  readonly service: 'dynamodb' | 'waf';
  readonly operation: string;
  /** When its answer was there. */
  readonly at: number;
  readonly error?: string;
  /** Of the table, as DynamoDB bills them. */
  readonly units: Units;
}

export interface VirtualAws {
  readonly time: VirtualTime;
  readonly calls: readonly Called[];
  readonly random: () => number;
  wafClient(region?: string): WAFV2Client;
  dynamodbClient(): DynamoDBClient;
  close(): Promise<void>;
}

export const REGION = 'eu-west-1';
export const TABLE = 'drawbridge-bench';
const START = Date.parse('2026-11-29T02:00:00Z');
const CREDENTIALS = { accessKeyId: 'production', secretAccessKey: 'local' };
/** Far above what AWS grants without being asked: the peers need two web ACLs for each load balancer. */
const MOST_ITEMS = 2_000;

/** Kept connections would be closed by the machine's own clock, just when they are used again. */
const settings = () => ({
  credentials: CREDENTIALS,
  maxAttempts: 1,
  requestHandler: { httpAgent: new Agent({ keepAlive: false, maxSockets: 50 }) },
});

export async function startVirtualAws(mode: Mode): Promise<VirtualAws> {
  const time = createVirtualTime(START);
  const random = seeded(1);
  const waf = await startWaf({ clock: time, quotas: { mode }, most: MOST_ITEMS, random });
  const dynamodb = await startDynamodb({ clock: time });
  await createLocalTable(dynamodb.url, TABLE);
  const calls: Called[] = [];
  const clients: { destroy(): void }[] = [];

  type Sent = { readonly input: object };
  type Stack = { add(middleware: unknown, options: object): void };
  /** Half of a call's time before the service has it, half after it has answered. */
  function delayed<T extends { middlewareStack: unknown; destroy(): void }>(client: T, service: Called['service']): T {
    const middleware =
      (next: (args: Sent) => Promise<{ output: object }>, { commandName = '' }: { commandName?: string }) =>
      async (args: Sent) => {
        const operation = commandName.replace(/Command$/, '');
        const half = latencyOf(service, operation) / 2;
        await time.sleep(half);
        let error: string | undefined;
        let units = NO_UNITS;
        try {
          const answer = await time.whileCalling(() => next(args));
          if (service === 'dynamodb') units = unitsOf(operation, args.input, answer.output);
          return answer;
        } catch (thrown) {
          error = (thrown as Error).name;
          throw thrown;
        } finally {
          await time.sleep(half);
          calls.push({ service, operation, at: time.now(), units, ...(error ? { error } : {}) });
        }
      };
    (client.middlewareStack as Stack).add(middleware, { step: 'build', name: 'delayed' });
    clients.push(client);
    return client;
  }

  return {
    time,
    calls,
    random,
    wafClient: (region = REGION) => delayed(new WAFV2Client({ ...settings(), region, endpoint: waf.url }), 'waf'),
    dynamodbClient: () =>
      delayed(new DynamoDBClient({ ...settings(), region: REGION, endpoint: dynamodb.url }), 'dynamodb'),
    async close() {
      for (const client of clients) client.destroy();
      await Promise.all([waf.close(), dynamodb.close()]);
    },
  };
}
