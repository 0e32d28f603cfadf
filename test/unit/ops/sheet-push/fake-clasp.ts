import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Files } from '../../../../ops/sheet-push/changes.ts';
import type { Ran, RunClasp } from '../../../../ops/sheet-push/clasp.ts';

const ok = (told: unknown): Ran => ({ code: 0, stdout: JSON.stringify(told), stderr: '' });

/** As clasp 3.4.1 with --json and no terminal, with Google behind it. */
export class FakeClasp {
  /** What the script project holds. */
  remote: Files;
  /** The command words, oldest first. */
  readonly ran: string[] = [];
  readonly scriptIds = new Set<string>();
  isSignedIn = true;
  /** Another file that clasp finds. */
  stray: string | undefined;
  /** Google keeps this file whatever is pushed. */
  stuck: Files = {};
  folder = '';

  constructor(remote: Files) {
    this.remote = remote;
  }

  readonly run: RunClasp = async (args, folder) => {
    const [flag, project = '', json, word = '', ...rest] = args;
    if (flag !== '--project' || json !== '--json') throw new Error(`clasp would not understand ${args.join(' ')}`);
    this.ran.push(word);
    if (folder !== dirname(project)) throw new Error('clasp would name the files from elsewhere');
    this.folder = folder;
    this.scriptIds.add(JSON.parse(await readFile(project, 'utf8')).scriptId);
    if (word === 'show-file-status') {
      return ok({ filesToPush: [...(this.stray ? [this.stray] : []), ...(await this.#local())], untrackedFiles: [] });
    }
    if (!this.isSignedIn) return { code: 1, stdout: '', stderr: 'No credentials found.\n' };
    if (word === 'pull') return this.#pull();
    if (word === 'push') return this.#push(rest.includes('--force'));
    throw new Error(`the fake clasp does not know ${word}`);
  };

  async #local(): Promise<string[]> {
    return (await readdir(this.folder)).filter((name) => name !== '.clasp.json');
  }

  async #pull(): Promise<Ran> {
    for (const [name, text] of Object.entries(this.remote)) {
      await mkdir(dirname(join(this.folder, name)), { recursive: true });
      await writeFile(join(this.folder, name), text);
    }
    return ok({ pulledFiles: Object.keys(this.remote), deletedFiles: [] });
  }

  async #push(force: boolean): Promise<Ran> {
    const names = await this.#local();
    const files = await Promise.all(names.map(async (name) => [name, await readFile(join(this.folder, name), 'utf8')]));
    const local: Files = Object.fromEntries(files);
    const changed = names.filter((name) => local[name] !== this.remote[name]);
    // It neither sees what is only there, nor says that it left a changed manifest alone.
    if (changed.length === 0 || (changed.includes('appsscript.json') && !force)) return ok([]);
    this.remote = { ...local, ...this.stuck };
    return ok(names);
  }
}
