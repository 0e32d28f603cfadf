import { plainText } from '../../../../contract/status.ts';
import {
  findNamed,
  type Known,
  type KnownService,
  type Named,
  namedLike,
} from '../../../../lambda/src/model/service-names.ts';

const service = (name: string, title: string): KnownService => ({ name, title, operators: [] });
const one = (member: KnownService): Named => ({
  ...member,
  plainTitle: plainText(member.title),
  members: [member],
  isGroup: false,
});
const staging = service('shop-staging', 'Shop');
const shop = service('shop', 'The shop');
const known: Known = [
  one(staging),
  one(shop),
  { name: 'all', title: 'Everything', plainTitle: 'everything', members: [staging, shop], isGroup: true },
];
const namesOf = (text: string) => findNamed(known, text)?.members.map(({ name }) => name);

it('finds a service by its name, though another one is titled so', () => {
  expect(namesOf('shop')).toEqual(['shop']);
  expect(namesOf(' Shop-Staging ')).toEqual(['shop-staging']);
});

it('finds by a title what nothing else is titled', () => {
  expect(namesOf('the shop')).toEqual(['shop']);
  expect(namesOf('everything')).toEqual(['shop-staging', 'shop']);
});

it('finds nothing where two could be meant, and tells both', () => {
  const twins: Known = [one(service('shop', 'Shop')), one(service('shop', 'Shop'))];
  for (const text of ['shop', 'Shop']) expect(findNamed(twins, text)).toBeUndefined();
  const titled: Known = [one(service('a', 'Shop')), one(service('b', 'shop'))];
  expect(findNamed(titled, 'Shop')).toBeUndefined();
  expect(namedLike(titled, 'Shop').flatMap(({ members }) => members.map(({ name }) => name))).toEqual(['a', 'b']);
});
