import { MOVES } from '../contract/modes.ts';
import { NEVER_OPERATED } from '../lambda/src/model/service-state.ts';
import { factsOf } from '../lambda/src/operate/rehearsal-facts.ts';
import { examine } from '../lambda/src/operate/rehearse.ts';
import type { Probe } from '../lambda/src/proof/probe.ts';
import type { ExamineDependencies } from '../lambda/src/waf/examine.ts';
import { rehearsalMessages } from '../lambda/src/words/rehearsal-words.ts';
import type { DirectRequest, DirectResult } from './direct-write.ts';

export interface DirectRehearsalDependencies extends ExamineDependencies {
  readonly probe: Probe;
}

export interface DirectRehearsal {
  /** What stands in the firewall now. */
  readonly found: readonly DirectResult[];
  readonly message: string;
  readonly isFine: boolean;
}

/** What a direct write would come to: reads each rule group, asks once each page that is probed, and writes nothing. */
export async function rehearseDirect(
  deps: DirectRehearsalDependencies,
  { service, action, plannedEnd, retryAfterSeconds, pages, at }: Omit<DirectRequest, 'actor'>,
): Promise<DirectRehearsal> {
  const examined = await examine(deps, service, { withSets: false });
  const next = { ...NEVER_OPERATED, mode: MOVES[action].to, ...(plannedEnd ? { plannedEnd } : {}) };
  const facts = factsOf({ request: { action }, service, next, at }, examined, { config: { retryAfterSeconds }, pages });
  return {
    found: examined.targets.map(({ target, description, rules, error }) =>
      error ? { target, error } : { target, before: description, rules },
    ),
    message: rehearsalMessages.would(facts, { formatTime: (iso) => iso }),
    isFine: facts.faults.length === 0,
  };
}
