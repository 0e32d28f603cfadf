import { targetName } from '../../../config/names.ts';
import type { EnvironmentConfig, ServiceConfig } from '../../../config/schema.ts';
import { type ServiceState, stateOf } from './service-state.ts';

/** An environment as its config has it, and the services that it has lost while they were closed. Pure. */
export interface KnownEnvironment extends EnvironmentConfig {
  /** Names among `services` that are not in the config any more: they can be opened, and nothing else. */
  readonly orphans?: readonly string[];
}

export const isOrphaned = ({ orphans = [] }: KnownEnvironment, service: string): boolean => orphans.includes(service);

/** @param states - Of services that were closed, by name. */
export function withOrphans(config: EnvironmentConfig, states: ReadonlyMap<string, ServiceState>): KnownEnvironment {
  const isInConfig = (name: string) => config.services.some((service) => service.name === name);
  const lost = [...states].flatMap(([name, { kept }]) => (kept && !isInConfig(name) ? [kept] : []));
  if (lost.length === 0) return config;
  return { ...config, services: [...config.services, ...lost], orphans: lost.map(({ name }) => name) };
}

/** Targets that the config lost while the service was closed are closed still: they are opened with the others. */
export function withKeptTargets(service: ServiceConfig, { kept }: ServiceState): ServiceConfig {
  const names = new Set(service.targets.map(targetName));
  const lost = kept?.targets.filter((target) => !names.has(targetName(target))) ?? [];
  return lost.length === 0 ? service : { ...service, targets: [...service.targets, ...lost] };
}

/** Nothing more is expected of a proof that did not come in a day: a service that is gone has no site to look at. */
const LONGEST_PROOF_MS = 24 * 60 * 60_000;

/** It is open again, and nothing of ours is left in its firewall. */
export function isForgettable(state: ServiceState, now: number): boolean {
  const { mode, proof, acceptedAt } = state;
  if (mode !== 'normal' || stateOf(state) === 'pending') return false;
  if (proof.state !== 'proving') return true;
  return acceptedAt !== undefined && now - Date.parse(acceptedAt) > LONGEST_PROOF_MS;
}
