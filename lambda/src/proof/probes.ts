import { targetName } from '../../../config/names.ts';
import type { EnvironmentConfig, ServiceConfig } from '../../../config/schema.ts';
import type { Probed, Way } from './evidence.ts';
import type { Probe } from './probe.ts';
import type { Run } from './required-run.ts';

/** Which page of a target is asked next, at which address, in which way; and how many at once. */

/** Every so many-th probe comes as visitors do; the others go past the caches. */
export const VISITOR_EVERY = 5;

export interface Question {
  readonly url: string;
  /** Addresses of its host are taken in turn. */
  readonly nth: number;
  readonly way: Way;
}

/** Every page at one address before the next, in both ways. @param index - Counts the probes of this target. */
export function questionAt(urls: readonly string[], index: number): Question {
  const round = Math.floor(index / VISITOR_EVERY);
  const isVisitor = index % VISITOR_EVERY === VISITOR_EVERY - 1;
  const turn = isVisitor ? round : index - round;
  return {
    url: urls[turn % urls.length] as string,
    nth: Math.floor(turn / urls.length),
    way: isVisitor ? 'as-visitor' : 'past-caches',
  };
}

export interface ProbedTarget {
  readonly name: string;
  readonly urls: readonly string[];
}

/** Those whose config says where to look. */
export const probedTargets = ({ targets }: Pick<ServiceConfig, 'targets'>): ProbedTarget[] =>
  targets.flatMap((target) =>
    target.verification === 'none' ? [] : [{ name: targetName(target), urls: target.verification.urls }],
  );

/** Sends some probes to one target at once. @param first - The index of the first one; others follow. */
export function ask(
  probe: Probe,
  { name, urls }: ProbedTarget,
  { first, count, address }: { first: number; count: number; address: number },
): Promise<Probed[]> {
  return Promise.all(
    Array.from({ length: count }, async (_none, at): Promise<Probed> => {
      const { url, nth, way } = questionAt(urls, first + at);
      return { target: name, way, seen: await probe(url, address + nth, way) };
    }),
  );
}

/** Probes go out in rounds, of so long. */
export const ROUND_MS = 200;
/** In the first round after a probe that disagreed; then they become more with the run. */
const FEWEST_IN_ROUND = 2;

/** How many probes of a target go out together: few while most still disagree. */
export const sizeOfRound = ({ agreed }: Pick<Run, 'agreed'>, { probesPerSecond }: EnvironmentConfig['proof']): number =>
  Math.min(Math.ceil((probesPerSecond * ROUND_MS) / 1_000), FEWEST_IN_ROUND + agreed);
