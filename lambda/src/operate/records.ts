import { type ServiceConfig, titleOf } from '../../../config/schema.ts';
import type { OperationRecord, ServiceState } from '../model/service-state.ts';
import type { StateStore } from '../store/state-store.ts';
import { asOfNow, auditOf, currentRecord } from './report.ts';

/**
 * What is kept under an operation's own id follows from the service's state item, the one commit point. Keys are
 * deterministic and a later version never gives way to an earlier one: so all of this may be written twice.
 */
export interface RecordDependencies {
  readonly store: StateStore;
  now(): number;
}

/** Writes the embedded operation, and the one it overtook, with their audit entries, as far as they have come. */
export async function recordCurrent(
  deps: RecordDependencies,
  service: ServiceConfig,
  state: ServiceState,
): Promise<void> {
  await recordOvertaken(deps, service, state);
  const record = currentRecord(state, service.name);
  if (!record) return;
  if (record.state === 'verified') {
    await recordSharers(deps, service, state.operation?.sharers, (stored) => ({
      ...asOfNow(stored, state),
      version: state.version,
    }));
  }
  await put(deps, service, record);
}

/** The item holds what the operation before came to until the next commit: by then it must be written. */
export async function recordOvertaken(
  deps: RecordDependencies,
  service: ServiceConfig,
  { overtaken, overtakenSharers }: ServiceState,
): Promise<void> {
  if (!overtaken) return;
  const { state, targets, proof, acceptedAt, supersededBy, version } = overtaken;
  const ending = { state, targets, proof, acceptedAt, supersededBy, version };
  await recordSharers(deps, service, overtakenSharers, (stored) => ({ ...stored, ...ending }));
  await put(deps, service, overtaken);
}

/** Operations that wanted the same and were not proven when another joined them end as that one does. */
async function recordSharers(
  deps: RecordDependencies,
  service: ServiceConfig,
  ids: readonly string[] = [],
  end: (stored: OperationRecord) => OperationRecord,
): Promise<void> {
  for (const id of ids) {
    const stored = await deps.store.operation(id);
    if (stored) await put(deps, service, end(stored));
  }
}

const put = ({ store, now }: RecordDependencies, service: ServiceConfig, record: OperationRecord): Promise<void> =>
  store.putRecord(record, auditOf(record, titleOf(service), new Date(now()).toISOString()));
