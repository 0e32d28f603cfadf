import { measure } from '../../../bench/costs/costs.ts';
import { WHAT } from '../../../bench/costs/day.ts';
import type { WakeUp } from '../../../bench/costs/wake-up.ts';
import { DIST } from '../../stack.ts';

/** What the script may cost: Google grants its triggers so many minutes a day. `npm run costs` prints it. */

let wakeUps: readonly WakeUp[];
beforeAll(async () => {
  wakeUps = await measure(DIST, [1]);
}, 90_000);

test.each([
  [WHAT.idleEdit, 0],
  [WHAT.idleTick, 1],
  [WHAT.sent, 8],
])('%s costs %d service calls at most', (what, most) => {
  const calls = wakeUps.find((wakeUp) => wakeUp.what === what)?.calls;
  expect([calls !== undefined && calls.length <= most, calls]).toEqual([true, calls]);
});
