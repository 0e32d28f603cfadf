import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, execute } from '../../../ops/command.ts';
import { releaseCommand } from '../../../ops/release-command.ts';
import { fakeTerminal } from './terminal.ts';

const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n### Changed\n\n- The bridge is up.\n\n## 0.1.0 - 2026-01-01\n\n- First.\n';

let folder: string;
const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release '));
  git('init', '--quiet');
  git('config', 'user.email', 'release.manager@example.com');
  git('config', 'user.name', 'Release Manager');
  write('package.json', '{\n  "name": "x",\n  "version": "0.1.0"\n}\n');
  write(
    'package-lock.json',
    `${JSON.stringify({ version: '0.1.0', packages: { '': { version: '0.1.0' } } }, undefined, 2)}\n`,
  );
  write('CHANGELOG.md', CHANGELOG);
  git('add', '.');
  git('commit', '--quiet', '--message', 'First');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function release(...args: string[]) {
  const screen = fakeTerminal();
  const command = releaseCommand({ folder, now: () => Date.parse('2026-11-22T23:30:00Z') });
  const code = await execute(command, args, screen);
  return { code, text: screen.text() };
}

it('moves what is unreleased under the version, sets the number, commits and tags', async () => {
  expect(await release('0.2.0')).toMatchObject({ code: EXIT.done, text: expect.stringContaining('v0.2.0') });
  expect(read('CHANGELOG.md')).toBe(CHANGELOG.replace('## Unreleased\n', '## Unreleased\n\n## 0.2.0 - 2026-11-22\n'));
  expect([JSON.parse(read('package.json')).version, JSON.parse(read('package-lock.json'))]).toEqual([
    '0.2.0',
    { version: '0.2.0', packages: { '': { version: '0.2.0' } } },
  ]);
  expect([git('status', '--porcelain'), git('log', '-1', '--format=%s'), git('tag')]).toEqual([
    '',
    'Version 0.2.0',
    'v0.2.0',
  ]);
});

it.each([
  ['no version', ['two'], '"two" is no version. Give three numbers, such as 0.1.1.'],
  ['the same', ['0.1.0'], '0.1.0 does not come after 0.1.0'],
  ['an older one', ['0.0.9'], 'does not come after'],
  ['two', ['0.2.0', '0.3.0'], 'Give one version'],
  ['none', [], 'Give one version'],
  ['an unknown option', ['--force'], "Unknown option '--force'"],
])('refuses %s, and changes nothing', async (_what, args, said) => {
  const { code, text } = await release(...args);
  expect([code === EXIT.done, text]).toEqual([false, expect.stringContaining(said)]);
  expect([git('status', '--porcelain'), git('tag'), read('CHANGELOG.md')]).toEqual(['', '', CHANGELOG]);
});

it('refuses what is not committed, a tag that is there, and a changelog that says nothing', async () => {
  write('new.txt', '');
  expect((await release('0.2.0')).text).toContain('not committed: ?? new.txt');
  rmSync(join(folder, 'new.txt'));
  git('tag', 'v0.2.0');
  expect((await release('0.2.0')).text).toContain('The tag v0.2.0 is there already');
  write('CHANGELOG.md', CHANGELOG.replace('- The bridge is up.\n', ''));
  git('commit', '--quiet', '--all', '--message', 'Nothing to say');
  expect((await release('0.3.0')).text).toContain('says nothing under "## Unreleased"');
});
