import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { testsBelow } from '../../../bench/mutants/bundle-tests.ts';
import { FOLDERS } from '../../../bench/mutants/folders.ts';
import { isInSample } from '../../../bench/mutants/sample.ts';
import { type Report, scoreOf, tableOf } from '../../../bench/mutants/summary.ts';

/** What `npm run mutants` tries, and how it counts. */

const ROOT = process.cwd();

it.each(Object.entries(FOLDERS))('%s is there, and so are the tests that try it', (_name, { mutate, tests }) => {
  for (const pattern of mutate) expect(existsSync(dirname(pattern.replace('/**', '')))).toBe(true);
  for (const test of tests) expect([test, existsSync(test)]).toEqual([test, true]);
  expect(testsBelow(ROOT, tests).length).toBeGreaterThan(0);
});

it.each(['operate', 'waf', 'proof', 'store', 'rundown', 'reconcile', 'schedule', 'api', 'slack', 'notify', 'words'])(
  'no folder of lambda/src/%s is left out',
  (name) => {
    const folders = readdirSync(`lambda/src/${name}`, { withFileTypes: true }).filter((one) => one.isDirectory());
    const [pattern = ''] = FOLDERS[`lambda/src/${name}`]?.mutate ?? [];
    for (const one of folders) {
      expect(pattern.includes('/**') || `lambda/src/${name}/${one.name}` in FOLDERS).toBe(true);
    }
  },
);

const mutant = (status: string, line: number) =>
  ({
    mutatorName: 'ConditionalExpression',
    status,
    location: { start: { line, column: 5 } },
    replacement: 'true',
  }) as const;
const reported = (...statuses: readonly string[]) =>
  ({ files: { 'lambda/src/a.ts': { mutants: statuses.map((status, line) => mutant(status, line + 1)) } } }) as Report;

it('counts a fault that nothing runs as unnoticed, and leaves out what was not tried', () => {
  const report = reported('Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored');
  const counted = { killed: 2, timeout: 1, survived: 1, noCoverage: 1, score: 60, oneIn: 1 };
  expect(scoreOf(report, 1, '2026-11-22T02:00:00Z')).toMatchObject(counted);
  expect(scoreOf(reported(), 1, '').score).toBe(0);
});

it('tries the same faults each time where it tries some of them, about one in so many', () => {
  const inSample = (oneIn: number) =>
    Array.from({ length: 1_000 }, (_one, line) => isInSample('a.ts', mutant('', line), oneIn)).filter(Boolean).length;
  expect(inSample(1)).toBe(1_000);
  expect(inSample(4)).toBeGreaterThan(200);
  expect(inSample(4)).toBeLessThan(300);
  // What nothing runs is counted by the same choice: lines of a report begin with 1, those of Stryker with 0.
  const nothingRuns = Array.from({ length: 1_000 }, () => 'NoCoverage');
  const chosen = Array.from({ length: 1_000 }, (_one, line) =>
    isInSample('lambda/src/a.ts', { location: { start: { line, column: 4 } }, replacement: 'true' }, 4),
  );
  expect(scoreOf(reported(...nothingRuns), 4, '').noCoverage).toBe(chosen.filter(Boolean).length);
});

it('says which share was tried', () => {
  const score = scoreOf(reported('Killed', 'Survived'), 1, '');
  const table = tableOf({ one: score, other: { ...score, oneIn: 4 } });
  expect(table).toMatch(/one +50\.0 % .* all\n/);
  expect(table).toMatch(/other +50\.0 % .* 1 in 4$/);
});
