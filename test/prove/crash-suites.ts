import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The suites that kill every call of every story: all of what `npm test` runs a part of, or more of it. */

export interface Crashes {
  readonly isPassed: boolean;
  readonly stories: number;
  /** How often one of them was played to its end, with one call that ended otherwise; results of before do not have it. */
  readonly plays?: number;
  /** How many there are, where only some were played. */
  readonly ofPlays?: number;
  readonly seconds: number;
}

/** @param plays - How many of each story. */
export function crashSuites(plays: 'all' | number): Crashes {
  const folder = mkdtempSync(join(tmpdir(), 'prove-'));
  const outputFile = join(folder, 'crashes.json');
  const counted = join(folder, 'plays');
  writeFileSync(counted, '');
  const startedAt = performance.now();
  spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
      // Nothing in them waits: more workers than cores would only be in each other's way.
      ...['test/simulation/', `--maxWorkers=${availableParallelism()}`, '--json', `--outputFile=${outputFile}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PLAYS: `${plays}`, PLAYS_COUNTED: counted } },
  );
  const { success, numTotalTests } = JSON.parse(readFileSync(outputFile, 'utf8'));
  const [played, there] = totals(readFileSync(counted, 'utf8'));
  rmSync(folder, { recursive: true });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const ofPlays = there === played ? {} : { ofPlays: there };
  return { isPassed: success, stories: numTotalTests, plays: played, ...ofPlays, seconds };
}

/** Of lines such as `12 97`: how many were played, and how many there are. */
function totals(lines: string): [number, number] {
  const pairs = lines
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const sum = (at: number) => pairs.reduce((total, pair) => total + (pair[at] ?? 0), 0);
  return [sum(0), sum(1)];
}
