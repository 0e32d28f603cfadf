import ipaddr from 'ipaddr.js';
import * as z from 'zod/mini';
import { isoInstant } from './time.ts';

/**
 * An address or range in the only form that WAF takes: CIDR, network address, no `/0` [1].
 * @see [1] https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html
 */
export type AllowlistCheck =
  | { readonly ok: true; readonly cidr: string; readonly version: 4 | 6 }
  | { readonly ok: false; readonly message: string };

/** The widest ranges that may be let in: wider ones are a typing error more often than a wish. */
export const WIDEST = { 4: 8, 6: 19 } as const;
export const ALLOWLIST_MAX_ENTRIES = 1000;

const no = (message: string): AllowlistCheck => ({ ok: false, message });

/** Checks one entry as a person typed it; a bare address gets its `/32` or `/128`. */
export function checkAllowlistEntry(typed: string): AllowlistCheck {
  const text = typed.trim();
  const [address = '', prefix, ...rest] = text.split('/');
  // Leading zeros and two-part forms mean different addresses to different programs.
  const isIpv4 = ipaddr.IPv4.isValidFourPartDecimal(address);
  if (rest.length > 0 || address.includes('%') || (!isIpv4 && !ipaddr.IPv6.isValid(address))) {
    return no('It must be an IPv4 or IPv6 address or range, such as 192.0.2.10, 192.0.2.0/24 or 2001:db8::/32.');
  }
  const version = isIpv4 ? 4 : 6;
  const bits = version === 4 ? 32 : 128;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix))
    return no(`After the slash there must be a number up to ${bits}.`);
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return no(`After the slash there must be a number up to ${bits}.`);
  if (length === 0) return no('A range ending in /0 is the whole internet. Name the testers’ own addresses.');
  if (length < WIDEST[version]) return no(`The range is too wide: /${WIDEST[version]} is the widest that is let in.`);
  const range = `${address}/${length}`;
  const network = version === 4 ? ipaddr.IPv4.networkAddressFromCIDR(range) : ipaddr.IPv6.networkAddressFromCIDR(range);
  const given = ipaddr.parse(address);
  if (version === 6 && (given as ipaddr.IPv6).isIPv4MappedAddress()) {
    return no(
      `It is an IPv4 address written as an IPv6 one, and never matches. Write ${(given as ipaddr.IPv6).toIPv4Address()}/32.`,
    );
  }
  const canonical = version === 6 ? (network as ipaddr.IPv6).toRFC5952String() : network.toString();
  if (given.toNormalizedString() !== network.toNormalizedString()) {
    return no(
      `The address lies inside its range. Write ${canonical}/${length} for the range, or ${address}/${bits} for the one address.`,
    );
  }
  return { ok: true, cidr: `${canonical}/${length}`, version };
}

/** Addresses that no site on the internet ever sees as a visitor's. */
export type UnseenRange = 'private' | 'carrier' | 'link-local' | 'loopback' | 'benchmark';

const UNSEEN: Readonly<Record<string, UnseenRange>> = {
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'carrier',
  linkLocal: 'link-local',
  loopback: 'loopback',
  benchmarking: 'benchmark',
};
const IPV4_BENCHMARK = ipaddr.IPv4.parseCIDR('198.18.0.0/15');

/** @param cidr - Must have been checked. */
export function unseenRange(cidr: string): UnseenRange | undefined {
  const address = ipaddr.parse(cidr.split('/')[0] as string);
  if (address.kind() === 'ipv4' && (address as ipaddr.IPv4).match(IPV4_BENCHMARK)) return 'benchmark';
  return UNSEEN[address.range()];
}

const range = (error: string) =>
  z.string(error).check(
    z.superRefine((entry, context) => {
      const checked = checkAllowlistEntry(entry);
      if (!checked.ok) context.addIssue({ code: 'custom', message: checked.message, input: entry });
    }),
  );
const notTooMany = z.maxLength(ALLOWLIST_MAX_ENTRIES, `It may have ${ALLOWLIST_MAX_ENTRIES} entries at most.`);

/** A list of ranges in canonical form, sorted and without doubles; so that equal lists are equal. */
export const allowlistSchema = z.pipe(
  z.array(range('It must be text.')).check(notTooMany),
  z.transform((entries: string[]) => canonicalAllowlist(entries)),
);

/** Who is let in, and until when. Without an end: as long as this maintenance lasts. */
export interface Tester {
  readonly range: string;
  readonly who?: string | undefined;
  /** ISO 8601, UTC. */
  readonly until?: string | undefined;
}
/** One that says neither who nor until when is only its range: as a list of plain ranges always was. */
export type AllowlistEntry = string | Tester;

export const LONGEST_WHO = 128;
const tester = z.strictObject({
  range: range('It must be text.'),
  who: z.optional(
    z.string('It must be text.').check(z.maxLength(LONGEST_WHO, `It may have ${LONGEST_WHO} characters at most.`)),
  ),
  until: z.optional(isoInstant),
});
export const allowlistEntry = z.union([range('It must be text, or { range, who, until }.'), tester]);

/** What an operation lets in, in canonical form. */
export const allowlistEntries = z.pipe(
  z.array(allowlistEntry).check(notTooMany),
  z.transform((entries: AllowlistEntry[]) => canonicalEntries(entries)),
);

export const testerOf = (entry: AllowlistEntry): Tester => (typeof entry === 'string' ? { range: entry } : entry);

/** Those whose time has not ended. @param now - Milliseconds since the epoch. */
export const liveEntries = (entries: readonly AllowlistEntry[], now: number): AllowlistEntry[] =>
  entries.filter((entry) => !hasEnded(testerOf(entry), now));

export const hasEnded = ({ until }: Tester, now: number): boolean => until !== undefined && Date.parse(until) <= now;

/** Sorted, each range once: with all who come from there, until the last of them goes. Entries must have been checked. */
export function canonicalEntries(entries: readonly AllowlistEntry[]): AllowlistEntry[] {
  const byRange = new Map<string, Tester[]>();
  for (const one of entries.map(testerOf)) {
    const [cidr = ''] = canonicalAllowlist([one.range]);
    byRange.set(cidr, [...(byRange.get(cidr) ?? []), one]);
  }
  return [...byRange.keys()].sort().map((cidr) => merged(cidr, byRange.get(cidr) ?? []));
}

function merged(cidr: string, testers: readonly Tester[]): AllowlistEntry {
  const who = [...new Set(testers.flatMap((one) => one.who?.trim() || []))].join(', ');
  const ends = testers.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)]));
  const isForGood = ends.length < testers.length;
  const until = isForGood ? undefined : new Date(Math.max(...ends)).toISOString();
  if (!who && !until) return cidr;
  return { range: cidr, ...(who ? { who } : {}), ...(until ? { until } : {}) };
}

/** Entries must have been checked; see {@link checkAllowlistEntry}. */
export function canonicalAllowlist(entries: readonly string[]): string[] {
  const cidrs = entries.map((entry) => {
    const checked = checkAllowlistEntry(entry);
    if (!checked.ok) throw new Error(`unchecked allowlist entry ${entry}: ${checked.message}`);
    return checked.cidr;
  });
  return [...new Set(cidrs)].sort();
}
