import type { ServicesNow } from '../../sheet-host.ts';

/** Whether what a visitor got is what is wanted of the service. Pure. */

type Service = ServicesNow['services'][number];

export type Verdict = 'as-wanted' | 'not-yet' | 'not-wanted';

type Wanted = Pick<Service, 'mode' | 'proof' | 'revision'>;

const CLOSED_TO: Readonly<Record<Service['mode'], readonly string[]>> = {
  normal: [],
  maintenance: ['public', 'tester'],
  'maintenance-allowlist': ['public'],
};

/** @param status - Of HTTP. */
export function verdictOn({ mode, proof, revision }: Wanted, visitor: 'public' | 'tester', status: number): Verdict {
  const isRight = CLOSED_TO[mode].includes(visitor) ? status === 503 : status < 400;
  if (isRight) return 'as-wanted';
  return revision > 0 && proof.state !== 'verified' ? 'not-yet' : 'not-wanted';
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  'as-wanted': 'as wanted',
  'not-yet': 'not yet as wanted',
  'not-wanted': 'NOT as wanted',
};
