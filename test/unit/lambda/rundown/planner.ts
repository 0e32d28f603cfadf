import type { EditEvent } from '../../../../contract/sync-request.ts';
import type { Armed, Run, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { type Known, knownServices } from '../../../../lambda/src/model/service-names.ts';
import type { Effect, PlanInputs } from '../../../../lambda/src/rundown/plan/effects.ts';
import { planSteps } from '../../../../lambda/src/rundown/plan/plan.ts';
import { type Row, rundownRow } from '../../../../lambda/src/rundown/plan/row.ts';
import { CONTROLLER, createWorld, MANAGER, MINUTE_MS, START } from './terminal.ts';

/** The planner with one row in sight: a test says only what differs from a plain Go. */

export const NOW = START;
const known = knownServices(createWorld().deps.config);
export const isoAt = (ms: number) => new Date(ms).toISOString();
export const minutes = (count: number) => count * MINUTE_MS;

export type Cells = Partial<Omit<Row, 'plannedStart' | 'tab'>> & { readonly planned?: number | string };

export const BLANK = { result: '', started: '', finished: '', by: '', operation: '' };
export function rowOf({ planned, ...cells }: Cells = {}): Row {
  const plannedStart = typeof planned === 'number' ? { text: 't', at: isoAt(planned) } : { text: planned ?? '' };
  const row = { row: 2, step: '1', service: 'shop', action: 'Enter maintenance', status: 'Go', plannedStart };
  return rundownRow({ ...BLANK, ...row, ...cells });
}

export const recordOf = (row: Row, more: Partial<StepRecord> = {}): StepRecord => {
  const { step, plannedStart, service, action, operation, result, started, finished, by } = row;
  return {
    key: String(row.row),
    tab: row.tab,
    version: 1,
    seen: { row: row.row, step, plannedStart, service, action, status: 'Planned', operation },
    told: [],
    decided: { status: 'Planned', result, started, finished, by, operation },
    isAnswered: false,
    intents: {},
    ...more,
  };
};

export const editOf = (more: Partial<EditEvent> = {}): EditEvent => ({
  tab: 'rundown',
  by: MANAGER,
  rows: [2],
  coversStatus: true,
  coversPlan: false,
  seenAt: isoAt(NOW),
  ...more,
});

export interface Situation {
  readonly row?: Row;
  readonly record?: Partial<StepRecord>;
  readonly others?: readonly Row[];
  readonly otherRecord?: Partial<StepRecord>;
  /** A step whose row is not there. */
  readonly gone?: Partial<StepRecord>;
  readonly edit?: EditEvent | 'none';
  readonly inputs?: Partial<PlanInputs>;
}

/** What becomes of the row in this situation. */
export function planned({
  row = rowOf(),
  record,
  others = [],
  otherRecord,
  gone,
  edit = editOf(),
  inputs,
}: Situation): Effect {
  let made = 0;
  const given: PlanInputs = {
    sheet: { timeZone: 'Etc/UTC' } as PlanInputs['sheet'],
    known,
    isProduction: true,
    onPlanMs: minutes(10),
    ...(edit === 'none' ? {} : { edit }),
    syncId: 'sync-2',
    controller: CONTROLLER,
    readAt: NOW,
    now: NOW,
    runOf: () => undefined,
    openedSince: () => undefined,
    conflictsOf: () => [],
    newId: () => {
      made += 1;
      return `production-0000001${made}`;
    },
    ...inputs,
  };
  const steps = [row, ...others].map((one) => ({
    row: one,
    record: recordOf(one, one === row ? record : otherRecord),
  }));
  const missing = gone ? [{ record: recordOf(rowOf({ row: 99 }), gone) }] : [];
  return planSteps([...steps, ...missing], given)[0]?.effect as Effect;
}

/** As if nobody were an operator of another service than Shop. */
export const ofShopAlone = (all: Known): Known =>
  all.map((named) => ({
    ...named,
    members: named.members.map((one) => (one.name === 'shop' ? one : { ...one, operators: [] })),
  }));

/** What the row is told, or what is done. */
export function toldOf(effect: Effect): string {
  if (effect.kind === 'answer' || effect.kind === 'disarm') return effect.cells.result ?? '';
  if (effect.kind === 'arm') return effect.result;
  return effect.kind;
}
export const told = (situation: Situation) => toldOf(planned(situation));

export const runOf = (more: Partial<Run> = {}): Run => ({
  id: 'production-00000001',
  operations: [{ operationId: 'production-00000001', service: 'shop' }],
  requestedBy: MANAGER,
  startedAt: isoAt(NOW - minutes(1)),
  isOver: false,
  syncId: 'sync-1',
  ...more,
});

export const armedFor = (row: Row, more: Partial<Armed> = {}): Armed => ({
  id: 'production-00000009',
  requestedBy: MANAGER,
  armedAt: isoAt(NOW - minutes(60)),
  at: row.plannedStart.at ?? isoAt(NOW),
  step: row.step,
  service: row.service,
  action: row.meant ?? 'enter',
  text: row.plannedStart.text,
  timeZone: 'Etc/UTC',
  ...more,
});
