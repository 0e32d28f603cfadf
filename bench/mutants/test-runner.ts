import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import type { MutantCoverage, StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { bundleTests, testsBelow } from './bundle-tests.ts';
import { type Circus, type CircusTest, type Event, loadCircus, nameOf, skipAllBut } from './circus.ts';
import { isInSample } from './sample.ts';

/** What the mutated code looks at. */
interface Stryker {
  activeMutant?: string;
  currentTestId?: string;
  mutantCoverage?: MutantCoverage;
  hitCount?: number;
  hitLimit?: number;
}
const stryker: Stryker = {};
Object.assign(globalThis, { __stryker__: stryker });

/** What the dry run found, for the processes that try mutants. */
interface Found {
  /** By mutant that acts while files are loaded: the files that run it, then or in a test. */
  readonly loadedBy: Record<string, string[]>;
  /** By file: how long its tests take. */
  readonly takesMs: Record<string, number>;
  /** Tests that cost too much to be asked about each mutant that nothing else sees. */
  readonly costly: string[];
}

const TEST_TIMEOUT_MS = 30_000;
const MOST_CPU_MS = 500;
/** A file name and a test name are one id. */
const BETWEEN = ' › ';
const cpuMs = (from: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
};
const fileOf = (id: string) => id.slice(0, id.indexOf(BETWEEN));

/**
 * Runs tests with jest's runner and matchers, in one process and without jest's own loading: a mutant that one test sees costs
 * that test, not a second of loading for each file.
 */
class CircusTestRunner implements TestRunner {
  static readonly inject = tokens(commonTokens.options);
  private readonly root = process.cwd();
  private readonly scripts = new Map<string, vm.Script>();
  private circus!: Circus;
  private scriptOf!: (test: string) => string;
  private readonly tests: readonly string[];
  private file = '';
  private isWanted: (id: string) => boolean = () => true;
  private hasFailed = false;
  private bails = false;
  private cpuBefore = process.cpuUsage();
  private readonly costly = new Set<string>();
  private readonly oneIn: number;

  constructor(options: StrykerOptions) {
    this.tests = testsBelow(this.root, options.tests as readonly string[]);
    this.oneIn = options.oneIn as number;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.scriptOf = await bundleTests(this.root, this.tests);
    this.circus = loadCircus(this.root);
    this.circus.addEventHandler((event) => this.follow(event));
    process.on('unhandledRejection', (reason) => {
      const { currentlyRunningTest, unhandledErrors } = this.circus.getState();
      (currentlyRunningTest?.errors ?? unhandledErrors).push(reason);
    });
    for (const name of ['log', 'info', 'warn', 'error'] as const) console[name] = () => undefined;
  }

  async dryRun(): Promise<DryRunResult> {
    const found: Found = { loadedBy: {}, takesMs: {}, costly: [] };
    const coverage: MutantCoverage = { static: {}, perTest: {} };
    const results: TestResult[] = [];
    const ranBy = new Map<string, ReadonlySet<string>>();
    for (const file of this.tests) {
      const ofFile: MutantCoverage = { static: {}, perTest: {} };
      stryker.mutantCoverage = ofFile;
      const from = process.cpuUsage();
      results.push(...(await this.runFile(file)));
      found.takesMs[file] = cpuMs(from);
      Object.assign(coverage.perTest, ofFile.perTest);
      for (const [mutant, count] of Object.entries(ofFile.static)) {
        coverage.static[mutant] = (coverage.static[mutant] ?? 0) + count;
      }
      const inTests = Object.values(ofFile.perTest).flatMap((one) => Object.keys(one));
      ranBy.set(file, new Set([...Object.keys(ofFile.static), ...inTests]));
    }
    for (const mutant of Object.keys(coverage.static)) {
      found.loadedBy[mutant] = this.tests.filter((file) => ranBy.get(file)?.has(mutant));
    }
    found.costly.push(...this.costly);
    for (const id of this.costly) delete coverage.perTest[id];
    mkdirSync(dirname(this.foundFile), { recursive: true });
    writeFileSync(this.foundFile, JSON.stringify(found));
    return {
      status: DryRunStatus.Complete,
      tests: results.filter(({ id }) => !this.costly.has(id)),
      mutantCoverage: coverage,
    };
  }

  async mutantRun({
    activeMutant,
    testFilter,
    hitLimit,
    disableBail,
    mutantActivation,
    sandboxFileName,
  }: MutantRunOptions) {
    const { id } = activeMutant;
    if (!isInSample(sandboxFileName.slice(this.root.length), activeMutant, this.oneIn)) {
      return { status: MutantRunStatus.Error, errorMessage: 'not in the sample' } as const;
    }
    const { loadedBy, takesMs, costly } = this.found;
    const left = new Set(costly);
    const wanted = testFilter && new Set(testFilter);
    const files = testFilter ? [...new Set(testFilter.map(fileOf))] : (loadedBy[id] ?? []);
    const folder = sandboxFileName.slice(this.root.length + 1, sandboxFileName.lastIndexOf('/'));
    const order = (file: string) =>
      (file.startsWith(`test/unit/${folder.replace('/src', '')}/`) ? 0 : 1e6) + (takesMs[file] ?? 0);
    stryker.hitLimit = hitLimit;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    this.isWanted = (test) => (wanted ? wanted.has(test) : !left.has(test));
    this.bails = !disableBail;
    const results: TestResult[] = [];
    let limit: ReturnType<typeof determineHitLimitReached>;
    for (const file of files.sort((a, b) => order(a) - order(b))) {
      stryker.activeMutant = mutantActivation === 'static' ? id : undefined;
      results.push(...(await this.runFile(file, () => (stryker.activeMutant = id))));
      limit = determineHitLimitReached(stryker.hitCount, hitLimit);
      if (limit || (this.bails && this.hasFailed)) break;
    }
    stryker.activeMutant = undefined;
    return toMutantRunResult(
      limit ?? { status: DryRunStatus.Complete, tests: results },
      disableBail,
    ) as MutantRunResult;
  }

  private get foundFile() {
    return join(this.root, 'dist/mutants/found.json');
  }

  private known: Found | undefined;
  private get found(): Found {
    this.known ??= existsSync(this.foundFile)
      ? (JSON.parse(readFileSync(this.foundFile, 'utf8')) as Found)
      : { loadedBy: {}, takesMs: {}, costly: [] };
    return this.known;
  }

  private async runFile(file: string, onLoaded?: () => void): Promise<TestResult[]> {
    this.circus.resetState();
    this.circus.getState().testTimeout = TEST_TIMEOUT_MS;
    this.file = file;
    this.hasFailed = false;
    const ran: CircusTest[] = [];
    this.ran = ran;
    const failed = (error: unknown): TestResult => ({
      id: `${file}${BETWEEN}`,
      name: file,
      timeSpentMs: 0,
      status: TestStatus.Failed,
      failureMessage: String(error),
    });
    try {
      this.load(file);
      onLoaded?.();
      const { rootDescribeBlock } = this.circus.getState();
      if (!skipAllBut(rootDescribeBlock, (test) => this.isWanted(this.idOf(test)))) return [];
      await this.circus.run();
    } catch (error) {
      this.hasFailed = true;
      return [failed(error)];
    }
    const { unhandledErrors } = this.circus.getState();
    if (unhandledErrors.length > 0) this.hasFailed = true;
    return [...unhandledErrors.map(failed), ...ran.map((test) => this.resultOf(test))];
  }

  private ran: CircusTest[] = [];

  private load(file: string) {
    const path = this.scriptOf(file);
    let script = this.scripts.get(file);
    if (!script) {
      const text = readFileSync(path, 'utf8');
      const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
      script = new vm.Script(`(function (require, module, exports) {${text}\n})`, {
        filename: path,
        importModuleDynamically,
      });
      this.scripts.set(file, script);
    }
    const module = { exports: {} };
    script.runInThisContext()(createRequire(join(this.root, file)), module, module.exports);
  }

  private follow({ name, test }: Event) {
    if (!test) return;
    if (name === 'test_start') {
      if (this.bails && this.hasFailed) test.mode = 'skip';
      stryker.currentTestId = this.idOf(test);
      this.cpuBefore = process.cpuUsage();
    }
    if (name === 'test_done' || name === 'test_skip') stryker.currentTestId = undefined;
    if (name === 'test_done') {
      this.ran.push(test);
      if (cpuMs(this.cpuBefore) > MOST_CPU_MS) this.costly.add(this.idOf(test));
      if (test.errors.length > 0) this.hasFailed = true;
    }
  }

  private idOf(test: CircusTest) {
    return `${this.file}${BETWEEN}${nameOf(test)}`;
  }

  private resultOf(test: CircusTest): TestResult {
    const id = this.idOf(test);
    const told = { id, name: id, timeSpentMs: test.duration ?? 0, fileName: join(this.root, this.file) };
    const [error] = test.errors;
    if (error === undefined) return { ...told, status: TestStatus.Success };
    const first = Array.isArray(error) ? (error[0] ?? error[1]) : error;
    return { ...told, status: TestStatus.Failed, failureMessage: String((first as Error).stack ?? first) };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'circus', CircusTestRunner)];
