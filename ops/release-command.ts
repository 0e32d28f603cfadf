import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, CommandError, EXIT, readArgs, UsageError } from './command.ts';
import { checkVersion, releasedChangelog } from './release-notes.ts';

const HELP = `
npm run release -- <version>

Makes a version of what is committed: its number into package.json and the lock file, what is unreleased under it in the
changelog, one commit and one tag. It pushes nothing, and deploys nothing: CONTRIBUTING.md says what comes next.
`;

export interface ReleasePorts {
  /** The repository's folder. */
  readonly folder: string;
  now(): number;
}

export const releaseCommand = ({ folder, now }: ReleasePorts): Command => ({
  help: HELP,
  async run(args, terminal) {
    const { positionals } = readArgs(args, {});
    const [version, ...others] = positionals;
    if (version === undefined || others.length > 0) throw new UsageError('Give one version, such as 0.2.0.');
    const git = (...words: string[]): string => execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();
    const changes = git('status', '--porcelain');
    if (changes !== '') throw new CommandError(`There are changes that are not committed: ${changes.split('\n')[0]}`);
    if (git('tag', '--list', `v${version}`) !== '') throw new CommandError(`The tag v${version} is there already.`);

    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const from = (JSON.parse(read('package.json')) as { version: string }).version;
    checkVersion(version, from);
    const changelog = releasedChangelog(read('CHANGELOG.md'), version, new Date(now()).toISOString().slice(0, 10));
    const lock = JSON.parse(read('package-lock.json'));
    lock.version = version;
    lock.packages[''].version = version;
    // All is known to be right: from here on files are written.
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
    writeFileSync(
      join(folder, 'package.json'),
      read('package.json').replace(`"version": "${from}"`, `"version": "${version}"`),
    );
    writeFileSync(join(folder, 'package-lock.json'), `${JSON.stringify(lock, undefined, 2)}\n`);
    git('commit', '--quiet', '--all', '--message', `Version ${version}`);
    git('tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
    terminal.out(
      `v${version} is committed and tagged, here only. Next: git push --follow-tags, then CONTRIBUTING.md, Release.`,
    );
    return EXIT.done;
  },
});
