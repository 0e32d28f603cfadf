import { createThrottle } from '../../../../local/gateway/throttle.ts';

it('lets a burst through, then as many a second as it should, and saves up no more than a burst', () => {
  let now = 0;
  const mayPass = createThrottle({ ratePerSecond: 2, burst: 3 }, () => now);
  const passing = (count: number) => Array.from({ length: count }, mayPass).filter(Boolean).length;
  expect(passing(10)).toBe(3);
  now += 500;
  expect(passing(10)).toBe(1);
  now += 1_000;
  expect(passing(10)).toBe(2);
  now += 3_600_000;
  expect(passing(10)).toBe(3);
});
