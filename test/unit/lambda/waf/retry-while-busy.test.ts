import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { retryWhileBusy } from '../../../../lambda/src/waf/retry-while-busy.ts';

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const BUSY = RuleGroupError.movedOn(PLACE);

/** @returns what it came to, and when it was tried. */
async function played(deadline: number, dice: number, attempt: (nth: number) => unknown) {
  let now = 0;
  const tried: number[] = [];
  const deps = {
    now: () => now,
    random: () => dice,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const done = await retryWhileBusy(deps, deadline, async () => {
    tried.push(now);
    return attempt(tried.length);
  });
  return { done, tried };
}
const always = () => {
  throw BUSY;
};

it('tries again after pauses that double, up to two seconds, until the next one would end too late', async () => {
  const { done, tried } = await played(8_650, 0.5, always);
  expect(done).toBe(BUSY);
  expect(tried).toEqual([0, 150, 450, 1_050, 2_250, 4_250, 6_250, 8_250]);
});

it('tries once more when the pause ends just in time', async () => {
  expect((await played(150, 0.5, always)).tried).toEqual([0, 150]);
  expect((await played(149, 0.5, always)).tried).toEqual([0]);
});

it('spreads those who wait, by half a pause to each side', async () => {
  expect((await played(75, 0, always)).tried).toEqual([0, 75]);
  expect((await played(225, 1, always)).tried).toEqual([0, 225]);
});

it('returns what it comes to at last', async () => {
  const { done, tried } = await played(10_000, 0.5, (nth) => (nth < 3 ? always() : 'written'));
  expect([done, tried.length]).toEqual(['written', 3]);
});

it('does not repeat what trying again cannot help', async () => {
  const missing = RuleGroupError.missing(PLACE, 'the group');
  const { done, tried } = await played(10_000, 0.5, () => {
    throw missing;
  });
  expect([done, tried.length]).toEqual([missing, 1]);
});

it('lets through what it does not know', async () => {
  const fault = () => {
    throw new TypeError('a fault of ours');
  };
  await expect(played(10_000, 0.5, fault)).rejects.toThrow('a fault of ours');
});
