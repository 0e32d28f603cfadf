import type { Mode } from '../../../contract/modes.ts';

/**
 * How many probes in a row must agree before a change may be called verified. Pure; the model, its parameters and what it
 * leaves out are in docs/proof.md, and `npm run bench -- proof` plays this very code.
 *
 * The claim: whatever the way in which a change spreads, the chance that it is called verified while still
 * {@link SHARES} of the requests meet what was before is {@link CHANCE} at most.
 */

/** At most so often, verified is said too early. */
export const CHANCE = 1 / 1_000;

/** The share of requests that still meet what was before, from which on verified would be wrong. */
export const SHARES = {
  /** That get in to a closed service. */
  closed: 1 / 100,
  /** That are kept out of an open one: nobody is harmed, and each of these probes reaches the site itself. */
  open: 1 / 10,
} as const;

/** What the first try may cost of the chance; the others share the rest, each less than the one before. */
const FIRST = 3 / 4;
/** More than one probe in so many without an answer break a run: what was hardly seen is not known. */
const UNANSWERED_ONE_IN = 20;

/** Since the last probe of a target that disagreed. */
export interface Run {
  readonly agreed: number;
  /** Probes without an answer: they say neither open nor closed, so they do not count, and a few do not break the run. */
  readonly unanswered: number;
  /** Runs before this one that came far and were broken. */
  readonly tries: number;
}

export const NO_RUN: Run = { agreed: 0, unanswered: 0, tries: 0 };

export type Answer = 'agrees' | 'disagrees' | 'unknown';

/** @param share - As {@link shareFor} says. */
export function advanceRun(run: Run, answer: Answer, share: number): Run {
  if (answer === 'agrees') return { agreed: run.agreed + 1, unanswered: run.unanswered, tries: run.tries };
  if (answer === 'disagrees') return broken(run, share);
  const unanswered = run.unanswered + 1;
  return unanswered * UNANSWERED_ONE_IN > run.agreed ? broken(run, share) : { ...run, unanswered };
}

const broken = ({ agreed, tries }: Run, share: number): Run => ({
  agreed: 0,
  unanswered: 0,
  tries: isTry({ agreed }, share) ? tries + 1 : tries,
});

/** With just that share left, one in so many probes disagrees: a run that is shorter was broken by more, and is no try. */
const tryFrom = (share: number): number => Math.round(1 / share);

export const isTry = ({ agreed }: Pick<Run, 'agreed'>, share: number): boolean => agreed >= tryFrom(share);

/**
 * While at least `share` of the requests meet what was before, each probe agrees with a chance of 1 - share at most. What
 * is a try has seen some probes agree already; that the others do too must be less likely than what this try may cost.
 */
export function requiredRun(share: number, tries: number): number {
  // 1/2 + 1/6 + 1/12 + … of the rest: together all of it, however many tries there are.
  const part = tries === 0 ? FIRST : (1 - FIRST) / (tries * (tries + 1));
  return tryFrom(share) + Math.ceil(Math.log(CHANCE * part) / Math.log(1 - share));
}

export const shareFor = (mode: Mode): number => (mode === 'normal' ? SHARES.open : SHARES.closed);

export const isLongEnough = (run: Run, share: number): boolean => run.agreed >= requiredRun(share, run.tries);
