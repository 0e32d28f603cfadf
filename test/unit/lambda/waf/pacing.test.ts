import { createPacing, type Pacing } from '../../../../lambda/src/waf/pacing.ts';
import { createVirtualTime, type VirtualTime } from '../../../virtual-time.ts';

const SHOP = { service: 'shop', region: 'eu-west-1' };
const FAR = { service: 'shop', region: 'us-east-1' };
const LATE = 3_600_000;

let time: VirtualTime;
let pacing: Pacing;
beforeEach(() => {
  time = createVirtualTime(0);
  pacing = createPacing(time, () => 0.5);
});

const throttled = () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
const times = <T>(count: number, one: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)));
/** When each of so many calls at once left. */
const leaving = (count: number, operation: string, until = LATE) =>
  time.run(() => times(count, () => pacing.call(SHOP, operation, until, async () => time.now())));

it('lets a write leave each second, and five reads in a second and a quarter, never two at once', async () => {
  expect(await leaving(4, 'UpdateRuleGroup')).toEqual([0, 1_050, 2_100, 3_150]);
  expect(await leaving(5, 'GetRuleGroup')).toEqual([3_150, 3_400, 3_650, 3_900, 4_150]);
  expect(await leaving(2, 'ListRuleGroups')).toEqual([4_150, 4_400]);
});

it('lets no operation and no region wait for another', async () => {
  const at = async () => time.now();
  const left = await time.run(() =>
    Promise.all([
      pacing.call(SHOP, 'UpdateRuleGroup', LATE, at),
      pacing.call(SHOP, 'UpdateIPSet', LATE, at),
      pacing.call(FAR, 'UpdateRuleGroup', LATE, at),
    ]),
  );
  expect(left).toEqual([0, 0, 0]);
});

it('lets work begin only when its write can leave at once, one after the other', async () => {
  const log: string[] = [];
  const work = async (name: number) => {
    log.push(`${name} reads at ${time.now()}`);
    await time.sleep(80);
    await pacing.call(SHOP, 'UpdateRuleGroup', LATE, async () => void log.push(`${name} writes at ${time.now()}`));
  };
  await time.run(() => times(3, (at) => pacing.inTurn(SHOP, 'UpdateRuleGroup', LATE, () => work(at))));
  expect(log).toEqual([
    ...['0 reads at 0', '0 writes at 80'],
    ...['1 reads at 1130', '1 writes at 1210'],
    ...['2 reads at 2260', '2 writes at 2340'],
  ]);
});

it('gives the turn on at once when nothing had to be written, or it failed', async () => {
  const fail = () => Promise.reject(new Error('conflict'));
  const done = await time.run(() =>
    Promise.allSettled([
      pacing.inTurn(SHOP, 'UpdateRuleGroup', LATE, async () => time.now()),
      pacing.inTurn(SHOP, 'UpdateRuleGroup', LATE, fail),
      pacing.inTurn(SHOP, 'UpdateRuleGroup', LATE, async () => time.now()),
    ]),
  );
  expect(done).toMatchObject([{ value: 0 }, { reason: { message: 'conflict' } }, { value: 0 }]);
});

it('says at once of whose turn would come too late that they wait, and does nothing for them', async () => {
  let worked = 0;
  const work = async () => {
    worked += 1;
    await pacing.call(SHOP, 'UpdateRuleGroup', 3_000, async () => undefined);
  };
  const done = await time.run(() =>
    Promise.allSettled(Array.from({ length: 20 }, () => pacing.inTurn(SHOP, 'UpdateRuleGroup', 3_000, work))),
  );
  const left = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect([worked, left.length]).toEqual([3, 17]);
  expect(left[0]).toMatchObject({ code: 'WAITS_FOR_TURN' });
  expect(time.now()).toBeLessThan(3_000);
});

