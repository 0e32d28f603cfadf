import { titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import { currentOperation, type OperationRecord } from '../model/operation-record.ts';
import type { ServiceState } from '../model/service-state.ts';
import { convergeService } from '../operate/converge-service.ts';
import { nextState } from '../operate/next-state.ts';
import { noticeWrite, type WaitingNotice } from '../store/notices.ts';
import { operationWrites } from '../store/operations.ts';
import { type Update, updateWithRetry } from '../store/update-with-retry.ts';
import { isNewer, requestOf } from '../waf/direct-write.ts';
import { adoptedNotice } from '../words/notice-words.ts';
import { deliver } from './deliver.ts';
import type { RepairDependencies } from './repair.ts';

/**
 * Makes a direct write the desired state: an operation like any other, by the person who wrote it, with a new revision and a
 * proof of its own; and brings every target to our own rendering of it.
 */
export async function adopt(
  deps: RepairDependencies,
  service: ServiceConfig,
  stamp: DirectStamp,
): Promise<ServiceState> {
  let notice: WaitingNotice | undefined;
  await updateWithRetry(deps, service, (state) => {
    notice = undefined;
    // An operation may have been committed since: then that is newer.
    if (!isNewer(stamp, state)) return state;
    const now = deps.now();
    const request = requestOf(stamp, service.name, state, now);
    const told = adoptedNotice({ environment: deps.environment, title: titleOf(service), state, now }, stamp);
    notice = { id: `adopted ${request.operationId}`, kind: 'adopted', notice: { ...told, service: service.name } };
    return adopted(service, state, request, notice, now);
  });
  const next = await convergeService(deps, service);
  await deliver(deps, notice ? [notice] : []);
  return next;
}

/** Committed as an operation like any other. */
function adopted(
  service: ServiceConfig,
  state: ServiceState,
  request: OperationRequest,
  notice: WaitingNotice,
  now: number,
): Update {
  const wanted = nextState(service, state, request, now, true);
  const writtenAt = request.requestedAt;
  const since = wanted.mode === state.mode ? wanted.since : writtenAt;
  const next = { ...wanted, since, adopted: writtenAt, adoptedAt: new Date(now).toISOString() };
  const record = currentOperation(next, service.name) as OperationRecord;
  return { state: next, writes: [...operationWrites(record, titleOf(service)), noticeWrite(notice)] };
}
