import { readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';

/** What a bundle is made of, by npm package. Pure but for the file that the build has left. */

export interface BundleSize {
  readonly handler: string;
  readonly bytes: number;
  /** Largest first. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

const OURS = 'Drawbridge';

/** @param dist - Where `npm run build` left the bundles and what esbuild told of them. */
export function sizesIn(dist: URL): BundleSize[] {
  const { outputs } = JSON.parse(readFileSync(new URL('local/lambda-metafile.json', dist), 'utf8')) as Metafile;
  return Object.entries(outputs).map(([file, { bytes, inputs }]) => {
    const parts = new Map<string, number>();
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(path);
      parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
    }
    return {
      handler: /([\w-]+)-handler\.mjs$/.exec(file)?.[1] ?? file,
      bytes,
      parts: [...parts].map(([name, size]) => ({ name, bytes: size })).sort((one, other) => other.bytes - one.bytes),
    };
  });
}

/** The innermost: one that another package brings along is counted as itself. */
export function packageOf(path: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return name ?? OURS;
}
