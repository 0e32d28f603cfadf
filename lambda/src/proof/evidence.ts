import type { ProofState, ServiceState } from '../model/service-state.ts';
import {
  type Answer,
  advanceRun,
  isLongEnough,
  isTry,
  NO_RUN,
  type Run,
  requiredRun,
  shareFor,
} from './required-run.ts';

/** What one probe saw. A transport error is unknown: it says neither open nor closed. */
export type Observation = Answered | { readonly kind: 'unknown'; readonly why: string };

interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly maintenanceMode?: string;
}

/** Past any cache, to meet the firewall; or as visitors come, who may be given a copy that was kept before it. */
export type Way = 'past-caches' | 'as-visitor';

export interface Probed {
  readonly target: string;
  readonly way: Way;
  readonly seen: Observation;
}

type Wanted = Pick<ServiceState, 'mode' | 'revision'>;

/** Whether a probe saw exactly the wanted state: this revision's 503, or, for `normal`, none of our answers. */
export function agrees(seen: Observation, { mode, revision }: Wanted): boolean {
  if (seen.kind === 'unknown') return false;
  if (mode === 'normal') return seen.maintenanceMode === undefined;
  return seen.status === 503 && seen.maintenanceMode === `r${revision}`;
}

/** It got in, past whatever is ours. */
export const isOpen = (seen: Observation): boolean => seen.kind === 'answered' && seen.maintenanceMode === undefined;

const answerOf = (seen: Observation, wanted: Wanted): Answer => {
  if (seen.kind === 'unknown') return 'unknown';
  return agrees(seen, wanted) ? 'agrees' : 'disagrees';
};

/** By target, since its last probe that disagreed. */
export type Runs = Readonly<Record<string, Run>>;

/** @param probed - In the order in which they were sent. */
export function advanceRuns(before: Runs, probed: readonly Probed[], wanted: Wanted): Runs {
  const runs: Record<string, Run> = { ...before };
  for (const { target, seen } of probed) {
    runs[target] = advanceRun(runs[target] ?? NO_RUN, answerOf(seen, wanted), shareFor(wanted.mode));
  }
  return runs;
}

export const isProven = (run: Run | undefined, { mode }: Pick<Wanted, 'mode'>): boolean =>
  run !== undefined && isLongEnough(run, shareFor(mode));

export interface Probing {
  readonly probed: readonly Probed[];
  /** All targets that are probed, also those that are proven already. */
  readonly targets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  /** The region that the probes were sent from. */
  readonly from: string;
}

/**
 * Adds what was seen to what is known. Verified is one unbroken run of agreement at every target, each as long as it must
 * be. What is told are the runs once they are under way, and before that the probes of this call. Pure.
 */
export function advanceProof(
  previous: ProofState,
  { probed, targets, endedAt, from }: Probing,
  wanted: Wanted,
): ProofState {
  const runs = advanceRuns(previous.runs ?? {}, probed, wanted);
  const own = targets.map((target) => runs[target] ?? NO_RUN);
  const verified = own.length > 0 && own.every((run) => isProven(run, wanted));
  const share = shareFor(wanted.mode);
  const checkedAt = new Date(endedAt).toISOString();
  // A 503 of ours, where the change has not come to yet, is no answer of the site.
  const ofSite = probed.filter(({ seen }) => agrees(seen, wanted));
  const statuses = ofSite.map(({ seen }) => (seen as Answered).status);
  const known = new Set([...(previous.siteStatuses ?? []), ...statuses]);
  return {
    state: verified ? 'verified' : 'proving',
    ...(own.every((run) => isTry(run, share)) ? countsOfRuns(own) : countsOfProbes(probed, wanted)),
    needed: own.reduce((sum, { tries }) => sum + requiredRun(share, tries), 0),
    cached: verified ? undefined : cachedCopies(probed, wanted),
    from,
    checkedAt,
    runs,
    verifiedAt: verified ? checkedAt : undefined,
    siteStatuses: wanted.mode === 'normal' ? [...known].sort() : undefined,
  };
}

function countsOfRuns(runs: readonly Run[]) {
  const agree = runs.reduce((sum, { agreed }) => sum + agreed, 0);
  const unknown = runs.reduce((sum, { unanswered }) => sum + unanswered, 0);
  return { probes: agree + unknown, agree, disagree: 0, open: 0, unknown };
}

function countsOfProbes(probed: readonly Probed[], wanted: Wanted) {
  const agree = probed.filter(({ seen }) => agrees(seen, wanted)).length;
  const unknown = probed.filter(({ seen }) => seen.kind === 'unknown').length;
  const open = wanted.mode === 'normal' ? 0 : probed.filter(({ seen }) => isOpen(seen)).length;
  return { probes: probed.length, agree, disagree: probed.length - agree - unknown, open, unknown };
}

/** Fewer may be chance, while a change spreads. */
const FEWEST_COPIES = 3;
const FEWEST_PAST_CACHES = 10;

/**
 * Probes that came as visitors do and saw what was before, though none past the caches did: copies that some CDN keeps.
 * @returns How many; undefined if that is not what was seen.
 */
export function cachedCopies(probed: readonly Probed[], wanted: Wanted): number | undefined {
  const disagrees = ({ seen }: Probed) => answerOf(seen, wanted) === 'disagrees';
  const past = probed.filter(({ way, seen }) => way === 'past-caches' && seen.kind === 'answered');
  if (past.length < FEWEST_PAST_CACHES || past.some(disagrees)) return undefined;
  const copies = probed.filter(disagrees).length;
  return copies >= FEWEST_COPIES ? copies : undefined;
}
