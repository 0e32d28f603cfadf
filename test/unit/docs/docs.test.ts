import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONDITIONS } from '../../../cdk/alarms.ts';
import { PROBLEM_STATUS } from '../../../contract/problem.ts';
import { FILE, quoted, type Written } from '../../prove/figures.ts';

/** What the documents name must exist, and what exists must stand in the runbook. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const DOCS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Code spans at the beginning of table rows, of a section. */
const firstCells = (section: string): string[] =>
  [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []);
const sectionOf = (text: string, title: string): string =>
  text.split(/^## /m).find((section) => section.startsWith(title)) ?? '';

test.each(DOCS)('%s links only to what is there', (doc) => {
  const targets = [...read(doc).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  const missing = targets.filter((target) => !/^https?:/.test(target) && !existsSync(join(ROOT, dirname(doc), target)));
  expect(missing).toEqual([]);
});

test.each(DOCS)('%s names only commands that there are', (doc) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(doc).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

const RUNBOOK = read('docs/runbook.md');

test('the runbook has every problem code, and none that does not exist', () => {
  expect(firstCells(sectionOf(RUNBOOK, 'What a row or an answer says')).sort()).toEqual(
    Object.keys(PROBLEM_STATUS).sort(),
  );
});

test('the runbook has every reason why a target is pending, and none that does not exist', () => {
  const [, codes = ''] = /export type RuleGroupCode =([^;]*);/.exec(read('lambda/src/waf/errors.ts')) ?? [];
  const known = codes.match(/[A-Z_]{5,}/g) ?? [];
  expect(known.length).toBeGreaterThan(3);
  expect(firstCells(sectionOf(RUNBOOK, 'Why a target')).sort()).toEqual([...known].sort());
});

test('the runbook has every alarm, and none that does not exist', () => {
  const others = [...read('cdk/alarms.ts').matchAll(/this\.#add\(\s*'(\w+)'/g)].map(([, name = '']) => name);
  expect(others.length).toBeGreaterThan(3);
  expect(firstCells(sectionOf(RUNBOOK, 'Alarms')).sort()).toEqual([...Object.keys(CONDITIONS), ...others].sort());
});

test('what is quoted of npm run prove is what it found', () => {
  const found = JSON.parse(read(FILE)) as Written;
  expect(found.failed).toEqual([]);
  expect(read('docs/reliability.md')).toContain(quoted(found));
});
