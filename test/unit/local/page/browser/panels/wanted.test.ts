import { verdictOn } from '../../../../../../local/page/browser/panels/wanted.ts';

const service = (mode: 'normal' | 'maintenance' | 'maintenance-allowlist', state = 'verified') =>
  ({ mode, revision: 3, proof: { state } }) as Parameters<typeof verdictOn>[0];

it.each([
  ['normal', 'public', 200, 'as-wanted'],
  ['normal', 'public', 503, 'not-wanted'],
  ['maintenance', 'public', 503, 'as-wanted'],
  ['maintenance', 'tester', 200, 'not-wanted'],
  ['maintenance-allowlist', 'tester', 200, 'as-wanted'],
  ['maintenance-allowlist', 'public', 200, 'not-wanted'],
] as const)('in %s, %s with %d is %s', (mode, visitor, status, verdict) => {
  expect(verdictOn(service(mode), visitor, status)).toBe(verdict);
});

it('before it is proven, what is otherwise is not yet so', () => {
  expect(verdictOn(service('maintenance', 'pending'), 'public', 200)).toBe('not-yet');
});
