import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files of the built page by their URL path, read once: so no path can lead out of the folder. */
export async function readAssets(folder: URL | string): Promise<ReadonlyMap<string, Asset>> {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const names = (await readdir(path)).filter((name) => extname(name) in TYPES);
  const files = await Promise.all(
    names.map(async (name) => {
      const asset = { type: TYPES[extname(name)] as string, bytes: await readFile(join(path, name)) };
      return [name === 'index.html' ? '/' : `/${name}`, asset] as const;
    }),
  );
  return new Map(files);
}
