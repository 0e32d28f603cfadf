import { fileURLToPath } from 'node:url';
import {
  circlesOf,
  LAMBDA_FLOORS,
  readSources,
  roomOf,
  type SourceFile,
  upwardImports,
} from '../../../bench/structure/import-graph.ts';

/** Imports run one way (docs/architecture.md): whoever reads a folder must know only what lies below it. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const lambda = readSources(ROOT, 'lambda/src');
const SHARED = /^(contract|config)\//;

const folders = [...new Set(lambda.map(({ path }) => roomOf('lambda/src', path)))].filter(
  (name) => !name.endsWith('.ts'),
);
const importing = (files: readonly SourceFile[], isWrong: (imported: string) => boolean) =>
  files.flatMap(({ path, imports }) => imports.filter(isWrong).map((one) => `${path} → ${one}`));
const below = (folder: string) => lambda.filter(({ path }) => path.startsWith(`lambda/src/${folder}/`));

it('run down the list of the Lambda’s folders, and nowhere else', () => {
  expect(folders.filter((name) => !LAMBDA_FLOORS.some((floor) => floor === name))).toEqual([]);
  expect(upwardImports(lambda)).toEqual([]);
  expect(importing(lambda, (one) => !one.startsWith('lambda/src/') && !SHARED.test(one))).toEqual([]);
});

it.each(['lambda/src', 'apps-script/src', 'contract', 'config'])('run in no circle in %s', (folder) => {
  expect(circlesOf(readSources(ROOT, folder)).map((circle) => circle.join(' → '))).toEqual([]);
});

it('of what is pure lead to nothing that does I/O', () => {
  const pure = [...below('waf/rules'), ...below('rundown/plan'), ...below('words'), ...below('model')];
  const known = new Map(lambda.map((file) => [file.path, file]));
  const reached = new Set<SourceFile>();
  const follow = (file: SourceFile): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const one of file.imports) {
      const next = known.get(one);
      if (next) follow(next);
    }
  };
  for (const file of pure) follow(file);
  const doing = [...reached].filter(({ uses }) => uses.some((name) => /^(@aws-sdk|@smithy|node:)/.test(name)));
  expect(doing.map(({ path }) => path)).toEqual([]);
});

it.each([
  ['@aws-sdk/client-dynamodb', 'store'],
  ['@aws-sdk/lib-dynamodb', 'store'],
  ['@aws-sdk/client-wafv2', 'waf'],
  ['@aws-sdk/client-sns', 'notify'],
  ['@aws-sdk/client-ssm', 'slack'],
  ['@slack/web-api', 'slack'],
])('of %s are in one folder: %s', (name, folder) => {
  const users = lambda.filter(({ packages }) => packages.includes(name)).map(({ path }) => roomOf('lambda/src', path));
  expect([...new Set(users)]).toEqual([folder]);
});

it('of the script never lead into the Lambda or its config, and the contract knows nothing but itself', () => {
  expect(
    importing(readSources(ROOT, 'apps-script/src'), (one) => /^(lambda|config|local|cdk|ops)\//.test(one)),
  ).toEqual([]);
  expect(importing(readSources(ROOT, 'contract'), (one) => !one.startsWith('contract/'))).toEqual([]);
});
