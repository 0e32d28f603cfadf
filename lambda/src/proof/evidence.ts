import type { EnvironmentConfig } from '../../../config/schema.ts';
import type { ProofState, ServiceState } from '../model/service-state.ts';

/** What one probe saw. A transport error is unknown: it says neither open nor closed. */
export type Observation =
  | { readonly kind: 'answered'; readonly status: number; readonly maintenanceMode?: string }
  | { readonly kind: 'unknown'; readonly why: string };

export type ProofSettings = EnvironmentConfig['proof'];

/** Whether a probe saw exactly the wanted state: this revision's 503, or, for `normal`, none of our answers. */
export function agrees(seen: Observation, { mode, revision }: Pick<ServiceState, 'mode' | 'revision'>): boolean {
  if (seen.kind === 'unknown') return false;
  if (mode === 'normal') return seen.maintenanceMode === undefined;
  return seen.status === 503 && seen.maintenanceMode === `r${revision}`;
}

/** It got in, past whatever is ours. */
export const isOpen = (seen: Observation): boolean => seen.kind === 'answered' && seen.maintenanceMode === undefined;

/**
 * Adds one run of probes to what is known. Verified is an unbroken run of agreement: every probe of every run agreed,
 * from a first run to one that ended at least `spreadSeconds` later. Anything else starts it over. Pure.
 *
 * @param startedAt - Milliseconds since the epoch at which the run's first probe was sent; `endedAt` its last.
 */
export function advanceProof(
  previous: ProofState,
  seen: readonly Observation[],
  wanted: Pick<ServiceState, 'mode' | 'revision'>,
  { startedAt, endedAt }: { startedAt: number; endedAt: number },
  settings: Pick<ProofSettings, 'spreadSeconds'>,
): ProofState {
  const agree = seen.filter((one) => agrees(one, wanted)).length;
  const unknown = seen.filter(({ kind }) => kind === 'unknown').length;
  const checkedAt = new Date(endedAt).toISOString();
  const allAgree = seen.length > 0 && agree === seen.length;
  const firstAgreedAt = allAgree ? (previous.firstAgreedAt ?? new Date(startedAt).toISOString()) : undefined;
  const isProven = firstAgreedAt !== undefined && endedAt - Date.parse(firstAgreedAt) >= settings.spreadSeconds * 1_000;
  const statuses = seen.flatMap((one) => (one.kind === 'answered' ? [one.status] : []));
  return {
    state: isProven ? 'verified' : 'proving',
    probes: seen.length,
    agree,
    disagree: seen.length - agree - unknown,
    open: wanted.mode === 'normal' ? 0 : seen.filter(isOpen).length,
    unknown,
    checkedAt,
    firstAgreedAt,
    verifiedAt: isProven ? checkedAt : undefined,
    siteStatuses: wanted.mode === 'normal' ? [...new Set(statuses)].sort() : undefined,
  };
}
