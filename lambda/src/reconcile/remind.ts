import type { EnvironmentConfig } from '../../../config/schema.ts';
import { MOVES } from '../../../contract/modes.ts';
import { findNamed, knownServices } from '../model/service-names.ts';
import type { Counts } from '../notify/metrics.ts';
import type { Notify } from '../notify/sns.ts';
import { type RundownStore, reminderKey } from '../store/rundowns.ts';
import { reminderNotice } from '../words/notice-words.ts';

/** E-mail before a service closes by itself, where the config wants it. The Slack channel has its own. */

export interface RemindDependencies {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly rundowns: Pick<RundownStore, 'waiting' | 'reminded' | 'markReminded'>;
  readonly notify: Notify;
  now(): number;
}

const MINUTE_MS = 60_000;

/** Once for each armed closing and its time. The notice first, then the note: an execution that dies repeats it. */
export async function remind(deps: RemindDependencies): Promise<Counts> {
  const { config, rundowns, environment } = deps;
  const { byEmail, minutes } = config.reminders;
  if (!byEmail) return {};
  const now = deps.now();
  const near = (await rundowns.waiting())
    .flatMap(({ name, armed }) => armed.map((step) => ({ ...step, sheet: name })))
    .filter(({ action, plannedStart }) => {
      const ahead = Date.parse(plannedStart) - now;
      return MOVES[action].to === 'maintenance' && ahead > 0 && ahead <= minutes * MINUTE_MS;
    });
  if (near.length === 0) return {};
  const known = knownServices(config);
  const told = await rundowns.reminded();
  for (const step of near) {
    const named = findNamed(known, step.service);
    if (!named || told.has(reminderKey(step))) continue;
    await deps.notify({ ...reminderNotice(environment, named.title, step), isMailOnly: true });
    await rundowns.markReminded(step);
  }
  return {};
}
