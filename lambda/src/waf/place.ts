import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';

/** One service at one place in WAF. */
export type Place = Pick<TargetConfig, 'scope' | 'region'> & { readonly service: string };

export const placeOf = ({ name }: Pick<ServiceConfig, 'name'>, { scope, region }: TargetConfig): Place => ({
  service: name,
  scope,
  region,
});
