import { targetName, titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { Drift } from '../../../contract/services.ts';
import { type Reading, transition } from '../model/drift-table.ts';
import type { ServiceState } from '../model/service-state.ts';
import { stableJson } from '../model/stable-json.ts';
import { auditWrites } from '../store/audit.ts';
import { type RetryDependencies, updateWithRetry } from '../store/update-with-retry.ts';
import type { Inspection } from '../waf/inspect.ts';
import { DRIFT_MESSAGES } from '../words/audit-messages.ts';

/** Not knowing is never treated as well: what could not be read is a finding like any other. */

const UNREAD: ReadonlySet<string> = new Set<Reading['on']>(['no-answer', 'denied', 'missing']);
const findingOf = ({ found }: Inspection): Reading['on'] => (UNREAD.has(found) ? (found as Reading['on']) : 'read');

function knownOf({ drift, missed = [] }: ServiceState, target: string): Reading['known'] {
  const states = drift.filter((one) => one.target === target).map(({ state }) => state);
  if (states.includes('gone')) return 'gone';
  if (states.includes('unreadable')) return 'unreadable';
  return missed.includes(target) ? 'missed' : 'readable';
}

/** What could not be read this time, in a line for the log. */
export function unreadIn(inspections: readonly Inspection[]): string | undefined {
  const unread = inspections.filter((one) => findingOf(one) !== 'read');
  if (unread.length === 0) return undefined;
  return unread.map(({ target, code }) => `${targetName(target)} ${code}`).join(', ');
}

/** Notes which targets can be read, and audits those that cannot any more. Who is told of them: see `conditions`. */
export async function noteReadability(
  deps: RetryDependencies & { now(): number },
  service: ServiceConfig,
  state: ServiceState,
  inspections: readonly Inspection[],
): Promise<ServiceState> {
  if (isSame(state, withReadings(state, inspections, ''))) return state;
  const at = new Date(deps.now()).toISOString();
  return updateWithRetry(deps, service, (now) => {
    if (now.revision !== state.revision) return now;
    const next = withReadings(now, inspections, at);
    if (isSame(now, next)) return now;
    const began = next.drift.filter((one) => !now.drift.includes(one));
    return { state: next, writes: began.flatMap((drift) => auditWrites(entryOf(service, next, drift))) };
  });
}

const isSame = (one: ServiceState, other: ServiceState): boolean =>
  stableJson([one.drift, one.missed ?? []]) === stableJson([other.drift, other.missed ?? []]);

/** Pure. */
export function withReadings(state: ServiceState, inspections: readonly Inspection[], at: string): ServiceState {
  let { drift, missed = [] } = state;
  // What waits for its turn was not asked yet.
  for (const one of inspections.filter(({ code }) => code !== 'WAITS_FOR_TURN')) {
    const target = targetName(one.target);
    const before = knownOf(state, target);
    const { to } = transition('reading', before, findingOf(one));
    if (to === before) continue;
    missed = [...missed.filter((name) => name !== target), ...(to === 'missed' ? [target] : [])];
    drift = drift.filter(
      (known) => known.target !== target || !(known.state === 'unreadable' || known.state === 'gone'),
    );
    if (to === 'unreadable' || to === 'gone') {
      const found: Drift = { target, state: to, at, revision: state.revision, ...(one.code ? { code: one.code } : {}) };
      drift = [...drift, found];
    }
  }
  return { ...state, drift, missed };
}

const entryOf = (service: ServiceConfig, { mode, revision }: ServiceState, drift: Drift) => ({
  service: service.name,
  revision,
  operationId: `${drift.state}-${drift.target.replace('/', '-')}-${drift.at.replace(/\D/g, '')}`,
  kind: 'unreadable' as const,
  mode,
  by: 'reconciler',
  at: drift.at,
  message: DRIFT_MESSAGES[drift.state]({ ...drift, title: titleOf(service), mode }),
});
