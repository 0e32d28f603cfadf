/** Prints the slowest test files when everything has run. */

const MOST = 10;

/** @param {readonly { path: string, ms: number }[]} files */
const slowest = (files) =>
  [...files]
    .sort((a, b) => b.ms - a.ms)
    .slice(0, MOST)
    .map(({ path, ms }) => `${`${(ms / 1_000).toFixed(1)} s`.padStart(9)}  ${path}`);

export default class SlowestFiles {
  /** @param {{ rootDir: string }} config */
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  /**
   * @param {ReadonlySet<unknown>} _contexts
   * @param {{ testResults: readonly { testFilePath: string, perfStats: { start: number, end: number } }[] }} results
   */
  onRunComplete(_contexts, { testResults }) {
    // Of a few files everybody has just seen how long each took.
    if (testResults.length <= MOST) return;
    const files = testResults.map(({ testFilePath, perfStats: { start, end } }) => ({
      path: testFilePath.slice(this.rootDir.length + 1),
      ms: end - start,
    }));
    process.stderr.write(`\nThe slowest test files:\n${slowest(files).join('\n')}\n`);
  }
}
