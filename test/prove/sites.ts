import { IN_IRELAND, SERVICES, type Site } from '../simulation/servers.ts';

/** Which environments a night has, and where their services are. */

export const SITES = ['one place', 'many places', 'many places, one unproven'] as const;
export type SiteName = (typeof SITES)[number];

const IN_VIRGINIA = { scope: 'REGIONAL', region: 'us-east-1', isProbed: true } as const;
const IN_CLOUDFRONT = { ...IN_VIRGINIA, scope: 'CLOUDFRONT' } as const;

const GROUPS = [{ name: 'storefront', services: SERVICES }];
const STAGING: Site = {
  environment: 'staging',
  isProduction: false,
  services: [{ name: 'shop-staging', title: 'Shop (staging)', targets: [IN_IRELAND, IN_VIRGINIA] }],
  groups: [],
};

/** @returns Production first. */
export function sitesOf(name: SiteName): readonly Site[] {
  const production = { environment: 'production', isProduction: true, groups: GROUPS };
  if (name === 'one place') {
    return [{ ...production, services: SERVICES.map((service) => ({ name: service, targets: [IN_IRELAND] })) }];
  }
  const second = { ...IN_VIRGINIA, isProbed: name === 'many places' };
  return [
    {
      ...production,
      services: [
        { name: 'shop', targets: [IN_CLOUDFRONT, IN_IRELAND] },
        { name: 'payments', targets: [IN_IRELAND, second] },
      ],
    },
    STAGING,
  ];
}

/** Of all environments. */
export const servicesOf = (name: SiteName): string[] =>
  sitesOf(name).flatMap(({ services }) => services.map((service) => service.name));
