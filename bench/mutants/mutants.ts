import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { FOLDERS, type Folder } from './folders.ts';
import { keep, type Report, type Score, scoreOf, tableOf } from './summary.ts';

/**
 * `npm run mutants`: one-line faults are put into the code, one after the other, and the tests must notice.
 *
 *   npm run mutants -- lambda/src/operate           one folder, or several
 *   npm run mutants -- --one-in 4                   every fourth of the faults, by chance
 *   npm run mutants -- --file lambda/src/waf/pacing.ts:60-75   a file, or lines of it; nothing is kept of that
 */

const RESULTS = 'bench/results/mutants.json';
const REPORTS = 'coverage/mutants';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'one-in': { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '1' },
    file: { type: 'string', multiple: true },
  },
});
const oneIn = Number(values['one-in']);
const unknown = positionals.filter((name) => !(name in FOLDERS));
if (unknown.length > 0 || !(oneIn >= 1)) {
  console.error(`There is no "${unknown.join('", "')}". There are: ${Object.keys(FOLDERS).join(', ')}.`);
  process.exit(2);
}

/** @returns the report, as Stryker writes it. */
async function tryFolder(name: string, { mutate, tests }: Folder): Promise<Report> {
  const fileName = `${REPORTS}/${name.replaceAll('/', '-')}.json`;
  const options = {
    mutate: values.file ?? [...mutate],
    testRunner: 'circus',
    plugins: [fileURLToPath(new URL('test-runner.mjs', import.meta.url))],
    coverageAnalysis: 'perTest' as const,
    concurrency: Number(values['at-once']),
    // What hangs is found by counting; a busy machine must not make a fault look noticed.
    timeoutMS: 60_000,
    dryRunTimeoutMinutes: 60,
    reporters: ['json', 'clear-text', 'progress-append-only'],
    jsonReporter: { fileName },
    clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
    allowConsoleColors: false,
    tempDirName: `${REPORTS}/tmp`,
    ignorePatterns: ['dist', 'coverage', 'cdk.out', 'docs/images'],
    // Types are checked elsewhere; Stryker reads these files with a TypeScript that is older.
    tsconfigFile: 'none.json',
    warnings: { unknownOptions: false, preprocessorErrors: true, unserializableOptions: true, slow: true },
    tests,
    oneIn,
  };
  await new Stryker(options).runMutationTest();
  return JSON.parse(readFileSync(fileName, 'utf8')) as Report;
}

/** Of a file: the innermost folder that it is in. */
const folderOf = (file: string) =>
  Object.keys(FOLDERS)
    .filter((name) => file.startsWith(`${name}/`))
    .sort((one, other) => other.length - one.length)[0] ?? '';

const asked = values.file ? values.file.map(folderOf) : positionals;
const scores: Record<string, Score> = {};
for (const [name, folder] of Object.entries(FOLDERS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  scores[name] = scoreOf(await tryFolder(name, folder), oneIn, new Date().toISOString());
  console.log(`\n${tableOf(scores)}\n`);
  if (values.file) continue;
  const machine = { node: process.version, platform: platform(), arch: arch(), cores: availableParallelism() };
  const { version } = createRequire(import.meta.url)('@stryker-mutator/core/package.json') as { version: string };
  keep(RESULTS, { machine, stryker: version, folders: scores });
}
