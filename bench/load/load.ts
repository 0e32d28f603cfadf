import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answer } from '../../lambda/src/api/routes.ts';
import { line } from '../../test/unit/lambda/rundown/terminal.ts';
import {
  BenchSheet,
  configOf,
  type Dependencies,
  type Deployment,
  deploy,
  provisionVirtually,
  serviceName,
} from '../deployment/deployment.ts';
import { startVirtualAws, type VirtualAws } from '../deployment/virtual-aws.ts';

/** Many edits at once, by a clock that nobody waits for: is anything lost, late, or out of order? */

export interface Edits {
  readonly sheets: number;
  readonly edits: number;
  /** Operations that the audit has, of those that were asked for. */
  readonly audited: number;
  /** Services whose last revision and mode are those of the last edit, in the table and in WAF. */
  readonly right: number;
  /** From each edit until its row says that it is accepted. */
  readonly ms: readonly number[];
  readonly heapBytes: { readonly before: number; readonly after: number };
}

export interface Burst {
  readonly requests: number;
  readonly accepted: number;
  /** Each with a reason, such as that a newer one was committed. */
  readonly refused: Readonly<Record<string, number>>;
  /** The mode and revision that stand, in the table and in WAF. */
  readonly wanted: string;
  readonly inWaf: string;
  readonly settledMs: number;
}

const INSTANCES = 4;
const LONGEST_THOUGHT_MS = 20_000;

export async function playLoad(
  sheets: number,
  rounds: number,
  requests: number,
): Promise<{ edits: Edits; burst: Burst }> {
  const aws = await startVirtualAws('strict');
  try {
    return await aws.time.run(async () => {
      const config = configOf(sheets);
      await provisionVirtually(aws, config);
      const deployment = deploy(aws, config);
      const instances = Array.from({ length: INSTANCES }, () => deployment.instance());
      const edits = await playEdits(aws, deployment, instances, rounds);
      await aws.time.sleep(60_000);
      return { edits, burst: await playBurst(aws, deployment, instances, requests) };
    });
  } finally {
    await aws.close();
  }
}

/** Each sheet closes and opens its own service, again and again, as fast as its people think. */
async function playEdits(
  aws: VirtualAws,
  { config, settled }: Deployment,
  instances: readonly Dependencies[],
  rounds: number,
): Promise<Edits> {
  const { time, random } = aws;
  const ms: number[] = [];
  const before = heap();
  await Promise.all(
    config.services.map(async ({ name }, at) => {
      const lines = Array.from({ length: rounds }, (_none, round) =>
        line(`${round + 1}`, name, round % 2 === 0 ? 'Enter maintenance' : 'Exit maintenance'),
      );
      const sheet = new BenchSheet(aws, instances[at % INSTANCES] as Dependencies, lines, `release-${at}`);
      for (const step of lines) {
        await time.sleep(random() * LONGEST_THOUGHT_MS);
        const from = time.now();
        await sheet.run([step]);
        ms.push(time.now() - from);
      }
    }),
  );
  await settled();
  const after = heap();
  const reader = instances[0] as Dependencies;
  const found = await Promise.all(
    config.services.map(async ({ name }) => {
      const entries = await reader.store.audit(name, '', 10 * rounds);
      const { revision } = await reader.store.state(name);
      const ids = new Set(entries.map(({ operationId }) => operationId).filter(Boolean));
      return {
        operations: ids.size,
        isRight: revision === rounds && (await inWaf(reader, name)) === (await wanted(reader, name)),
      };
    }),
  );
  return {
    ...{ sheets: config.services.length, edits: ms.length, ms, heapBytes: { before, after } },
    audited: found.reduce((sum, { operations }) => sum + operations, 0),
    right: found.filter(({ isRight }) => isRight).length,
  };
}

/** One service, and everybody at once: closed, opened, closed, by as many doors as there are instances. */
async function playBurst(
  aws: VirtualAws,
  { settled }: Deployment,
  instances: readonly Dependencies[],
  requests: number,
): Promise<Burst> {
  const { time } = aws;
  const service = serviceName(0);
  const from = time.now();
  const answers = await Promise.all(
    Array.from({ length: requests }, async (_none, at) => {
      await time.sleep(at);
      const body = JSON.stringify({
        operationId: `production-burst-${String(at).padStart(4, '0')}`,
        service,
        action: at % 2 === 0 ? 'enter' : 'exit',
        requestedAt: new Date(time.now()).toISOString(),
        reason: 'everybody at once',
      });
      const event = {
        ...{ routeKey: 'POST /break-glass/operations', headers: {}, body },
        requestContext: { authorizer: { iam: { userArn: 'arn:aws:sts::111122223333:assumed-role/on-call/engineer' } } },
      };
      const { statusCode, body: said } = await answer(instances[at % INSTANCES] as Dependencies, event);
      return { statusCode, code: (JSON.parse(said) as { code?: string }).code ?? '' };
    }),
  );
  await settled();
  const refused: Record<string, number> = {};
  for (const { statusCode, code } of answers) {
    if (statusCode >= 300) refused[`${statusCode} ${code}`] = (refused[`${statusCode} ${code}`] ?? 0) + 1;
  }
  const reader = instances[0] as Dependencies;
  return {
    ...{ requests, refused, accepted: answers.filter(({ statusCode }) => statusCode < 300).length },
    ...{ wanted: await wanted(reader, service), inWaf: await inWaf(reader, service) },
    settledMs: time.now() - from,
  };
}

const wanted = async ({ store }: Dependencies, service: string): Promise<string> => {
  const { revision, mode } = await store.state(service);
  return `r${revision} ${mode}`;
};

async function inWaf({ ruleGroups, config, environment }: Dependencies, service: string): Promise<string> {
  const target = config.services.find(({ name }) => name === service)?.targets[0];
  if (!target) throw new Error(`There is no service ${service}.`);
  const { value } = await ruleGroups.read({ ...target, service, environment });
  return /r\d+ [\w-]+/.exec(value.Description ?? '')?.[0] ?? 'empty';
}

/** After everything that nobody needs is gone. */
export function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
