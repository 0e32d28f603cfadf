import Sequencer from '@jest/test-sequencer';

/** Those that mostly wait, for clocks, probes and browsers; and those that take long. A clean clone knows no earlier times. */
const FIRST = ['/test/end-to-end/', '/test/simulation/'];

/** @param {string} path */
const placeOf = (path) => {
  const place = FIRST.findIndex((folder) => path.includes(folder));
  return place < 0 ? FIRST.length : place;
};

/**
 * Of what jest would run next, the tests that wait come first: beside each other, not beside those that need a whole core;
 * and at the end no worker is left alone with a long one. What failed the last time still comes before everything.
 */
export default class LongOnesFirst extends Sequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   * @returns {import('@jest/test-result').Test[]}
   */
  sort(tests) {
    const failed = new Set(this.allFailedTests(tests));
    /** @param {import('@jest/test-result').Test} test */
    const place = (test) => (failed.has(test) ? -1 : placeOf(test.path));
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }

  /**
   * For `jest --onlyFailures` as well.
   *
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   * @returns {import('@jest/test-result').Test[]}
   */
  allFailedTests(tests) {
    return tests.filter((test) => this.hasFailed(test));
  }
}
