import { CommandError, formatError, type Terminal } from '../command.ts';
import type { Hosts } from './manifest.ts';
import { type EnvironmentStatus, type ReleaseService, releaseOn, withoutArmedCounts } from './release-on.ts';

/** Where an environment is, and as whom to ask it. */
export interface Place {
  readonly environment: string;
  readonly region: string;
  /** Undefined: whatever credentials the shell has. */
  readonly profile: string | undefined;
}

export interface Target extends Place {
  readonly hosts: Hosts;
}

export interface CheckReleaseDependencies {
  services(at: Place & { readonly apiUrl: string }): Promise<readonly ReleaseService[]>;
}

/** @throws CommandError - A release is on, or an environment does not say; and nobody gave a reason to push all the same. */
export async function checkRelease(
  deps: CheckReleaseDependencies,
  targets: readonly Target[],
  terminal: Terminal,
  why: string | undefined,
): Promise<void> {
  const asked = await Promise.all(targets.map((target) => askOne(deps, target)));
  const told = asked.filter((one): one is EnvironmentStatus => typeof one !== 'string');
  const hindrances = [...releaseOn(told), ...asked.filter((one): one is string => typeof one === 'string')];
  for (const environment of withoutArmedCounts(told)) {
    terminal.note(`${environment} does not say which steps are armed: look into the release sheets for Scheduled.`);
  }
  if (hindrances.length === 0) return;
  for (const line of hindrances) terminal.note(line);
  if (why === undefined) {
    throw new CommandError(
      'Nothing was pushed: a push replaces the script that a release runs on. Wait for its end; ' +
        'or, if the push is what fixes it: --anyway "<why>".',
    );
  }
  terminal.note(`Going on during a release: ${why}`);
}

/** @returns A line for a person if it could not be asked. */
async function askOne(
  deps: CheckReleaseDependencies,
  { hosts, ...place }: Target,
): Promise<EnvironmentStatus | string> {
  try {
    const apiUrl = hosts.apiUrl.replace(/\/$/, '');
    return { environment: place.environment, services: await deps.services({ ...place, apiUrl }) };
  } catch (error) {
    return `${place.environment}: it is not known whether a release is on. ${formatError(error)}`;
  }
}
