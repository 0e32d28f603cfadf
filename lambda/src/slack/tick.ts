import { knowingOrphans } from '../operate/orphans.ts';
import { carryOn } from './carry-on.ts';
import type { SlackDependencies } from './dependencies.ts';

/** So much of a minute: the next tick sees the same. */
const CARRY_ON_MS = 25_000;

/** Carries on what an execution has left: proof that takes long, a message that Slack did not take, a death. */
export async function tick(given: SlackDependencies): Promise<void> {
  const deps = await knowingOrphans(given);
  const until = deps.now() + CARRY_ON_MS;
  const ids = await deps.store.runningInSlack();
  await Promise.all(
    ids.map(async (id) => {
      const record = await deps.store.slackRecord(id);
      if (!record || Date.parse(record.workUntil ?? '') > deps.now()) return;
      const mine = await deps.store.putSlackRecord(record, { ...record, workUntil: new Date(until).toISOString() });
      if (mine) await carryOn(deps, mine, until);
    }),
  );
}
