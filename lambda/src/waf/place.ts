import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';

/** One service at one place in WAF. */
export type Place = Pick<TargetConfig, 'scope' | 'region'> & { readonly environment: string; readonly service: string };

export const placeOf = (
  { environment, name }: Pick<ServiceConfig, 'environment' | 'name'>,
  { scope, region }: Pick<TargetConfig, 'scope' | 'region'>,
): Place => ({
  environment,
  service: name,
  scope,
  region,
});
