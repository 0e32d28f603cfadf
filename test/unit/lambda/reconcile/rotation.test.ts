import { type Candidate, createPace, servicesToRead } from '../../../../lambda/src/reconcile/rotation.ts';

const services = (count: number, isClosed: (index: number) => boolean, reads = 1): Candidate[] =>
  Array.from({ length: count }, (_none, index) => ({ name: `service-${index}`, isClosed: isClosed(index), reads }));
const none = () => false;
const all = () => true;
/** How often each was looked at in so many minutes. */
function timesIn(minutes: number, candidates: Candidate[]): number[] {
  const times = new Map(candidates.map(({ name }) => [name, 0]));
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const name of servicesToRead(candidates, minute)) times.set(name, (times.get(name) ?? 0) + 1);
  }
  return [...times.values()];
}

it('looks at closed services each minute, and at open ones once in ten', () => {
  const times = timesIn(
    10,
    services(20, (index) => index < 5),
  );
  expect(times).toEqual([...Array(5).fill(10), ...Array(15).fill(1)]);
});

it('looks at fifty in a minute when five hundred are open', () => {
  const open = services(500, none);
  for (let minute = 0; minute < 10; minute += 1) expect(servicesToRead(open, minute).size).toBe(50);
  expect(new Set(timesIn(10, open))).toEqual(new Set([1]));
});

it.each([1, 2])(
  'never reads more than WAF lets, and forgets nobody, when five hundred are closed (%i reads)',
  (reads) => {
    const closed = services(500, all, reads);
    for (let minute = 0; minute < 10; minute += 1)
      expect(servicesToRead(closed, minute).size * reads).toBeLessThanOrEqual(110);
    expect(Math.min(...timesIn(10, closed))).toBeGreaterThan(0);
  },
);

it('comes to the open ones too while very many are closed', () => {
  const mixed = services(500, (index) => index % 2 === 0);
  for (let minute = 0; minute < 10; minute += 1) expect(servicesToRead(mixed, minute).size).toBeLessThanOrEqual(110);
  expect(Math.min(...timesIn(60, mixed))).toBeGreaterThan(0);
});

it('has nobody to look at in an empty list', () => {
  expect([...servicesToRead([], 7)]).toEqual([]);
});

it('begins no more reads in a region than three a second, whatever the other regions do', async () => {
  let now = 0;
  const begun: { region: string; at: number }[] = [];
  const pace = createPace({
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  });
  for (let index = 0; index < 30; index += 1) {
    for (const region of ['eu-west-1', 'us-east-1']) {
      await pace(region, 1);
      begun.push({ region, at: now });
    }
  }
  const inRegion = begun.filter(({ region }) => region === 'eu-west-1').map(({ at }) => at);
  for (const at of inRegion) {
    expect(inRegion.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(3);
  }
  expect(now).toBeLessThan(11_000);
});

it('begins no read after the end of the tick, and waits for none that would be', async () => {
  let now = 0;
  const sleep = async (ms: number) => {
    now += ms;
  };
  const pace = createPace({ now: () => now, sleep }, 500);
  expect([await pace('eu-west-1', 1), await pace('eu-west-1', 1), now]).toEqual([true, true, 334]);
  expect([await pace('eu-west-1', 1), now]).toEqual([false, 334]);
  expect(await pace('us-east-1', 1)).toBe(true);
});
