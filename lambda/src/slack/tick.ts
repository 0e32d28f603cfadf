import { allDone } from '../model/all-done.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import { carryOn } from './carry-on.ts';
import type { SlackDependencies } from './dependencies.ts';
import { feed } from './feed.ts';

/** So much of a minute: the next tick sees the same. */
const CARRY_ON_MS = 25_000;

/** Tells the channel what happened; carries on what an execution has left: proof that takes long, an untold message, a death. */
export async function tick(given: SlackDependencies): Promise<void> {
  const deps = await knowingOrphans(given);
  const until = deps.now() + CARRY_ON_MS;
  const ids = await deps.store.runningInSlack();
  await allDone([
    feed(deps),
    ...ids.map(async (id) => {
      const record = await deps.store.slackRecord(id);
      if (!record || Date.parse(record.workUntil ?? '') > deps.now()) return;
      const mine = await deps.store.putSlackRecord(record, { ...record, workUntil: new Date(until).toISOString() });
      if (mine) await carryOn(deps, mine, until);
    }),
  ]);
}
