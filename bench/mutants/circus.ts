import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What of jest's own parts is used here: the same runner and the same `expect`, without a new world for each file. */
export interface CircusTest {
  readonly type: 'test';
  readonly name: string;
  readonly parent: Describe;
  mode: unknown;
  readonly errors: unknown[];
  readonly duration?: number | null;
}

interface Describe {
  readonly type: 'describeBlock';
  readonly name: string;
  readonly parent?: Describe;
  readonly children: readonly (Describe | CircusTest)[];
  mode: unknown;
}

interface State {
  readonly rootDescribeBlock: Describe;
  currentlyRunningTest?: CircusTest | null;
  testTimeout: number;
  readonly unhandledErrors: unknown[];
}

export interface Event {
  readonly name: string;
  readonly test?: CircusTest;
}

export interface Circus {
  run(): Promise<unknown>;
  getState(): State;
  resetState(): void;
  addEventHandler(handler: (event: Event) => void): void;
}

interface Mocker {
  fn(...given: unknown[]): unknown;
  spyOn(...given: unknown[]): unknown;
}

/** Jest's own packages are found from jest, wherever npm has put them. */
function partsOfJest(root: string) {
  const from = (require: NodeJS.Require, name: string) => createRequire(require.resolve(name));
  const inConfig = ['jest', '@jest/core', 'jest-config'].reduce(from, createRequire(join(root, 'package.json')));
  const inCircus = from(inConfig, 'jest-circus');
  return {
    circus: inConfig('jest-circus') as Circus & Record<string, unknown>,
    expect: (inCircus('@jest/expect') as { jestExpect: unknown }).jestExpect,
    mock: from(inCircus, '@jest/environment')('jest-mock') as { ModuleMocker: new (global: unknown) => Mocker },
  };
}

const GIVEN = ['describe', 'it', 'test', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'];

/** Gives this process what a test file expects to find. */
export function loadCircus(root: string): Circus {
  const { circus, expect, mock } = partsOfJest(root);
  const mocker = new mock.ModuleMocker(globalThis);
  const jest = {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    setTimeout: (ms: number) => {
      circus.getState().testTimeout = ms;
    },
    // What fails is a result here.
    retryTimes: () => undefined,
  };
  Object.assign(globalThis, { expect, jest, ...Object.fromEntries(GIVEN.map((name) => [name, circus[name]])) });
  return circus;
}

/** Also skips what a `describe` holds, so that its hooks do not run for nothing. */
export function skipAllBut(block: Describe, isWanted: (test: CircusTest) => boolean): boolean {
  const wanted = block.children.map((child) => {
    if (child.type === 'describeBlock') return skipAllBut(child, isWanted);
    if (!isWanted(child)) child.mode = 'skip';
    return child.mode !== 'skip';
  });
  const some = wanted.includes(true);
  if (!some) block.mode = 'skip';
  return some;
}

export function nameOf({ name, parent }: { readonly name: string; readonly parent?: Describe }): string {
  // The outermost is jest's own.
  return parent?.parent ? `${nameOf(parent)} ${name}` : name;
}
