import type { Mode } from '../../../contract/modes.ts';
import type { Drift, ServiceStatus } from '../../../contract/services.ts';
import { UNPROVEN_AFTER_MS } from '../../../contract/timing.ts';

/** What may be said of a service: never more than was checked. Pure; the sheet's board and the commands share it. */

export const PROVEN_WORDS = {
  normal: 'Open',
  maintenance: 'Closed',
  'maintenance-allowlist': 'Testers only',
} as const satisfies Readonly<Record<Mode, string>>;
/** Wanted, and not proven yet. */
export const UNDER_WAY_WORDS = {
  normal: 'Opening…',
  maintenance: 'Closing…',
  'maintenance-allowlist': 'Letting testers in…',
} as const satisfies Readonly<Record<Mode, string>>;
/** Taken by the firewall, and nobody looks from outside. */
export const UNCHECKED_WORDS = {
  normal: 'Open, unchecked',
  maintenance: 'Closed, unchecked',
  'maintenance-allowlist': 'Testers, unchecked',
} as const satisfies Readonly<Record<Mode, string>>;
/** What was seen from outside, or found in the firewall, is not what was set; or it should long be proven. */
export const UNSURE_WORD = 'In doubt';

export interface JudgeOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** An ISO time as the reader's clock shows it. */
  formatTime(iso: string): string;
}

/** @returns The mode as a claim, in a word or two. */
export function modeWord(status: ServiceStatus, now: number): string {
  const { mode, drift, seen, proof, targets, revision } = status;
  if (isDoubted({ drift, seen })) return UNSURE_WORD;
  if (revision === 0 || proof.state === 'verified') return PROVEN_WORDS[mode];
  if (targets.some(({ state }) => state === 'pending')) return UNDER_WAY_WORDS[mode];
  if (proof.state === 'none') return UNCHECKED_WORDS[mode];
  return now - lastTakenAt(status) > UNPROVEN_AFTER_MS ? UNSURE_WORD : UNDER_WAY_WORDS[mode];
}

/** What was found, and has not been put right. */
export const standingDrift = (drift: readonly Drift[]): Drift[] => drift.filter(({ state }) => state !== 'repaired');

/** Since when something of that stands. */
export const firstFoundAt = (drift: readonly Drift[]): string | undefined =>
  standingDrift(drift)
    .map(({ at }) => at)
    .sort()[0];

/** What was found since is not what was set and proven. */
export const isDoubted = ({
  drift,
  seen,
}: { readonly drift: readonly Drift[] } & Pick<ServiceStatus, 'seen'>): boolean =>
  standingDrift(drift).length > 0 || (seen !== undefined && seen.disagree > 0);

/** `Shop: Closed 02:05`; in doubt, since when it is that. */
export function nowWords(status: ServiceStatus, { now, formatTime }: JudgeOptions): string {
  const { title, revision, drift, seen } = status;
  const since = isDoubted(status) ? (firstFoundAt(drift) ?? seen?.at) : status.since;
  return `${title}: ${modeWord(status, now)}${since === undefined || revision === 0 ? '' : ` ${formatTime(since)}`}`;
}

const lastTakenAt = ({ targets }: ServiceStatus): number =>
  Math.max(...targets.flatMap(({ at }) => (at === undefined ? [] : [Date.parse(at)])));

/** What is known, the worst first: sentences. */
export function knownOf(status: ServiceStatus, { formatTime, now }: JudgeOptions): string[] {
  return [
    ...(status.orphaned ? [ORPHANED_WORDS] : []),
    ...pauseWords(status, formatTime, now),
    ...driftWords(status.drift, formatTime),
    ...lookWords(status, formatTime),
    proofWords(status, formatTime),
    ...siteWords(status),
  ];
}

function pauseWords({ repairPause }: ServiceStatus, formatTime: FormatTime, now: number): string[] {
  if (!repairPause || Date.parse(repairPause.until) <= now) return [];
  const { until, by } = repairPause;
  return [`REPAIRS PAUSED until ${formatTime(until)} by ${by}: what somebody changes in its rules is left alone.`];
}

const ORPHANED_WORDS =
  'NOT IN THE CONFIG ANY MORE: visitors stay out until somebody opens it with Exit maintenance. Nothing else can be set.';

interface DriftFacts extends Drift {
  readonly time: string;
  /** Nothing else is wrong with the target: its rules were read, and are what they should be. */
  readonly areOurs: boolean;
}

export const driftWords = (drift: readonly Drift[], formatTime: FormatTime): string[] =>
  drift.map((one) => DRIFT_WORDS[one.state]({ ...one, time: formatTime(one.at), areOurs: areOurs(one, drift) }));

