import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The suites that kill every call of every scenario, as `npm test` runs them. */

export interface Crashes {
  readonly isPassed: boolean;
  readonly scenarios: number;
  readonly seconds: number;
}

export function crashSuites(): Crashes {
  const folder = mkdtempSync(join(tmpdir(), 'prove-'));
  const outputFile = join(folder, 'crashes.json');
  const startedAt = performance.now();
  spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
      ...['test/simulation/', '--json', `--outputFile=${outputFile}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const { success, numTotalTests } = JSON.parse(readFileSync(outputFile, 'utf8'));
  rmSync(folder, { recursive: true });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  return { isPassed: success, scenarios: numTotalTests, seconds };
}
