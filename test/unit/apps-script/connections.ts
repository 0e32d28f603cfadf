import type { Connection } from '../../../apps-script/src/api/connection.ts';

/** Connections of a test: services by name, with their titles. */
export function connection(
  environment: string,
  services: Readonly<Record<string, string>>,
  groups: readonly { name: string; title: string; services: string[] }[] = [],
): Connection {
  return {
    environment,
    apiUrl: `https://api.${environment}.example.com`,
    tokenUrl: `https://auth.${environment}.example.com/oauth2/token`,
    clientId: 'id',
    clientSecret: 'secret',
    isProduction: environment === 'production',
    names: {
      hash: `hash-${environment}`,
      services: Object.entries(services).map(([name, title]) => ({ name, title })),
      groups: [...groups],
    },
  };
}

export const PRODUCTION = connection('production', { shop: 'Shop', webshop: 'Webshop', payments: 'Payments' }, [
  { name: 'storefront', title: 'Storefront', services: ['shop', 'payments'] },
]);
export const STAGING = connection('staging', { 'shop-staging': 'Shop (staging)' });
