import type { TablesAnswer } from '../../../contract/sync-answer.ts';
import { knownServices } from '../model/service-names.ts';
import { statusesOf } from '../operate/service-status.ts';
import { allowlistCheck } from './allowlist-table.ts';
import { auditTable, entriesOf, touchedBy } from './audit-table.ts';
import type { RundownDependencies } from './dependencies.ts';
import { connectedUntil, nextSyncMs } from './next-sync.ts';
import { plannedWords } from './plan/wall-time.ts';
import { servicesTable } from './services-table.ts';

/** What the sheet's other tabs say: made up here, written by the script. */
export async function tablesOf(deps: RundownDependencies, spreadsheetId: string): Promise<TablesAnswer> {
  const { config, store, environment } = deps;
  const now = deps.now();
  const [rundown, states, own, sheets] = await Promise.all([
    deps.rundowns.load(spreadsheetId),
    store.states(config.services.map(({ name }) => name)),
    store.auditOfSheet(spreadsheetId),
    deps.rundowns.waiting(),
  ]);
  const ofServices = await Promise.all(
    [...touchedBy(own)].map(([service, since]) => store.audit(service, since, MOST_ENTRIES)),
  );
  const goodUntil = connectedUntil(nextSyncMs(rundown, now), now);
  const { timeZone } = rundown.sheet;
  return {
    environment,
    version: rundown.sheet.version,
    services: servicesTable(statusesOf(config, states, sheets), {
      environment,
      spreadsheetId,
      now,
      goodUntil,
      nameOf: (id) => sheets.find((sheet) => sheet.spreadsheetId === id)?.name ?? 'another release sheet',
      formatTime: (iso) => plannedWords(Date.parse(iso), timeZone),
    }),
    audit: auditTable(entriesOf(spreadsheetId, own, ofServices.flat()), rundown.steps, now),
    check: allowlistCheck(rundown, states, knownServices(config), now),
    goodUntil,
  };
}

/** Of each service, newest first. */
const MOST_ENTRIES = 200;
