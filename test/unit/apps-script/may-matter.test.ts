import { aboutOf, type Edit } from '../../../apps-script/src/may-matter.ts';

const edit = (more: Partial<Edit>): Edit => ({
  tabName: 'Rundown',
  ...{ firstRow: 3, lastRow: 3, firstColumn: 6, lastColumn: 6 },
  user: 'release.manager@example.com',
  ...more,
});

describe('what was typed into one cell', () => {
  it.each([
    'Go',
    ' go ',
    'ＧＯ',
    'G​o',
    'Gо',
    'SKIPPED',
    'Enter maintenance',
    'exit  maintenance',
    'shop',
    'shop-staging',
    '45983.0847',
    '24.12.2026 02:05',
    '2026-12-24 02:05',
    '02:05',
    '3.10',
    '-1',
    '',
  ])('"%s" may be of a step', (typed) => expect(aboutOf(edit({ typed }))).toBe('steps'));

  it.each([
    'Call Ada first',
    'Deploy release 42, then smoke test',
    '=NOW()',
    'Ada & Grace',
    '✔',
    'https://example.com',
  ])('"%s" is a note', (typed) => expect(aboutOf(edit({ typed }))).toBe('nothing'));
});

it('what was pasted, filled or cleared says nothing: it may be of a step', () => {
  expect(aboutOf(edit({}))).toBe('steps');
  expect(aboutOf(edit({ lastRow: 9, lastColumn: 12 }))).toBe('steps');
});

it('any tab may hold our headers; row 1 is looked at whatever was typed there', () => {
  expect(aboutOf(edit({ tabName: 'Copy of Rundown', typed: 'Go' }))).toBe('steps');
  expect(aboutOf(edit({ tabName: 'Night plan', firstRow: 1, lastRow: 1, typed: 'What is to be done' }))).toBe(
    'headers',
  );
  expect(aboutOf(edit({ firstRow: 1, lastRow: 20 }))).toBe('steps');
});

it.each([
  ['Allowlist', '192.0.2.1', 'board'],
  ['Audit', undefined, 'board'],
  ['Services', 'Exit maintenance', 'picks'],
  ['Services', 'Rehearse: Exit maintenance', 'picks'],
  ['Services', 'rehearse all steps', 'picks'],
  ['Services', undefined, 'picks'],
  ['Services', 'shop', 'board'],
  ['Services', '', 'board'],
  ['Read me', 'Go', 'nothing'],
  ['Drawbridge', '46000', 'nothing'],
] as const)('in the tab %s "%s" is about %s', (tabName, typed, about) =>
  expect(aboutOf(edit({ tabName, ...(typed === undefined ? {} : { typed }) }))).toBe(about),
);
