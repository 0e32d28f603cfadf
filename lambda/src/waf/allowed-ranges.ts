import type { ServiceConfig } from '../../../config/schema.ts';
import { type AllowlistEntry, canonicalAllowlist, liveEntries, testerOf } from '../../../contract/allowlist.ts';
import type { ServiceState } from '../model/service-state.ts';

/** The ranges that are let in at this moment: the config's permanent ones, and those whose time has not ended. */
export const rangesLetIn = (
  { allowlist: permanent }: ServiceConfig,
  { allowlist }: Pick<ServiceState, 'allowlist'>,
  now: number,
): string[] => canonicalAllowlist([...permanent, ...liveEntries(allowlist, now).map((entry) => testerOf(entry).range)]);

/** `192.0.2.10/32 (Ana)`, for people. */
export function inWords(entry: AllowlistEntry): string {
  const { range, who } = testerOf(entry);
  return who ? `${range} (${who})` : range;
}
