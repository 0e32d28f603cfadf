import type { UnseenRange } from '../../../contract/allowlist.ts';

/** What stands beside a line of the tab Allowlist, in Check. */

/** From the internet testers come from another address than the one that their machine tells them. */
const unseen = (what: string): string => ` Note: it is ${what}, which a site on the internet never sees.`;
const NOTES: Readonly<Record<UnseenRange, string>> = {
  private: unseen('an address of a private network'),
  carrier: unseen('an address inside a provider’s network (CGNAT)'),
  'link-local': unseen('an address of one network cable or Wi-Fi (link-local)'),
  loopback: unseen('the address by which a machine calls itself (loopback)'),
  benchmark: unseen('an address for measurements (benchmarking)'),
};

export const lineMessages = {
  expired: 'Expired: this entry is not sent any more.',
  notATime:
    'Not sent: what stands under Until is no date with a time, such as 2026-11-22 06:00. Correct it, or leave it blank.',
  hasNoDate: 'Not sent: there is a time under Until, but no date. Write both, such as 2026-11-22 06:00.',
  double: (row: number) => `Not sent twice: row ${row} says the same.`,
  wrong: (why: string) => `Not sent: ${why}`,
  several: 'Not sent: there is more than one address in this line. Write one per line.',
  unknownService: (typed: string, names: readonly string[]) =>
    `Not sent: there is no Service "${typed}". There are: ${names.join(', ') || 'none yet'}.`,
  tooMany: (most: number) => `Not sent: ${most} lines at most can be sent for one service. Join some to a range.`,
  ready: (cidr: string) => `Ready (${cidr}): it is let in at the next Enable allowlist.`,
  notYet: (cidr: string, step: string | undefined) =>
    `Not sent yet (${cidr}): set ${step ? `step ${step}` : 'a step with Enable allowlist'} to Go.`,
  sent: (cidr: string) => `Let in (${cidr}).`,
  note: (range: UnseenRange | undefined) => (range === undefined ? '' : NOTES[range]),
  /** Their browser takes IPv6 where the site has it. */
  oneVersion: (version: 4 | 6) =>
    ` Note: only IPv${version} is listed for this tester. If they have an IPv${version === 4 ? 6 : 4} address as well, list that too.`,
} as const;
