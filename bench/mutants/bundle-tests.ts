import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** @returns the test files that these paths are, or hold. */
export const testsBelow = (root: string, paths: readonly string[]): string[] =>
  paths
    .flatMap((path) =>
      path.endsWith('.test.ts')
        ? [path]
        : readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
            .filter((file) => file.endsWith('.test.ts'))
            .map((file) => `${path}/${file.replaceAll('\\', '/')}`),
    )
    .sort();

/** What jest gives to a test, and where a file was before it became part of a bundle. */
const asInJest: Plugin = {
  name: 'as-in-jest',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@jest\/globals$/ }, ({ path }) => ({ path, namespace: 'jest' }));
    onLoad({ filter: /.*/, namespace: 'jest' }, () => ({ contents: 'module.exports = globalThis;' }));
    onLoad({ filter: /\.m?[jt]s$/, namespace: 'file' }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      return {
        contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
        loader: path.endsWith('ts') ? 'ts' : 'js',
      };
    });
  },
};

/** Random tests with fewer runs: hundreds of them for each mutant would take most of the time, and find little more. */
const MOST_RUNS = 50;
const FEWER_RUNS = `
  const fc = require('fast-check');
  const assert = (property, parameters) => fc.assert(property, { ...parameters, numRuns: ${MOST_RUNS} });
  module.exports = { ...fc, assert };
`;
const withFewerRuns = (root: string): Plugin => ({
  name: 'fewer-runs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^fast-check$/ }, ({ path, namespace }) =>
      namespace === 'file' ? { path, namespace: 'fewer-runs' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'fewer-runs' }, () => ({ contents: FEWER_RUNS, resolveDir: root }));
  },
});

/** ES modules alone: not every Node can `require` them, so they become part of the bundle. */
const BUNDLED = ['jose'];

const externalPackages = (root: string): Plugin => ({
  name: 'external-packages',
  setup({ onResolve }) {
    const require = createRequire(join(root, 'package.json'));
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || BUNDLED.includes(path)) return undefined;
      return { path: require.resolve(path), external: true };
    });
  },
});

/**
 * One script for each test file, with all of the product that it imports inside: run again, it begins afresh, and packages stay
 * loaded. The first process of a sandbox makes them.
 *
 * @returns where the script of a test file is.
 */
export async function bundleTests(root: string, tests: readonly string[]): Promise<(test: string) => string> {
  const folder = join(root, 'dist/mutants/tests');
  const scriptOf = (test: string) => join(folder, test.replace(/\.ts$/, '.js'));
  if (existsSync(folder)) return scriptOf;
  const making = `${folder}-${process.pid}`;
  mkdirSync(making, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [...tests],
    outbase: root,
    outdir: making,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    plugins: [asInJest, withFewerRuns(root), externalPackages(root)],
  });
  if (!existsSync(folder)) renameSync(making, folder);
  return scriptOf;
}
