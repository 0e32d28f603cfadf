import { type AllowlistEntry, testerOf } from '../../../contract/allowlist.ts';
import type { Mode } from '../../../contract/modes.ts';
import type { Drift } from '../../../contract/services.ts';
import { dateMinuteUtc } from './times.ts';

/** What the audit tells of things that no operation did. */

interface Place {
  readonly title: string;
  readonly target: string;
  readonly mode: Mode;
  readonly revision: number;
  readonly code?: string | undefined;
}

export const DRIFT_MESSAGES: Readonly<Record<Drift['state'], (place: Place) => string>> = {
  repaired: ({ title, target, mode, revision }) =>
    `Somebody changed ${title}'s firewall rules in ${target}. They were put back to ${mode} (r${revision}).`,
  contested: ({ title, target }) =>
    `Somebody changed ${title}'s firewall rules in ${target} again after they were put back. ` +
    'Drawbridge gives way: a person must decide.',
  bypassed: ({ title, target, mode, revision }) =>
    `Probes get in to ${title} at ${target}, though it should be ${mode} (r${revision}).`,
  unrepaired: ({ title, target, mode, revision, code }) =>
    `Somebody changed ${title}'s firewall rules in ${target}. They could not be put back to ${mode} (r${revision}): ${code}.`,
  unreadable: ({ title, target, mode, revision, code }) =>
    `${title}'s firewall rules in ${target} cannot be read (${code}): whether they are those of ${mode} (r${revision}), ` +
    'nobody knows.',
  gone: ({ title, target, mode, revision }) =>
    `The rule group of ${title} in ${target} does not exist any more: nothing there keeps it at ${mode} (r${revision}).`,
};

export const testersExpired = (title: string, ended: readonly AllowlistEntry[]): string =>
  `The time of ${ended.map(entryWords).join(', ')} on the allowlist of ${title} has ended; they are let in no more.`;

/** `192.0.2.10/32 (Ana)`. */
function entryWords(entry: AllowlistEntry): string {
  const { range, who } = testerOf(entry);
  return who ? `${range} (${who})` : range;
}

export const plannedEndMoved = (title: string, from: string | undefined, to: string): string =>
  `The planned end of ${title} was moved from ${from ? dateMinuteUtc(from) : 'no time at all'} to ${dateMinuteUtc(to)}.`;

export const repairsPaused = (title: string, until: string): string =>
  `Until ${dateMinuteUtc(until)} what somebody changes in the firewall rules of ${title} is left alone; or until somebody sets it.`;

export const repairsGoOn = (title: string): string =>
  `What somebody changes in the firewall rules of ${title} is put back again, once.`;
