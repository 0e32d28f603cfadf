import { type ServiceConfig, titleOf } from '../../../config/schema.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';
import { drive } from '../operate/converge-service.ts';
import { nextState } from '../operate/next-state.ts';
import { recordOvertaken } from '../operate/records.ts';
import { change } from '../store/update-with-retry.ts';
import { isNews, requestOf } from '../waf/direct-write.ts';
import { adoptedNotice } from '../words/notice-words.ts';
import { withEvents } from './outbox.ts';
import type { MendDependencies } from './repair.ts';

/**
 * Makes a direct write the desired state: an operation like any other, by whoever wrote it, with a new revision and a
 * proof of its own; and brings every target to our own rendering of it.
 */
export async function adopt(deps: MendDependencies, service: ServiceConfig, stamp: DirectStamp): Promise<ServiceState> {
  const { environment, store, now } = deps;
  await change(deps, service, async (state) => {
    // An operation may have been committed since: then that is newer.
    if (!isNews(stamp, state)) return state;
    await recordOvertaken({ store, now }, service, state);
    const request = requestOf(stamp, service.name, state, now());
    const notice = adoptedNotice({ environment, title: titleOf(service), state, now: now() }, stamp);
    const next = nextState(service, state, request, now(), true);
    const since = next.mode === state.mode ? next.since : stamp.at;
    return withEvents({ ...next, since, adopted: stamp.at, adoptedAt: new Date(now()).toISOString() }, [
      { id: request.operationId, notice },
    ]);
  });
  return drive(deps, service);
}
