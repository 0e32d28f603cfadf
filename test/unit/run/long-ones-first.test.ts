import LongOnesFirst from '../../run/long-ones-first.js';

type Tests = Parameters<InstanceType<typeof LongOnesFirst>['sort']>[0];

/** As jest hands them over: sizes from its file system, and no cache of an earlier run. */
const testsOf = (sizes: Readonly<Record<string, number>>): Tests => {
  const context = { config: { cache: false }, hasteFS: { getSize: (path: string) => sizes[path] } };
  return Object.keys(sizes).map((path) => ({ path, context })) as unknown as Tests;
};

const UNIT = '/there/test/unit/cdk/ceilings.test.ts';
const SIMULATION = '/there/test/simulation/servers.test.ts';
const [NIGHT, PAGE] = ['/there/test/end-to-end/night.test.ts', '/there/test/end-to-end/page.test.ts'];

it('begins with the tests that wait, the larger one of them first, however large the others are', () => {
  const sorted = new LongOnesFirst({} as never).sort(testsOf({ [UNIT]: 9, [NIGHT]: 1, [SIMULATION]: 3, [PAGE]: 2 }));
  expect(sorted.map(({ path }) => path)).toEqual([PAGE, NIGHT, SIMULATION, UNIT]);
});

it('begins with what failed the last time', () => {
  class AfterAFailure extends LongOnesFirst {
    override allFailedTests(tests: Tests): Tests {
      return tests.filter(({ path }) => path === UNIT);
    }
  }
  const sorted = new AfterAFailure({} as never).sort(testsOf({ [PAGE]: 2, [UNIT]: 1 }));
  expect(sorted.map(({ path }) => path)).toEqual([UNIT, PAGE]);
});
