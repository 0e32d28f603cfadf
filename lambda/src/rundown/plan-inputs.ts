import type { Operation } from '../../../contract/operation-answer.ts';
import type { SyncRequest } from '../../../contract/sync-request.ts';
import type { Armed, Run, RundownRecord } from '../model/rundown-record.ts';
import { findNamed, type Known, knownServices, membersOf, type Named } from '../model/service-names.ts';
import { conflictsOf } from './conflicts.ts';
import type { RundownDependencies } from './dependencies.ts';
import { armedServices, openedSinceOf } from './opened-since.ts';
import { hasWord, type Row } from './plan/row.ts';
import type { RundownInputs } from './plan-rundown.ts';
import { operationsOf } from './run-operations.ts';

const MINUTE_MS = 60_000;

/** Everything that a plan is made from besides the rows, in a few reads. */
export async function planInputs(
  deps: RundownDependencies,
  before: RundownRecord,
  request: Pick<SyncRequest, 'edit' | 'syncId' | 'readAt'>,
  rows: readonly Row[],
): Promise<RundownInputs> {
  const { config, environment, controller, newId, now } = deps;
  const known = knownServices(config);
  const isArming = request.edit !== undefined && rows.some((row) => hasWord(row, 'Scheduled'));
  const asked = isArming
    ? rows.filter((row) => hasWord(row, 'Scheduled')).flatMap((row) => membersOf(known, row.service))
    : [];
  const [operations, states, waiting] = await Promise.all([
    operationsOf(deps, before, rows),
    deps.store.states([...new Set([...armedServices(before, known), ...asked])]),
    isArming ? deps.rundowns.waiting() : [],
  ]);
  const { spreadsheetId } = before.sheet;
  return {
    environment,
    known,
    isProduction: config.production,
    onPlanMs: config.onPlanMinutes * MINUTE_MS,
    edit: request.edit,
    syncId: request.syncId,
    controller,
    readAt: Date.parse(request.readAt),
    now: now(),
    newId,
    runOf: (row: Row) => runOf(row, operations, { spreadsheetId, known }),
    openedSince: await openedSinceOf(deps, spreadsheetId, states),
    conflictsOf: (armed: Armed, named: Named) =>
      conflictsOf(
        { spreadsheetId, armed, services: named.members.map(({ name }) => name) },
        {
          config,
          known,
          others: waiting.filter((sheet) => sheet.spreadsheetId !== spreadsheetId).flatMap((sheet) => sheet.armed),
          states,
        },
      ),
  };
}

/** An operation is a row's only if it was run for this sheet, service and action. */
function runOf(
  row: Row,
  operations: ReadonlyMap<string, Operation>,
  { spreadsheetId, known }: { readonly spreadsheetId: string; readonly known: Known },
): Run | undefined {
  const operation = operations.get(row.operation);
  if (!operation || operation.source.spreadsheetId !== spreadsheetId) return undefined;
  // By its name, also of what the config has lost; or by its title.
  const named = findNamed(known, row.service);
  const isTitled = named?.isGroup === false && named.members.some(({ name }) => name === operation.service);
  const isOfRow = operation.service === row.service.trim().toLowerCase() || isTitled;
  if (!isOfRow || operation.action !== row.meant) return undefined;
  const { operationId, service, requestedBy, requestedAt } = operation;
  return {
    id: operationId,
    operations: [{ operationId, service }],
    requestedBy,
    startedAt: requestedAt,
    isOver: false,
    syncId: '',
  };
}