it('repeats a throttled call alone, later each time, and lets the others of its kind wait too', async () => {
  const log: string[] = [];
  let refusals = 2;
  const first = async () => {
    log.push(`first at ${time.now()}`);
    refusals -= 1;
    if (refusals >= 0) throw throttled();
    return 'done';
  };
  const second = async () => void log.push(`second at ${time.now()}`);
  const [answer] = await time.run(() =>
    Promise.all([pacing.call(SHOP, 'GetRuleGroup', LATE, first), pacing.call(SHOP, 'GetRuleGroup', LATE, second)]),
  );
  expect(answer).toBe('done');
  expect(log).toEqual(['first at 0', 'second at 250', 'first at 500', 'first at 1000']);
});

it('gives a throttled call up in time, as throttled', async () => {
  const call = () => pacing.call(SHOP, 'GetRuleGroup', 5_000, () => Promise.reject(throttled()));
  await expect(time.run(call)).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect(time.now()).toBeLessThanOrEqual(5_000);
});

it('repeats nothing that was refused for another reason', async () => {
  let calls = 0;
  const send = async () => {
    calls += 1;
    throw new Error('stale');
  };
  await expect(time.run(() => pacing.call(SHOP, 'UpdateRuleGroup', LATE, send))).rejects.toThrow('stale');
  expect(calls).toBe(1);
});

it('tells whoever would wait too long at once, not when the time is over', async () => {
  const answers: (readonly [number, string])[] = [];
  const queue = () =>
    pacing.inTurn(SHOP, 'UpdateRuleGroup', 2_100, () =>
      pacing.call(SHOP, 'UpdateRuleGroup', LATE, async () => undefined),
    );
  await time.run(() =>
    times(5, () =>
      queue().then(
        () => answers.push([time.now(), 'written']),
        ({ code }) => answers.push([time.now(), code]),
      ),
    ),
  );
  // Who is due in the very last moment still gets its turn.
  expect(answers).toEqual([
    ...Array.from({ length: 2 }, () => [0, 'WAITS_FOR_TURN']),
    ...[0, 1_050, 2_100].map((at) => [at, 'written']),
  ]);
});

it('counts those who wait, and no longer those who are done', async () => {
  await leaving(3, 'UpdateRuleGroup');
  expect(await leaving(2, 'UpdateRuleGroup', 4_200)).toEqual([3_150, 4_200]);
});

it('lets a call leave in the very last moment, also one that is repeated', async () => {
  expect(await leaving(2, 'GetRuleGroup', 250)).toEqual([0, 250]);
  const left: number[] = [];
  const call = () =>
    pacing.call(FAR, 'GetRuleGroup', 500, async () => {
      left.push(time.now());
      throw throttled();
    });
  await expect(time.run(call)).rejects.toThrow('Rate exceeded');
  expect(left).toEqual([250, 500]);
});

it('gives up while it waits, when others are throttled so that its turn comes too late', async () => {
  pacing = createPacing(time, () => 1);
  const throttledOnce = async () => {
    if (time.now() > 0) return time.now();
    await time.sleep(10);
    throw throttled();
  };
  const done = await time.run(() =>
    Promise.allSettled([
      pacing.call(SHOP, 'GetRuleGroup', LATE, throttledOnce),
      time.sleep(5).then(() => pacing.call(SHOP, 'GetRuleGroup', 300, async () => time.now())),
    ]),
  );
  expect(done).toMatchObject([{ value: 385 }, { reason: { code: 'WAITS_FOR_TURN' } }]);
});

it.each([
  [0, 125],
  [1, 375],
])(
  'waits half as long or half as long again, by chance (%d): not all that were throttled come back at once',
  async (dice, pause) => {
    pacing = createPacing(time, () => dice);
    const left: number[] = [];
    await time.run(() =>
      pacing.call(SHOP, 'ListRuleGroups', LATE, async () => {
        left.push(time.now());
        if (left.length === 1) throw throttled();
      }),
    );
    expect(left).toEqual([0, Math.max(250, pause)]);
  },
);
