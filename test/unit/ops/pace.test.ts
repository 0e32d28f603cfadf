import { createPace } from '../../../ops/pace.ts';

async function startsOf(kinds: string[]): Promise<number[]> {
  let now = 0;
  const pace = createPace({
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  });
  const starts: number[] = [];
  for (const kind of kinds) {
    await pace.turn(kind);
    starts.push(now);
  }
  return starts;
}

it('asks for what a web ACL protects less than once a second, and for anything else less than five times', async () => {
  const slow = await startsOf(Array(4).fill('eu-west-1 ListResourcesForWebACL'));
  expect(Math.min(...gaps(slow))).toBeGreaterThan(1_000);
  const quick = await startsOf(Array(20).fill('eu-west-1 GetWebACL'));
  expect(Math.min(...gaps(quick))).toBeGreaterThan(200);
});

it('lets other operations and other regions not wait for it', async () => {
  expect(await startsOf(['eu-west-1 GetWebACL', 'us-east-1 GetWebACL', 'eu-west-1 GetRuleGroup'])).toEqual([0, 0, 0]);
});

const gaps = (starts: number[]): number[] => starts.slice(1).map((at, index) => at - (starts[index] as number));
