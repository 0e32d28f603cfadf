import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as z from 'zod/mini';
import { CommandError } from '../command.ts';
import type { Files } from './changes.ts';

/** The one door to the clasp executable. It works in folders of its own: what is not put there cannot be pushed. */

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** In a folder, as clasp names files from where it runs. */
export type RunClasp = (args: readonly string[], folder: string) => Promise<Ran>;

export interface Clasp {
  /** What the script project holds now. */
  deployed(): Promise<Files>;
  /** Puts the files in place. @returns The names of what clasp would push. */
  stage(files: Files): Promise<string[]>;
  /** Pushes what is in place; Google replaces the whole project by it. */
  push(): Promise<void>;
}

const PROJECT = '.clasp.json';
const status = z.object({ filesToPush: z.array(z.string()) });

/** The folders go when the work is done, however it ends. */
export async function withClasp<T>(run: RunClasp, scriptId: string, work: (clasp: Clasp) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'drawbridge-sheet-push-'));
  const staged = join(root, 'staged');
  let pulls = 0;

  async function projectIn(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, PROJECT), JSON.stringify({ scriptId }));
  }

  /** An absolute path: with a relative one clasp says that the folder lies outside of itself. */
  async function inFolder(folder: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(['--project', join(folder, PROJECT), '--json', ...args], folder);
    if (code === 0) return stdout;
    throw new CommandError(failed(args[0] as string, stderr || stdout));
  }

  try {
    return await work({
      async deployed() {
        pulls += 1;
        const folder = join(root, `deployed-${pulls}`);
        await projectIn(folder);
        await inFolder(folder, 'pull');
        return readFolder(folder);
      },
      async stage(files) {
        await projectIn(staged);
        for (const [name, text] of Object.entries(files)) await writeFile(join(staged, name), text);
        const told = z.safeParse(status, JSON.parse((await inFolder(staged, 'show-file-status')) || 'null'));
        if (!told.success) throw new CommandError('clasp does not say what it would push. Is it another version?');
        return told.data.filesToPush.toSorted();
      },
      // Without --force and without a terminal it leaves a changed manifest out, and says that all is well.
      push: async () => void (await inFolder(staged, 'push', '--force')),
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function readFolder(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(files.filter(([name]) => name !== PROJECT));
}

function failed(what: string, told: string): string {
  const line = told.trim().replaceAll(/\s+/g, ' ') || 'it did not say why';
  const remedy = /credentials|invalid_grant|unauthorized/i.test(line)
    ? ' Sign in as somebody who may edit the script: npx clasp login'
    : '';
  return `clasp ${what} failed: ${line}${remedy}`;
}
