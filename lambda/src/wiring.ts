import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from './notify/log.ts';
import type { DriveEvent } from './operate/drive.ts';
import { atOnce, probe } from './proof/probe.ts';
import type { RundownDependencies } from './rundown/dependencies.ts';
import type { Settings } from './settings.ts';
import { createRundownStore } from './store/rundowns.ts';
import { createStore } from './store/store.ts';
import { createTable } from './store/table.ts';
import { createWafIds } from './store/waf-ids.ts';
import { createRuleGroupStore } from './waf/rule-groups.ts';

/** Of all services of an instance: each is a new connection, with its own keys to agree on. */
const MOST_PROBES_AT_ONCE = 20;

/** The real things, once per instance: ids and connections stay warm between invocations. */
export function wire(
  { environment, config, controller, pages, tableName, region }: Settings,
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
    probe: atOnce(MOST_PROBES_AT_ONCE, probe),
    region,
    random: Math.random,
    log,
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups: createRuleGroupStore(time, undefined, { ids: createWafIds(table) }),
    newId: () => `${environment}-${randomBytes(4).toString('hex')}`,
  };
}
