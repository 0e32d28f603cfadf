import { problem } from '../../../contract/problem.ts';
import type { RundownDependencies } from './dependencies.ts';

const MOST_ATTEMPTS = 6;
const PAUSE_MS = 50;

/**
 * Changes a release sheet on top of whatever others committed meanwhile.
 *
 * @param remedy - What the caller is told to do when others never stop.
 * @param attempt - Loads and commits; called again after it came to nothing because somebody was faster: undefined.
 * @throws ProblemError TRY_AGAIN - Others keep committing.
 */
export async function untilCommitted<T>(
  deps: Pick<RundownDependencies, 'sleep' | 'random'>,
  remedy: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let nth = 0; nth < MOST_ATTEMPTS; nth += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
    await deps.sleep(PAUSE_MS * (nth + deps.random()));
  }
  throw problem('TRY_AGAIN', `Others keep changing this release sheet just now. ${remedy}`);
}
