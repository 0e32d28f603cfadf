import type { Mode } from '../../../contract/modes.ts';
import type { Proof } from '../../../contract/operation.ts';
import type { ServiceStatus } from '../../../contract/services.ts';

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

type Told = Pick<ServiceStatus, 'mode' | 'revision' | 'proof' | 'targets' | 'drift'>;

/** The mode as a claim: what is wanted is not yet what is. */
export const modeWords = (mode: Mode, { level }: Pick<Claim, 'level'>): string =>
  (level === 'unproven' || level === 'trouble' ? WANTED : PROVEN)[mode];

export function claimOf({ mode, revision, proof, targets, drift }: Told, time: (at: string) => string): Claim {
  const contested = drift.find(({ state }) => state === 'contested');
  if (contested) {
    const text = `Somebody else keeps changing its firewall rules at ${contested.target}. Call the on-call engineer.`;
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
  if (proof.state === 'verified') return provenClaim(mode, proof, time);
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
  time: (at: string) => string,
): Claim {
  const when = verifiedAt ? ` at ${time(verifiedAt)}` : '';
  const seen = `Proven from outside${when}: ${agree} of ${probes} probes agree.${mode === 'maintenance-allowlist' ? RULE_IS_LIVE : ''}`;
  const broken = [...new Set(siteStatuses.filter((status) => status >= 500))];
  if (broken.length === 0) return { level: 'proven', text: seen };
  return { level: 'broken', text: `${seen} But the site itself answers ${broken.join(', ')}. Call its team.` };
}
