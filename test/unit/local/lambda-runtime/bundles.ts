import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles for one test file, in a folder of its own; as build.mjs bundles them. */
export interface Bundles {
  readonly workerFile: string;
  /** @param source - An ES module that exports `handler`. */
  handler(source: string): Promise<string>;
  remove(): Promise<void>;
}

const ROOT = process.cwd();
const common = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' } as const;
const banner = {
  js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
};

export async function makeBundles(): Promise<Bundles> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bundles-'));
  const workerFile = join(folder, 'lambda-worker.mjs');
  await build({
    ...common,
    absWorkingDir: ROOT,
    entryPoints: ['local/lambda-runtime/worker.ts'],
    outfile: workerFile,
    packages: 'external',
  });
  let made = 0;
  return {
    workerFile,
    async handler(source) {
      made += 1;
      const outfile = join(folder, `handler-${made}.mjs`);
      await build({ ...common, banner, stdin: { contents: source, resolveDir: ROOT, loader: 'js' }, outfile });
      return outfile;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
