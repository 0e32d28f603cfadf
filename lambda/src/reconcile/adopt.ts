import { type ServiceConfig, titleOf } from '../../../config/schema.ts';
import { problem } from '../../../contract/problem.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import { currentOperation, type OperationRecord } from '../model/operation-record.ts';
import type { ServiceState } from '../model/service-state.ts';
import { convergeService } from '../operate/converge-service.ts';
import { nextState } from '../operate/next-state.ts';
import { auditWrites } from '../store/audit.ts';
import { withEvents } from '../store/outbox.ts';
import { operationWrite } from '../store/store.ts';
import { isNewer, requestOf } from '../waf/direct-write.ts';
import { adoptedNotice } from '../words/notice-words.ts';
import { auditOf } from '../words/operation-report.ts';
import type { RepairDependencies } from './repair.ts';

/**
 * Makes a direct write the desired state: an operation like any other, by whoever wrote it, with a new revision and a
 * proof of its own; and brings every target to our own rendering of it.
 */
export async function adopt(
  deps: RepairDependencies,
  service: ServiceConfig,
  stamp: DirectStamp,
): Promise<ServiceState> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const state = await deps.store.state(service.name);
    // An operation may have been committed since: then that is newer.
    if (!isNewer(stamp, state) || (await tryAdopt(deps, service, stamp, state))) return convergeService(deps, service);
    await deps.sleep(PAUSE_MS * (attempt + deps.random()));
  }
  throw problem('TRY_AGAIN', `Others keep changing ${titleOf(service)} just now.`);
}

const MOST_ATTEMPTS = 8;
const PAUSE_MS = 60;

/** @returns Whether it was committed, as an operation like any other. */
async function tryAdopt(
  { environment, store, now }: RepairDependencies,
  service: ServiceConfig,
  stamp: DirectStamp,
  state: ServiceState,
): Promise<boolean> {
  const title = titleOf(service);
  const request = requestOf(stamp, service.name, state, now());
  const notice = adoptedNotice({ environment, title, state, now: now() }, stamp);
  const wanted = nextState(service, state, request, now(), true);
  const since = wanted.mode === state.mode ? wanted.since : stamp.at;
  const next = withEvents({ ...wanted, since, adopted: stamp.at, adoptedAt: new Date(now()).toISOString() }, [
    { id: request.operationId, notice },
  ]);
  const record = currentOperation(next, service.name) as OperationRecord;
  const { state: _state, targets: _targets, proof: _proof, acceptedAt: _at, supersededBy: _by, ...stored } = record;
  const entry = { ...auditOf(record, title, record.committedAt ?? ''), evidence: record.evidence, title };
  const done = await store.put(service.name, state, next, [operationWrite(stored), ...auditWrites(entry)]);
  return done !== undefined;
}
