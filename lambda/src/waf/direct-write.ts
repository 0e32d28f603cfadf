import { liveEntries } from '../../../contract/allowlist.ts';
import type { Action, Mode } from '../../../contract/modes.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import { type DirectStamp, parseDirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';

/**
 * Break-glass past the API: while that is down, on-call people write the rules themselves and say so in the group's
 * Description. What is newer than the last operation is their decision, and becomes the desired state.
 */

/** @returns The stamp of a direct write that the desired state does not know yet. */
export function unadoptedStamp(description: string | undefined, state: ServiceState): DirectStamp | undefined {
  const stamp = parseDirectStamp(description ?? '');
  return stamp && isNewer(stamp, state) ? stamp : undefined;
}

/** Newer than the last operation, and another one than the last direct write, or written after that was adopted. */
export function isNewer({ at }: DirectStamp, { operation, adopted = '', adoptedAt = adopted }: ServiceState): boolean {
  const since = adoptedAt < adopted ? adoptedAt : adopted;
  return at !== adopted && at > since && (!operation || at > operation.committedAt);
}

/** A target may be written directly a moment after another one was adopted. */
export const isAdopted = (description: string, { adopted }: ServiceState): boolean =>
  adopted !== undefined && parseDirectStamp(description)?.at === adopted;

/** The targets are written one by one, and perhaps by two people: the newest counts. */
export const newestStamp = (stamps: readonly DirectStamp[]): DirectStamp | undefined =>
  [...stamps].sort((a, b) => (a.at < b.at ? 1 : -1))[0];

const ACTION_TO: Readonly<Record<Mode, Action>> = {
  normal: 'exit',
  maintenance: 'enter',
  'maintenance-allowlist': 'enable-allowlist',
};

/** The direct write as an operation. Testers who were let in stay so. */
export function requestOf(stamp: DirectStamp, service: string, state: ServiceState, now: number): OperationRequest {
  const isAllowlist = stamp.mode === 'maintenance-allowlist';
  return {
    operationId: idOf(stamp, service),
    service,
    action: ACTION_TO[stamp.mode],
    requestedBy: stamp.actor,
    requestedAt: stamp.at,
    source: { kind: 'break-glass' },
    reason: 'Written into the firewall directly, past the API.',
    ...(stamp.plannedEnd && stamp.mode !== 'normal' ? { plannedEnd: stamp.plannedEnd } : {}),
    ...(isAllowlist ? { allowlist: liveEntries(state.allowlist, now) } : {}),
  };
}

const LONGEST_ID = 64;
/** One command may write several services in the same millisecond. */
const idOf = ({ at }: DirectStamp, service: string): string =>
  `direct-${at.replace(/\D/g, '')}-${service}`.slice(0, LONGEST_ID);
