import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Stack, startStack } from '../../local/stack.ts';
import { editOnce } from '../path/path.ts';
import { heap } from './load.ts';

/** People who have no token ask, ten times as often as may be, on every door that is open to the network, while a Go must get through. */

export interface Flood {
  /** Milliseconds from the edit until WAF has it, with nobody else and in the flood; one of each in turn. */
  readonly alone: readonly number[];
  readonly flooded: readonly number[];
  readonly answers: Readonly<Record<string, number>>;
  /** Runs of functions that the flood has cost. */
  readonly invocations: number;
  readonly heapBytes: { readonly before: number; readonly after: number };
}

/** Some 200 a second, ten times what the gateway lets through; more would only be the machine in its own way. */
const AT_ONCE = 10;
const PAUSE_MS = 50;
const BETWEEN_MS = 10_000;
const FREE = { writesPerSecond: 1_000, readsPerSecond: 1_000 };

export async function measureFlood(dist: URL, rounds: number): Promise<Flood> {
  const stack = await startStack({
    ...{ dist, quotas: FREE, propagation: { minMs: 0, maxMs: 1 }, proof: { probesPerSecond: 500 } },
  });
  try {
    const answers: Record<string, number> = {};
    const alone: number[] = [];
    const flooded: number[] = [];
    let invocations = 0;
    // Warm, and the first flood has made what stays.
    await pass(stack);
    await inFlood(stack, {}, () => pass(stack));
    const before = heap();
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await pass(stack));
      const countRuns = watchRuns(stack);
      flooded.push(await inFlood(stack, answers, () => pass(stack)));
      invocations += countRuns();
    }
    return { alone, flooded, answers, invocations, heapBytes: { before, after: heap() } };
  } finally {
    await stack.close();
  }
}

async function pass(stack: Stack): Promise<number> {
  stack.clock.moveTo(stack.clock.now() + BETWEEN_MS);
  return (await editOnce(stack)).closedMs;
}

/** Runs that are not the sheet's own: of Slack's door, and of the public status. */
function watchRuns({ onHop, deployments }: Stack): () => number {
  let runs = 0;
  const name = deployments.production?.slack?.name;
  const end = onHop(({ part, what }) => {
    if (part === 'lambda' && what === name) runs += 1;
  });
  return () => {
    end();
    return runs;
  };
}

async function inFlood<T>({ gateway }: Stack, answers: Record<string, number>, work: () => Promise<T>): Promise<T> {
  const base = gateway.apiUrl('production');
  const doors = [
    ['POST', '/rundowns/release-42/sync', {}],
    ['POST', '/rundowns/release-42/sync', { authorization: 'Bearer nobody.has.signed' }],
    ['POST', '/break-glass/operations', {}],
    ['POST', '/slack', { 'x-slack-signature': 'v0=0', 'x-slack-request-timestamp': '0' }],
    ['GET', '/services', {}],
  ] as const;
  let isOver = false;
  const one = async (from: number) => {
    for (let at = from; !isOver; at += 1) {
      const [method, path, headers] = doors[at % doors.length] as (typeof doors)[number];
      const status = await ask(method, `${base}${path}`, headers);
      const key = `${method} ${path}: ${status}`;
      answers[key] = (answers[key] ?? 0) + 1;
      await sleep(PAUSE_MS);
    }
  };
  const flood = Promise.all(Array.from({ length: AT_ONCE }, (_none, from) => one(from)));
  try {
    return await work();
  } finally {
    isOver = true;
    await flood;
  }
}

const ask = (method: string, url: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve) => {
    const sent = request(url, { method, headers: { ...headers, 'content-type': 'application/json' } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', () => resolve(0));
    sent.end(method === 'POST' ? '{}' : undefined);
  });
