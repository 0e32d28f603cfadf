import { type AllowlistEntry, canonicalEntries, liveEntries } from '../../../contract/allowlist.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { SlackRecord, Wish } from '../model/slack-record.ts';
import { idFrom } from './deliveries.ts';

/** The operations of a wish, one for each service. Pure. @param now - When the person decided: milliseconds since the epoch. */
export function operationsOf(
  record: SlackRecord & { readonly wish: Wish },
  states: ReadonlyMap<string, ServiceState>,
  { environment, now }: { readonly environment: string; readonly now: number },
): OperationRequest[] {
  const { id, wish, by, channel, takesOver } = record;
  const until = untilOf(record);
  return wish.services.map((service) => ({
    operationId: wish.services.length === 1 ? id : idFrom(environment, id, service),
    service,
    action: wish.action,
    requestedBy: by.email,
    requestedAt: new Date(now).toISOString(),
    source: { kind: 'slack', channel },
    ...(wish.action === 'enter' && until ? { plannedEnd: until } : {}),
    ...(wish.action === 'enable-allowlist' ? { allowlist: allowlistOf(record, states.get(service), until, now) } : {}),
    ...(takesOver ? { takeOver: true } : {}),
  }));
}

/** It is what they were shown, however late they confirm it. */
export const untilOf = ({ wish, at }: Pick<SlackRecord, 'wish' | 'at'>): string | undefined =>
  wish?.forMs === undefined ? undefined : new Date(Date.parse(at) + wish.forMs).toISOString();

/** One more is let in, besides those who are: whom a release sheet lets in stays in. */
function allowlistOf(
  { wish, by }: SlackRecord,
  state: ServiceState | undefined,
  until: string | undefined,
  now: number,
): AllowlistEntry[] {
  const own = (wish?.ranges ?? []).map((range) => ({ range, who: by.email, ...(until ? { until } : {}) }));
  return canonicalEntries([...liveEntries(state?.allowlist ?? [], now), ...own]);
}