const areOurs = ({ target }: Drift, all: readonly Drift[]): boolean =>
  all.every((one) => one.target !== target || one.state === 'bypassed' || one.state === 'repaired');

const DRIFT_WORDS: Readonly<Record<Drift['state'], (drift: DriftFacts) => string>> = {
  contested: ({ target, time }) =>
    `CONTESTED since ${time}: somebody keeps changing the rules of ${target}, and Drawbridge gives way. Call the on-call engineer.`,
  unrepaired: ({ target, time, code }) =>
    `NOT REPAIRED since ${time}: somebody changed the rules of ${target}, and the firewall does not take ours (${code}). ` +
    'It is tried every minute. Call the on-call engineer.',
  bypassed: ({ target, time, areOurs }) =>
    areOurs
      ? `BYPASSED since ${time}: the rules of ${target} are right, and yet visitors get in. Call the on-call engineer.`
      : `BYPASSED since ${time}: visitors get in at ${target}. Call the on-call engineer.`,
  unreadable: ({ target, time, code }) =>
    `UNREADABLE since ${time}: the rules of ${target} cannot be read (${code}), so nobody knows what they are. ` +
    'It is tried every minute. Call the on-call engineer.',
  gone: ({ target, time }) =>
    `GONE since ${time}: the rule group of ${target} does not exist any more, so nothing closes it there. Call the on-call engineer.`,
  repaired: ({ target, time }) => `Somebody changed the rules of ${target}; they were put back at ${time}.`,
};

const INVALIDATE = 'Cached copies are still served: invalidate the CDN’s cache.';

type FormatTime = JudgeOptions['formatTime'];

const of = (count: number, all: number): string => `${count} of ${all} probe${all === 1 ? '' : 's'}`;

/** The last look at a closed service, after its operation was proven. */
function lookWords({ seen }: ServiceStatus, formatTime: FormatTime): string[] {
  if (!seen) return [];
  const { at, agree, disagree, unknown, cached } = seen;
  const all = agree + disagree + unknown;
  if (cached) return [`${of(cached, all)} were given a copy from before at ${formatTime(at)}. ${INVALIDATE}`];
  if (disagree > 0) return [`${of(disagree, all)} did not see it so at ${formatTime(at)}.`];
  return unknown > 0 ? [`${of(unknown, all)} got no answer at ${formatTime(at)}.`] : [`Seen so at ${formatTime(at)}.`];
}

function proofWords(status: ServiceStatus, formatTime: FormatTime): string {
  const { mode, revision, proof, targets } = status;
  if (revision === 0) return 'Drawbridge has never closed it.';
  const waiting = targets.filter(({ state }) => state === 'pending');
  if (waiting.length > 0) {
    const where = waiting.map(({ target, code }) => (code ? `${target} (${code})` : target)).join(' and ');
    return `Not everywhere yet: the firewall of ${where} has not taken it. It is tried every minute.`;
  }
  if (proof.state === 'none') return 'The firewall accepted it; nobody checks it from outside (verification: none).';
  if (proof.state === 'verified') {
    const at = formatTime(proof.verifiedAt ?? proof.checkedAt ?? '');
    // Probes are not testers: that testers really get in, nobody has seen.
    const isPast = isDoubted(status);
    const live = mode === 'maintenance-allowlist' && !isPast ? ' The rule that lets testers in is live.' : '';
    const from = proof.from ? `, sent from ${proof.from},` : '';
    const begin = isPast ? 'Before that it was proven from outside' : 'Proven from outside';
    return `${begin}: ${of(proof.agree, proof.probes)}${from} agreed at ${at}.${live}`;
  }
  if (!proof.checkedAt) return 'The firewall accepted it; the first probes are on their way.';
  const checked = formatTime(proof.checkedAt);
  if (proof.cached) {
    const copies = `${of(proof.cached, proof.probes)} were given a copy from before at ${checked}`;
    return `The firewall accepted it; not proven yet: ${copies}. ${INVALIDATE}`;
  }
  const left = proof.disagree + proof.unknown;
  if (left === 0) {
    const needed = proof.needed ? `, ${proof.needed} are needed` : '';
    return `The firewall accepted it; not proven yet: all ${proof.probes} probes agree so far${needed} (${checked}).`;
  }
  return `The firewall accepted it; not proven yet: ${of(left, proof.probes)} did not see it at ${checked}.`;
}

/** Our rules are gone either way; whether the site itself is well is another claim. */
function siteWords({ proof }: ServiceStatus): string[] {
  const broken = [...new Set((proof.siteStatuses ?? []).filter((status) => status >= 500))];
  if (proof.state !== 'verified' || broken.length === 0) return [];
  return [`But the site itself answers ${broken.join(', ')}. Call its team.`];
}
