import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from './notify/log.ts';
import type { DriveEvent } from './operate/drive.ts';
import { probe } from './proof/probe.ts';
import type { RundownDependencies } from './rundown/dependencies.ts';
import type { Settings } from './settings.ts';
import { createRundownStore } from './store/rundowns.ts';
import { createStore } from './store/store.ts';
import { createTable } from './store/table.ts';
import { createWafIds } from './store/waf-ids.ts';
import { createRuleGroupStore } from './waf/rule-groups.ts';

/** The real things, once per instance: ids and connections stay warm between invocations. */
export function wire(
  { environment, config, controller, pages, tableName }: Settings,
  invokeDriver?: (event: DriveEvent) => Promise<void>,
): RundownDependencies {
  const time = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
  const table = createTable(tableName, { ...time, random: Math.random });
  return {
    ...time,
    ...(invokeDriver ? { invokeDriver } : {}),
    environment,
    config,
    controller,
    pages,
    probe,
    random: Math.random,
    log,
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups: createRuleGroupStore(time, undefined, { ids: createWafIds(table) }),
    newId: () => `${environment}-${randomBytes(4).toString('hex')}`,
  };
}
