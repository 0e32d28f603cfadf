import type { EnvironmentConfig, ServiceConfig } from '../../../config/schema.ts';

/** Who may act on a service, in lower case: Google and people do not agree on capitals. */
export const operatorsOf = (
  environment: Pick<EnvironmentConfig, 'operators'>,
  service: Pick<ServiceConfig, 'operators'>,
): string[] => [...new Set([...environment.operators, ...service.operators].map((one) => one.toLowerCase()))];
