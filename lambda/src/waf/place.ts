import type { TargetConfig } from '../../../config/schema.ts';

/** One service at one place in WAF. */
export type Place = Pick<TargetConfig, 'scope' | 'region'> & { readonly service: string };
