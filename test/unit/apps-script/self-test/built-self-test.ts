import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The self-test's Code.js, as `npm run build` makes it. */
export async function builtSelfTest(): Promise<string> {
  const { buildSelfTest } = await import('../../../../build.mjs');
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-self-test-'));
  await buildSelfTest(folder);
  const code = await readFile(join(folder, 'Code.js'), 'utf8');
  await rm(folder, { recursive: true });
  return code;
}
