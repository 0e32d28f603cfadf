import { setTimeout as sleep } from 'node:timers/promises';
import { log } from './notify/log.ts';
import { probe } from './proof/probe.ts';
import type { VerifyDependencies } from './proof/verify.ts';
import type { Settings } from './settings.ts';
import { createStore } from './store/state-store.ts';
import { createRuleGroupStore } from './waf/rule-groups.ts';

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
    store: createStore(tableName),
    ruleGroups: createRuleGroupStore(time),
  };
}
