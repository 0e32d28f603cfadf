import { type ReleaseService, releaseOn, withoutArmedCounts } from '../../../../ops/sheet-push/release-on.ts';

const proof = { probes: 5, agree: 5, disagree: 0, open: 0, unknown: 0 };
const OPEN: ReleaseService = {
  title: 'Shop',
  mode: 'normal',
  revision: 4,
  proof: { ...proof, state: 'verified' },
  targets: [],
};
const told = (...services: ReleaseService[]) => [{ environment: 'production', services }];

it.each([
  ['open and proven', OPEN],
  ['open, and its config says that nobody proves it', { ...OPEN, proof: { ...proof, state: 'none' as const } }],
  ['never touched, and so never proven', { ...OPEN, revision: 0, proof: { ...proof, state: 'proving' as const } }],
  ['open, with no step armed', { ...OPEN, armed: 0 }],
])('is not on where every service is %s', (_what, service) => {
  expect(releaseOn(told(service))).toEqual([]);
});

it('names each service that it holds, why, and by whom', () => {
  const testers: ReleaseService = {
    ...OPEN,
    mode: 'maintenance-allowlist',
    holder: { by: 'duty.manager@example.com' },
  };
  const armed: ReleaseService = { ...OPEN, title: 'Payments', armed: 1 };
  const lines = releaseOn([...told(OPEN, testers), { environment: 'staging', services: [armed] }]);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^Shop \(production\): .*, held by duty\.manager@example\.com\.$/);
  expect(lines[1]).toBe('Payments (staging): 1 step is armed.');
});

it('knows which environments say nothing of armed steps', () => {
  expect(withoutArmedCounts(told(OPEN, { ...OPEN, armed: 0 }))).toEqual(['production']);
  expect(withoutArmedCounts(told({ ...OPEN, armed: 0 }))).toEqual([]);
});
