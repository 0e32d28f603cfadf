import type { Config, EnvironmentConfig } from '../config/schema.ts';
import { accountOf, onCallArn } from './accounts.ts';

/** Where testers come from on this machine: `curl --interface 127.0.0.2`, and ::1. */
const LOCAL_TESTERS = ['127.0.0.2/32', '::1/128'];

/** Nobody minds how often this machine asks itself. How many probes must agree is the same everywhere. */
export const LOCAL_PROOF: EnvironmentConfig['proof'] = { probesPerSecond: 250 };

/** The committed config with what only this machine needs: testers on loopback, proof within seconds, an on-call person. */
export function localConfig(config: Config, proof = LOCAL_PROOF): Config {
  const environments = Object.entries(config.environments).map(([name, environment]) => {
    const services = environment.services.map((service) => ({
      ...service,
      allowlist: [...new Set([...service.allowlist, ...LOCAL_TESTERS])].sort(),
    }));
    const principals = [...environment.breakGlass.principals, onCallArn(accountOf(name))];
    return [name, { ...environment, services, proof, breakGlass: { principals } }] as const;
  });
  return { ...config, environments: Object.fromEntries(environments) };
}
