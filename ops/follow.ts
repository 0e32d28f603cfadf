import { isFinal } from '../contract/operation.ts';
import type { Operation } from '../contract/operation-answer.ts';
import { UNPROVEN_AFTER_MS } from '../contract/timing.ts';
import { ApiDownError, type BreakGlassApi } from './break-glass-api.ts';
import { EXIT, type ExitCode, type Terminal } from './command.ts';

export interface FollowOptions {
  readonly api: Pick<BreakGlassApi, 'operation'>;
  readonly terminal: Pick<Terminal, 'out' | 'note'>;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** For programs: only what it came to, as one line of JSON; the sentences are notes. */
  readonly json?: boolean;
}

/** If the answer does not say. */
const POLL_EVERY_MS = 2_000;
/** However soon the answer wants to be asked. */
const SHORTEST_WAIT_MS = 250;

/**
 * Tells how an operation goes on, each sentence once, until it is proven or over; no longer than a sheet waits before its
 * row reads Unproven.
 */
export async function follow(
  first: Operation,
  { api, terminal, now, sleep, json = false }: FollowOptions,
): Promise<ExitCode> {
  const until = now() + UNPROVEN_AFTER_MS;
  let seen = first;
  const say = json ? terminal.note : terminal.out;
  say(seen.message);
  // Nobody will ever prove it: waiting would pretend otherwise.
  const isWatched = () => !isFinal(seen.state) && !(seen.state === 'accepted' && seen.proof.state === 'none');
  while (isWatched() && now() < until) {
    await sleep(Math.max(SHORTEST_WAIT_MS, seen.again?.afterMs ?? POLL_EVERY_MS));
    const next = await api.operation(seen.operationId).catch((error: unknown) => {
      // What is committed goes on without us.
      if (error instanceof ApiDownError) return undefined;
      throw error;
    });
    if (!next) terminal.note('The API does not answer just now. What it took is driven on every minute; asking again.');
    else if (next.message !== seen.message) say(next.message);
    seen = next ?? seen;
  }
  if (json) terminal.out(JSON.stringify(seen));
  return verdict(seen, terminal);
}

function verdict({ state, operationId }: Operation, terminal: Pick<Terminal, 'note'>): ExitCode {
  switch (state) {
    case 'verified':
      return EXIT.done;
    case 'refused':
    case 'superseded':
      return EXIT.failed;
    case 'accepted':
      terminal.note(`Accepted, not proven: the firewall took it. Look at the site yourself, and quote ${operationId}.`);
      return EXIT.notProven;
    case 'pending':
      terminal.note(`Not accepted everywhere yet. It is driven on every minute; quote ${operationId}.`);
      return EXIT.notProven;
  }
}
