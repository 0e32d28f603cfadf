import { CommandError } from './command.ts';

/** A new version's place in the changelog, and its number. Pure. */

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/** @throws CommandError - It is no version, or not a later one than `from`. */
export function checkVersion(version: string, from: string): void {
  const [wanted, now] = [VERSION.exec(version), VERSION.exec(from)];
  if (!wanted) throw new CommandError(`"${version}" is no version. Give three numbers, such as ${next(from)}.`);
  if (!now) throw new CommandError(`The version in package.json is "${from}", which is no version of three numbers.`);
  const isLater = [1, 2, 3].map((at) => Number(wanted[at]) - Number(now[at])).find((difference) => difference !== 0);
  if (isLater === undefined || isLater < 0) {
    throw new CommandError(
      `${version} does not come after ${from}, which is the version now. Give ${next(from)} or later.`,
    );
  }
}

const next = (from: string): string => from.replace(/\d+$/, (last) => String(Number(last) + 1));

/**
 * Moves what is unreleased under the version.
 * @param date - `2026-11-22`.
 * @throws CommandError - There is nothing to release.
 */
export function releasedChangelog(changelog: string, version: string, date: string): string {
  const [before, rest] = split(changelog);
  const end = rest.search(/^## /m);
  const unreleased = end < 0 ? rest : rest.slice(0, end);
  if (!/^- /m.test(unreleased)) {
    throw new CommandError('CHANGELOG.md says nothing under "## Unreleased": write there what people will notice.');
  }
  return `${before}## Unreleased\n\n## ${version} - ${date}\n${rest}`;
}

function split(changelog: string): [string, string] {
  const heading = /^## Unreleased\n/m.exec(changelog);
  if (!heading) throw new CommandError('CHANGELOG.md has no heading "## Unreleased".');
  return [changelog.slice(0, heading.index), changelog.slice(heading.index + heading[0].length)];
}
