import type { RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { findNamed, type Known } from '../model/service-names.ts';
import type { WaitingNotice } from '../store/notices.ts';
import { missedStepNotice } from '../words/notice-words.ts';
import type { Note } from './plan/effects.ts';

/** People are called for a step whose time came and that nobody ran; committed with the step that says so. Pure. */
export function missedNotices(
  before: RundownRecord,
  notes: readonly (readonly [Note, StepRecord])[],
  { environment, known }: { readonly environment: string; readonly known: Known },
): WaitingNotice[] {
  return notes.flatMap(([{ isMissed }, { key }]): WaitingNotice[] => {
    const armed = before.steps.find((step) => step.key === key)?.armed;
    if (!isMissed || !armed) return [];
    const { id, step, service, action, at, requestedBy } = armed;
    const title = findNamed(known, service)?.title ?? service;
    const told = { operationId: id, step, service, action, plannedStart: at, requestedBy };
    return [{ id: `missed ${id}`, kind: 'missed', notice: missedStepNotice(environment, title, told) }];
  });
}
