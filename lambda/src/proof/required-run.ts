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

/** A run that was broken after fewer probes than this was no try: while many requests still get in, runs are short. */
const TRY_FROM = 25;
/** The k-th try may be wrong with (1 - NEXT) * NEXT^k of the chance: together never more than all of it. */
const NEXT = 1 / 4;
/** More than one probe in so many without an answer break a run: what was hardly seen is not known. */
const UNANSWERED_ONE_IN = 20;

/** Since the last probe of a target that disagreed. */
export interface Run {
  readonly agreed: number;
  /** Probes without an answer: they say neither open nor closed, so they do not count, and a few do not break the run. */
  readonly unanswered: number;
  /** Runs before this one that were broken late. */
  readonly tries: number;
}

export const NO_RUN: Run = { agreed: 0, unanswered: 0, tries: 0 };

export type Answer = 'agrees' | 'disagrees' | 'unknown';

export function advanceRun(run: Run, answer: Answer): Run {
  if (answer === 'agrees') return { ...run, agreed: run.agreed + 1 };
  if (answer === 'disagrees') return broken(run);
  if (run.agreed === 0) return run;
  const unanswered = run.unanswered + 1;
  return unanswered * UNANSWERED_ONE_IN > run.agreed ? broken(run) : { ...run, unanswered };
}

const broken = ({ agreed, tries }: Run): Run => ({
  agreed: 0,
  unanswered: 0,
  tries: isUnderWay({ agreed }) ? tries + 1 : tries,
});

/** Long enough to be a try. */
export const isUnderWay = ({ agreed }: Pick<Run, 'agreed'>): boolean => agreed >= TRY_FROM;

/**
 * While at least `share` of the requests meet what was before, each probe agrees with a chance of 1 - share at most. A try
 * has seen {@link TRY_FROM} probes agree already; that the others do too must be less likely than what this try may cost.
 */
export function requiredRun(share: number, tries: number): number {
  const chance = CHANCE * (1 - NEXT) * NEXT ** tries;
  return TRY_FROM + Math.ceil(Math.log(chance) / Math.log(1 - share));
}

export const shareFor = (mode: Mode): number => (mode === 'normal' ? SHARES.open : SHARES.closed);

export const isLongEnough = (run: Run, share: number): boolean => run.agreed >= requiredRun(share, run.tries);
