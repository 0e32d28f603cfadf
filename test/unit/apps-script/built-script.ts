import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The script's Code.js, as `npm run build` makes it. */
export const builtScript = (): Promise<string> => built('buildAppsScript');

/** The self-test's Code.js, as `npm run build` makes it. */
export const builtSelfTest = (): Promise<string> => built('buildSelfTest');

async function built(name: 'buildAppsScript' | 'buildSelfTest'): Promise<string> {
  const { [name]: build } = await import('../../../build.mjs');
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-code-'));
  await build(folder);
  const code = await readFile(join(folder, 'Code.js'), 'utf8');
  await rm(folder, { recursive: true });
  return code;
}
