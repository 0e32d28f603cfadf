import { titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { Drift } from '../../../contract/services.ts';
import { UNPROVEN_AFTER_MS } from '../../../contract/timing.ts';
import { currentOperation } from '../model/operation-record.ts';
import type { Notice } from '../model/ports.ts';
import { type ServiceState, stateOf } from '../model/service-state.ts';
import type { Metric } from '../notify/metrics.ts';
import {
  bypassedNotice,
  contestedNotice,
  goneNotice,
  orphanedNotice,
  overdueNotice,
  type Subject,
  unprovenNotice,
  unreadableNotice,
  unrepairedNotice,
} from '../words/notice-words.ts';
import { report } from '../words/operation-report.ts';

/** Something that needs a person for as long as it lasts. */
export interface Condition {
  /** Another occurrence has another one. */
  readonly id: string;
  readonly metric: Metric;
  readonly notice: Notice;
  /** It lasts until somebody finds the time: people are not reminded of it. */
  readonly isToldOnce?: true;
}

/** One condition each, however many targets it concerns. */
const OF_TARGETS: readonly {
  readonly known: Drift['state'];
  readonly metric: Metric;
  words(subject: Subject, drift: readonly Drift[]): Notice;
}[] = [
  { known: 'unrepaired', metric: 'Unrepaired', words: unrepairedNotice },
  { known: 'gone', metric: 'Gone', words: goneNotice },
  { known: 'unreadable', metric: 'Unreadable', words: unreadableNotice },
  { known: 'bypassed', metric: 'Bypassed', words: bypassedNotice },
];

export interface ConditionOptions {
  readonly environment: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The config does not name it any more. */
  readonly isLost?: boolean;
}

/** What is wrong with a service now. Pure. */
export function conditionsOf(
  service: ServiceConfig,
  state: ServiceState,
  { environment, now, isLost = false }: ConditionOptions,
): Condition[] {
  const { plannedEnd, mode, drift } = state;
  const subject: Subject = { environment, title: titleOf(service), state, now };
  const conditions: Condition[] = [];
  if (isLost && mode !== 'normal') {
    conditions.push({
      id: `orphaned ${state.since}`,
      metric: 'Orphaned',
      notice: orphanedNotice(subject),
      isToldOnce: true,
    });
  }
  for (const one of drift.filter(({ state }) => state === 'contested')) {
    const id = `contested ${one.target} ${one.at}`;
    conditions.push({ id, metric: 'Contested', notice: contestedNotice(subject, one) });
  }
  for (const { known, metric, words } of OF_TARGETS) {
    const found = drift.filter((one) => one.state === known);
    if (found.length === 0) continue;
    const id = `${known} ${found.map(({ target, at }) => `${target} ${at}`).join(' ')}`;
    conditions.push({ id, metric, notice: words(subject, found) });
  }
  const record = currentOperation(state, service.name);
  if (record && isUnproven(state, record.committedAt, now)) {
    const id = `unproven ${record.operationId}`;
    const notice = unprovenNotice(subject, report(record, subject.title));
    conditions.push({ id, metric: 'Unproven', notice });
  }
  if (mode !== 'normal' && plannedEnd !== undefined && Date.parse(plannedEnd) <= now) {
    const id = `overdue ${plannedEnd}`;
    conditions.push({ id, metric: 'Overdue', notice: overdueNotice(subject, plannedEnd) });
  }
  return conditions;
}

/** Not proven from outside for long, or not even taken by the firewall. Where nobody probes, nothing can be proven. */
function isUnproven(state: ServiceState, committedAt: string, now: number): boolean {
  if (now - Date.parse(committedAt) < UNPROVEN_AFTER_MS) return false;
  const isOpenQuestion = stateOf(state) === 'pending' || state.proof.state === 'proving';
  return isOpenQuestion && !state.drift.some((drift) => drift.state === 'contested');
}
