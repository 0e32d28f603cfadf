import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The script's Code.js, as `npm run build` makes it. */
export async function builtScript(): Promise<string> {
  const { buildAppsScript } = await import('../../../build.mjs');
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-code-'));
  await buildAppsScript(folder);
  const code = await readFile(join(folder, 'Code.js'), 'utf8');
  await rm(folder, { recursive: true });
  return code;
}
