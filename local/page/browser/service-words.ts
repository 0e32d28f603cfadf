import type { Mode } from '../../../contract/modes.ts';
import type { ServiceStatus } from '../../../contract/services.ts';

/** What may be said about a service: never more than was checked. */

export const MODE_CHIPS: Readonly<Record<Mode, string>> = {
  normal: 'Open',
  maintenance: 'Closed',
  'maintenance-allowlist': 'Testers only',
};

export interface Claim {
  readonly level: 'proven' | 'unproven' | 'trouble' | 'untouched';
  readonly text: string;
}

type Told = Pick<ServiceStatus, 'mode' | 'revision' | 'proof' | 'targets' | 'drift'>;

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
  const { probes, agree, disagree, unknown } = proof;
  if (proof.state === 'verified') {
    const when = proof.verifiedAt ? ` at ${time(proof.verifiedAt)}` : '';
    return { level: 'proven', text: `Proven from outside${when}: ${agree} of ${probes} probes agree.` };
  }
  if (probes === 0)
    return { level: 'unproven', text: 'The firewall took it. Not proven yet: the first probes are out.' };
  const others = mode === 'normal' ? 'are still kept out' : 'see another state';
  const rest = [disagree && `${disagree} ${others}`, unknown && `${unknown} got no answer`].filter(Boolean);
  return { level: 'unproven', text: `Not proven yet: ${[`${agree} of ${probes} probes agree`, ...rest].join(', ')}.` };
}
