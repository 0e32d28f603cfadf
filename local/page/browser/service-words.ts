import type { Mode } from '../../../contract/modes.ts';
import type { Proof } from '../../../contract/operation.ts';
import type { Seen, ServiceStatus } from '../../../contract/services.ts';

/** What may be said about a service: never more than was checked. */

const PROVEN: Readonly<Record<Mode, string>> = {
  normal: 'Open',
  maintenance: 'Closed',
  'maintenance-allowlist': 'Testers only',
};

const WANTED: Readonly<Record<Mode, string>> = {
  normal: 'Opening…',
  maintenance: 'Closing…',
  'maintenance-allowlist': 'Letting testers in…',
};

export interface Claim {
  /** `broken`: proven, and yet people do not get what they want. `trouble`: nothing can be said until a person acts. */
  readonly level: 'proven' | 'broken' | 'unproven' | 'trouble' | 'untouched';
  readonly text: string;
}

type Told = Pick<ServiceStatus, 'mode' | 'revision' | 'proof' | 'targets' | 'drift' | 'seen'>;

/** The mode as a claim: what is wanted is not yet what is. */
export const modeWords = (mode: Mode, { level }: Pick<Claim, 'level'>): string =>
  (level === 'unproven' || level === 'trouble' ? WANTED : PROVEN)[mode];

export function claimOf({ mode, revision, proof, targets, drift, seen }: Told, time: (at: string) => string): Claim {
  const contested = drift.find(({ state }) => state === 'contested');
  if (contested) {
    const text = `Somebody else keeps changing its firewall rules at ${contested.target}. Call the on-call engineer.`;
    return { level: 'trouble', text };
  }
  const bypassed = drift.find(({ state }) => state === 'bypassed');
  if (bypassed) {
    const { target, at } = bypassed;
    const text = `Visitors get in past its firewall rules at ${target} (seen at ${time(at)}): something leads around them. Call the on-call engineer.`;
    return { level: 'trouble', text };
  }
  if (revision === 0) return { level: 'untouched', text: 'Drawbridge has not changed it yet.' };
  const pending = targets.find(({ state }) => state === 'pending');
  if (pending) {
    const code = pending.code ? ` (${pending.code})` : '';
    return { level: 'unproven', text: `Not yet: the firewall at ${pending.target} has not taken it${code}.` };
  }
  if (proof.state === 'none') return { level: 'unproven', text: 'The firewall took it. Nobody probes this service.' };
  const { probes, agree, disagree, open, unknown } = proof;
  if (proof.state === 'verified') return provenClaim(mode, proof, seen, time);
  if (probes === 0)
    return { level: 'unproven', text: 'The firewall took it. Not proven yet: the first probes are out.' };
  const old = disagree - open;
  const rest = [
    open && `${open} still get in`,
    old && `${old} do not see it yet`,
    unknown && `${unknown} got no answer`,
  ];
  const text = [`${agree} of ${probes} probes agree`, ...rest.filter(Boolean)].join(', ');
  return { level: 'unproven', text: `Not proven yet: ${text}.` };
}

/** Probes are not testers: that testers really get in, nobody has seen. */
const RULE_IS_LIVE = ' The rule that lets testers in is live.';

/** Our rules are gone either way; whether the site itself is well is another claim. */
function provenClaim(
  mode: Mode,
  { probes, agree, verifiedAt, siteStatuses = [] }: Proof,
  seen: Seen | undefined,
  time: (at: string) => string,
): Claim {
  const when = verifiedAt ? ` at ${time(verifiedAt)}` : '';
  const again = seen && seen.at > (verifiedAt ?? '') ? ` ${lookedAgain(seen, time)}` : '';
  const live = mode === 'maintenance-allowlist' ? RULE_IS_LIVE : '';
  const proven = `Proven from outside${when}: ${agree} of ${probes} probes agree.${live}${again}`;
  const broken = [...new Set(siteStatuses.filter((status) => status >= 500))];
  if (broken.length === 0) return { level: 'proven', text: proven };
  return { level: 'broken', text: `${proven} But the site itself answers ${broken.join(', ')}. Call its team.` };
}

function lookedAgain({ at, agree, disagree, unknown }: Seen, time: (at: string) => string): string {
  const rest = unknown > 0 ? `, ${unknown} got no answer` : '';
  return `Looked again at ${time(at)}: ${agree} of ${agree + disagree + unknown} agree${rest}.`;
}

/** What somebody else changed and Drawbridge put right, once. */
export function mendedWords({ drift }: Pick<ServiceStatus, 'drift'>, time: (at: string) => string): string | undefined {
  const repaired = drift.filter(({ state }) => state === 'repaired');
  if (repaired.length === 0) return undefined;
  const places = repaired.map(({ target, at }) => `at ${target} (${time(at)})`).join(' and ');
  return `Somebody else changed its firewall rules ${places}; they were put right.`;
}
