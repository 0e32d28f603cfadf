import { MODE_WORDS } from '../../contract/modes.ts';
import type { ServiceStatus } from '../../contract/services.ts';

/** Whether a push would meet a release. Pure: over what the environments tell. */

/** A service as `GET /services` tells it; `armed` counts the steps that wait for their time, where it is told. */
export type ReleaseService = Pick<ServiceStatus, 'title' | 'mode' | 'revision' | 'proof' | 'targets' | 'holder'> & {
  readonly armed?: number;
};

export interface EnvironmentStatus {
  readonly environment: string;
  readonly services: readonly ReleaseService[];
}

/** One line for each service that a release holds; empty if there is none. */
export const releaseOn = (told: readonly EnvironmentStatus[]): string[] =>
  told.flatMap(({ environment, services }) =>
    services.flatMap((service) => {
      const why = reasonsOf(service);
      return why.length === 0 ? [] : [`${service.title} (${environment}): ${why.join('; ')}.`];
    }),
  );

function reasonsOf({ mode, revision, proof, targets, holder, armed = 0 }: ReleaseService): string[] {
  const by = holder ? `, held by ${holder.step ? `step ${holder.step} of ` : ''}${holder.by}` : '';
  const isRunning = targets.some(({ state }) => state === 'pending') || (revision > 0 && proof.state === 'proving');
  return [
    ...(mode === 'normal' ? [] : [`${MODE_WORDS[mode]}${by}`]),
    ...(isRunning ? ['its last change is not proven yet'] : []),
    ...(armed === 0 ? [] : [armed === 1 ? '1 step is armed' : `${armed} steps are armed`]),
  ];
}

/** The environments that say nothing of armed steps. */
export const withoutArmedCounts = (told: readonly EnvironmentStatus[]): string[] =>
  told
    .filter(({ services }) => services.some(({ armed }) => armed === undefined))
    .map(({ environment }) => environment);
