import { statusOf } from '../../contract/status.ts';
import type { SyncAnswer } from '../../contract/sync-answer.ts';
import type { Ports } from './ports.ts';
import { type Ask, applyTold, askFor, pollFor, type Session, send, type World } from './sync.ts';

/** Goes on with what runs, for as long as an execution may: each environment is asked again when it wanted to be. */

/** Between two rounds, however soon an environment wants the next one. */
const SHORTEST_WAIT_MS = 250;
/** After an environment did not answer. */
const RETRY_MS = 5_000;
/** What falls due within this of each other goes out together. */
const TOGETHER_MS = 500;
/** An environment that wants to be asked this late is left to a tick: nothing runs there. */
const LEFT_TO_TICK_MS = 60_000;
/** A sheet that changes under our hands is read again so often, then it is left to the next minute. */
const MOST_REREADS = 3;

/** @param untilMs - In milliseconds since the epoch. What would come later is left to the next tick. */
export function follow(ports: Ports, world: World, sessions: readonly Session[], untilMs: number): void {
  for (;;) {
    const nextAt = Math.min(...sessions.map(nextOf));
    const now = ports.now();
    if (nextAt > untilMs || now > untilMs) return;
    const waitMs = sessions.some(mustRead) ? 0 : Math.max(SHORTEST_WAIT_MS, nextAt - now);
    if (now + waitMs > untilMs) return;
    if (waitMs > 0) ports.sleep(waitMs);
    round(
      ports,
      world,
      sessions.filter((session) => nextOf(session) <= ports.now() + TOGETHER_MS),
    );
  }
}

const mustRead = ({ isChanged, rereads }: Session): boolean => isChanged && rereads < MOST_REREADS;

const nextOf = (session: Session): number =>
  mustRead(session)
    ? Number.NEGATIVE_INFINITY
    : Math.min(Number.POSITIVE_INFINITY, ...[...session.heard.values()].filter(isFollowed).map(({ nextAt }) => nextAt));

const isFollowed = ({ answer }: { readonly answer: SyncAnswer }): boolean => answer.again.afterMs < LEFT_TO_TICK_MS;

function round(ports: Ports, world: World, sessions: readonly Session[]): void {
  const asks = sessions.flatMap((session) => asksOf(ports, world, session));
  const told = send(ports, world, asks);
  for (const { ask, outcome } of told) {
    const { heard } = ask.session;
    const last = heard.get(ask.environment);
    // Somebody else's rows were newer: these are still to be heard.
    if (outcome.kind === 'read-again') ask.session.isChanged = true;
    if (outcome.kind !== 'answer' && last) heard.set(ask.environment, { ...last, nextAt: ports.now() + RETRY_MS });
  }
  for (const session of sessions) {
    const own = told.filter(({ ask }) => ask.session === session);
    applyTold(ports, session, own);
  }
}

function asksOf(ports: Ports, world: World, session: Session): Ask[] {
  const isDue = (environment: string) => (session.heard.get(environment)?.nextAt ?? 0) <= ports.now() + TOGETHER_MS;
  const heard = world.connections.filter(({ environment }) => session.heard.has(environment));
  if (!mustRead(session) && !isArmedStepDue(session, ports.now())) {
    return heard.filter(({ environment }) => isDue(environment)).map((one) => pollFor(ports, world, session, one));
  }
  if (session.isChanged) session.rereads += 1;
  session.isChanged = false;
  try {
    session.rows = session.read();
  } catch (error) {
    console.error(`The release sheet ${session.sheet.id} could not be read: ${(error as Error).message}`);
    return heard.map((one) => pollFor(ports, world, session, one));
  }
  return heard.map((one) => askFor(world, session, one, { syncId: ports.newSyncId(), cause: 'tick' }));
}

/** An armed step runs on rows that were read at its time or after it. */
function isArmedStepDue({ rows: { steps = [], readAt } }: Session, now: number): boolean {
  return steps.some(({ status, plannedStart }) => {
    if (statusOf(status) !== 'Scheduled' || plannedStart.at === undefined) return false;
    const at = Date.parse(plannedStart.at);
    return at > readAt && at <= now;
  });
}
