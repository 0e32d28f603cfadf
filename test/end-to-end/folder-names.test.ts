import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** People keep projects in folders of any name: a URL writes a space as %20 and an umlaut as %C3%BC, a file system does not. */

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const OURS = /^(apps-script|bench|cdk|config|contract|lambda|local|maintenance-page|ops|release-sheet-template|test)$/;

/** Closes what the test started, last first. */
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

/** @returns The path of a copy without what `npm ci` and `npm run build` make. */
async function copyTo(name: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'drawbridge-'));
  undo.push(() => rm(parent, { recursive: true, force: true }));
  const copy = join(parent, name);
  await cp(PROJECT, copy, {
    recursive: true,
    filter: (path) => !/^(\.git|node_modules|dist|cdk\.out)(\/|$)/.test(relative(PROJECT, path)),
  });
  await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

it('is built and runs in a folder with spaces, umlauts, # and % in its name', async () => {
  const folder = await copyTo('Größe 50% #1 + x');
  const build = spawnSync(process.execPath, ['build.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(build.stderr).toBe('');
  expect(build.status).toBe(0);

  const env = { ...process.env, NODE_OPTIONS: '', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const demo = spawn(process.execPath, ['dist/local/demo.mjs'], { cwd: folder, env });
  undo.push(() => demo.kill());
  // Once the public is shut out, script and Lambda have run from there.
  const lines: string[] = [];
  for await (const line of createInterface({ input: demo.stdout })) {
    lines.push(line);
    if (line.includes('Enter maintenance')) break;
  }
  expect(lines.join('\n')).toMatch(/✓ Step 2: Enter maintenance +row Done · public page 503/);
}, 120_000);

it('takes the path of a file never out of its URL as it is written there', async () => {
  const names = await readdir(PROJECT, { withFileTypes: true });
  const folders = names.filter((entry) => entry.isDirectory() && OURS.test(entry.name)).map(({ name }) => name);
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(PROJECT, folder), { recursive: true })).map((path) => join(folder, path)),
    ),
  );
  const sources = [...files.flat(), 'build.mjs', 'jest.config.js'].filter((path) => /\.(ts|mjs|js)$/.test(path));
  expect(sources.length).toBeGreaterThan(300);
  const texts = await Promise.all(
    sources.map(async (path) => [path, await readFile(join(PROJECT, path), 'utf8')] as const),
  );
  // Only a file that knows its own place has URLs of files.
  const wrong = texts.filter(([, text]) => text.includes('import.meta.url') && /[.{,]\s*pathname\b/.test(text));
  expect(wrong.map(([path]) => path)).toEqual([]);
});
