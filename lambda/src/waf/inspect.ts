import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';
import { isEarlierOfOurs } from './content-hash.ts';
import { type ConvergeDependencies, convergeTarget } from './converge.ts';
import { isAdopted, unadopted } from './direct-write.ts';
import type { RuleGroupStore } from './rule-groups.ts';

/** What a target is, compared with what it should be. */
export interface Look {
  readonly target: TargetConfig;
  /**
   * `outdated`: ours, of a moment ago (another page, an end that moved). `foreign`: somebody else changed it. `unknown`: it
   * could not be read; the next minute can.
   */
  readonly found: 'right' | 'outdated' | 'foreign' | 'unknown';
  /** A direct write that the desired state does not know yet. */
  readonly stamp?: DirectStamp;
}

const LOOK_MS = 10_000;
/** What is pending is tried, and logged, in the same tick. */
const quiet = () => {};

/** Reads a target as {@link convergeTarget} would, and writes nothing. */
export async function look(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  state: ServiceState,
): Promise<Look> {
  let there: string | undefined;
  let wanted: string | undefined;
  let isRight = true;
  const ruleGroups: RuleGroupStore = {
    ...deps.ruleGroups,
    async read(place) {
      const group = await deps.ruleGroups.read(place);
      there = group.value.Description;
      return group;
    },
    async write(_place, _from, { Description }) {
      wanted = Description;
      isRight = false;
    },
    async writeSet() {
      isRight = false;
    },
  };
  const seen = await convergeTarget({ ...deps, ruleGroups, log: quiet }, service, target, deps.now() + LOOK_MS);
  const stamp = unadopted(there, state);
  if (stamp) return { target, found: 'unknown', stamp };
  if (seen.state !== 'accepted' || seen.revision !== state.revision) return { target, found: 'unknown' };
  if (isRight) return { target, found: 'right' };
  const isOurs = isEarlierOfOurs(there ?? '', wanted ?? '') || isAdopted(there ?? '', state);
  return { target, found: isOurs ? 'outdated' : 'foreign' };
}
