import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The suites that kill every call of every story: all of what `npm test` runs a part of. */

export interface Crashes {
  readonly isPassed: boolean;
  readonly stories: number;
  /** How often one of them was played to its end, with one call that ended otherwise; results of before do not have it. */
  readonly plays?: number;
  readonly seconds: number;
}

export function crashSuites(): Crashes {
  const folder = mkdtempSync(join(tmpdir(), 'prove-'));
  const outputFile = join(folder, 'crashes.json');
  const counted = join(folder, 'plays');
  writeFileSync(counted, '');
  const startedAt = performance.now();
  spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
      ...['test/simulation/', '--json', `--outputFile=${outputFile}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PLAYS: 'all', PLAYS_COUNTED: counted } },
  );
  const { success, numTotalTests } = JSON.parse(readFileSync(outputFile, 'utf8'));
  const plays = readFileSync(counted, 'utf8')
    .split('\n')
    .reduce((sum, count) => sum + Number(count), 0);
  rmSync(folder, { recursive: true });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  return { isPassed: success, stories: numTotalTests, plays, seconds };
}
