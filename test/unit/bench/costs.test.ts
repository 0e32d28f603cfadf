import { type Cost, measure } from '../../../bench/costs.ts';
import { DIST } from '../../stack.ts';

/** What the script may cost: Google grants its triggers so many minutes a day. `npm run costs` prints it. */

let costs: readonly Cost[];
beforeAll(async () => {
  costs = await measure(DIST);
}, 90_000);

test.each([
  ['an edit that cannot matter', 2],
  ['an idle minute', 1],
  ['one Go, from edit to Done, besides the polling', 30],
])('%s costs %d service calls at most', (what, most) => {
  const calls = costs.find((cost) => cost.what === what)?.calls ?? [];
  expect(calls.length).toBeGreaterThan(0);
  expect([calls.length <= most, calls]).toEqual([true, calls]);
});
