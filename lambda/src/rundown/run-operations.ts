import { titleIn } from '../../../config/names.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { isRunning, type RundownRecord, type StepRecord } from '../model/rundown-record.ts';
import { report } from '../words/operation-report.ts';
import type { RundownDependencies } from './dependencies.ts';
import type { Row } from './plan/row.ts';

/** The operations of a rundown's live runs, by id; and those that rows show and no step knows. */
export async function operationsOf(
  { store, config }: Pick<RundownDependencies, 'store' | 'config'>,
  { steps, sheet }: RundownRecord,
  rows: readonly Row[] = [],
): Promise<ReadonlyMap<string, Operation>> {
  const live = steps.filter(isRunning);
  const own = new Set(live.flatMap((step) => step.run?.operations.map(({ operationId }) => operationId) ?? []));
  const shown = rows.flatMap(({ operation }) => (isStrange(operation, steps) ? [operation] : []));
  const ids = [...new Set([...own, ...shown])];
  if (ids.length === 0) return new Map();
  const records = await store.operations(ids);
  const found = records.map((record) => record && report(record, titleIn(config, record.service)));
  return new Map(
    found.flatMap((operation) => {
      // An answer is bound to what was asked: another sheet's operation is nothing that this one can show.
      const isBound = operation && (!own.has(operation.operationId) || isOf(live, operation, sheet.spreadsheetId));
      return isBound ? [[operation.operationId, operation] as const] : [];
    }),
  );
}

const isStrange = (id: string, steps: readonly StepRecord[]): boolean =>
  /^[a-z][a-z0-9-]*-[0-9a-f]{8}$/.test(id) && !steps.some(({ run, armed }) => run?.id === id || armed?.id === id);

function isOf(live: readonly StepRecord[], operation: Operation, spreadsheetId: string): boolean {
  const { operationId, service, requestedBy, source } = operation;
  return (
    source.spreadsheetId === spreadsheetId &&
    live.some(
      ({ run }) =>
        run?.requestedBy === requestedBy &&
        run.operations.some((one) => one.operationId === operationId && one.service === service),
    )
  );
}
