import { findNamed, type Known, namedLike } from '../../../apps-script/src/known-services.ts';

const service = (name: string, title: string, environment: string) => ({
  ...{ name, title, environment, operators: [], isProduction: environment === 'production' },
});
const staging = service('shop-staging', 'Shop', 'staging');
const shop = service('shop', 'Shop', 'production');
const known: Known = { services: [staging, shop], groups: [{ name: 'all', title: 'Everything', members: [shop] }] };
const environmentsOf = (text: string) => findNamed(known, text)?.members.map(({ environment }) => environment);

it('finds a service by its name, though another one is titled so', () => {
  expect(environmentsOf('shop')).toEqual(['production']);
  expect(environmentsOf(' Shop-Staging ')).toEqual(['staging']);
});

it('finds by a title what nothing else is titled', () => {
  expect(environmentsOf('everything')).toEqual(['production']);
});

it('finds nothing where two could be meant, and tells both', () => {
  const twins: Known = { services: [service('shop', 'Shop', 'staging'), shop], groups: [] };
  for (const text of ['shop', 'Shop']) expect(findNamed(twins, text)).toBeUndefined();
  const titled: Known = { services: [service('a', 'Shop', 'staging'), service('b', 'shop', 'production')], groups: [] };
  expect(findNamed(titled, 'Shop')).toBeUndefined();
  expect(namedLike(titled, 'Shop').flatMap(({ members }) => members.map(({ name }) => name))).toEqual(['a', 'b']);
});
