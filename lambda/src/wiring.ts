import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from './environment.ts';
import { log } from './log.ts';
import { probe } from './probe.ts';
import { createRuleGroupStore } from './rule-group-store.ts';
import { createStateStore } from './state-store.ts';
import type { VerifyDependencies } from './verify.ts';

/** The real things, once per instance: ids and connections stay warm between invocations. */
export function wire({ config, pages, tableName }: Settings): VerifyDependencies {
  const time = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
  return {
    ...time,
    config,
    pages,
    probe,
    random: Math.random,
    log,
    store: createStateStore(tableName),
    ruleGroups: createRuleGroupStore(time),
  };
}
