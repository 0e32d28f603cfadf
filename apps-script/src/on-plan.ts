import { actionByTitle } from '../../contract/modes.ts';
import type { PlanInputs } from './effects.ts';
import { type Known, sharesService } from './known-services.ts';
import { hasStatus, type Row, type Rundown } from './rundown.ts';
import { says } from './sentences.ts';

/** Whether a step may run now without a second thought (DESIGN D3). Pure. */

/** A person's first Go of a step that is off plan, or of a service that another sheet holds: the second one runs it. */
export interface Confirmation {
  /** {@link confirmationKey} of the row. */
  readonly key: string;
  readonly kind: 'off-plan' | 'take-over';
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const CONFIRM_MS: Readonly<Record<Confirmation['kind'], number>> = { 'off-plan': 60_000, 'take-over': 120_000 };

const ON_TIME_MS = 30 * 60_000;
const MINUTE_MS = 60_000;

export const confirmationKey = ({ step, service, action, plannedStart }: Pick<Row, KeyFields>): string =>
  [step, service, action, plannedStart].join(' | ');
type KeyFields = 'step' | 'service' | 'action' | 'plannedStart';

export const isLive = ({ kind, at }: Confirmation, now: number): boolean => now - at <= CONFIRM_MS[kind];

export function confirmationOf(
  confirmations: readonly Confirmation[],
  row: Row,
  user: string,
  now: number,
): Confirmation | undefined {
  const key = confirmationKey(row);
  const own = confirmations.filter((one) => one.key === key && one.user.toLowerCase() === user.toLowerCase());
  return own.find((one) => isLive(one, now));
}

/** Steps of the same service before this one that are neither done nor left out: by planned start, else by place. */
export function openBefore({ rows }: Rundown, row: Row, known: Known): Row[] {
  const isBefore = (other: Row) =>
    other.plannedAt !== undefined && row.plannedAt !== undefined && other.plannedAt !== row.plannedAt
      ? other.plannedAt < row.plannedAt
      : other.number < row.number;
  return rows.filter(
    (other) =>
      other.number !== row.number &&
      other.action !== '' &&
      sharesService(known, other.service, row.service) &&
      isBefore(other) &&
      !hasStatus(other, 'Done', 'Skipped'),
  );
}

/** @returns Why a Go is off plan, as the end of a sentence; undefined if it is on plan. */
export function offPlan(
  row: Row,
  title: string,
  { rundown, known, now, formatTime }: Pick<PlanInputs, 'rundown' | 'known' | 'now' | 'formatTime'>,
): string | undefined {
  if (wasDone(row)) return says.offPlanDone;
  // To open the service before its other steps are done is what an abort is: near its time it runs at once.
  const open = actionByTitle(row.action) === 'exit' ? [] : openBefore(rundown, row, known).map(({ step }) => step);
  if (open.length > 0) return says.offPlanOrder(open, title);
  if (row.plannedAt === undefined || Math.abs(row.plannedAt - now) <= ON_TIME_MS) return undefined;
  const minutes = Math.round(Math.abs(row.plannedAt - now) / MINUTE_MS);
  return says.offPlanTime(formatTime(row.plannedStart), minutes, row.plannedAt > now);
}

/** Only what was proven has both an operation and a time at which it finished; what failed has no such time. */
export const wasDone = ({ operation, own }: Row): boolean => operation !== '' && String(own.finished ?? '') !== '';
