import { titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import { hasEnded, testerOf } from '../../../contract/allowlist.ts';
import type { ServiceState } from '../model/service-state.ts';
import { auditWrites } from '../store/audit.ts';
import { type RetryDependencies, updateWithRetry } from '../store/update-with-retry.ts';
import { testersExpired } from '../words/audit-messages.ts';

/**
 * Takes testers whose time has ended off the list, without a new revision: what they were let in by is still so for the
 * others. The rules leave them out already ({@link rangesLetIn}); this is what the audit tells of it.
 */
export async function expireTesters(
  deps: RetryDependencies & { now(): number },
  service: ServiceConfig,
  state: ServiceState,
): Promise<ServiceState> {
  const now = deps.now();
  const isOver = (entry: ServiceState['allowlist'][number]) => hasEnded(testerOf(entry), now);
  // Contested rules are somebody else's: nothing is claimed of them.
  const isContested = state.drift.some((drift) => drift.state === 'contested');
  if (isContested || !state.allowlist.some(isOver)) return state;
  return updateWithRetry(deps, service, (latest) => {
    const ended = latest.allowlist.filter(isOver);
    if (ended.length === 0) return latest;
    const entry = {
      service: service.name,
      revision: latest.revision,
      operationId: `expiry-${latest.version}`,
      kind: 'expiry' as const,
      mode: latest.mode,
      by: 'reconciler',
      at: new Date(now).toISOString(),
      allowlist: ended,
      message: testersExpired(titleOf(service), ended),
    };
    const allowlist = latest.allowlist.filter((one) => !isOver(one));
    return { state: { ...latest, allowlist }, writes: auditWrites(entry) };
  });
}
