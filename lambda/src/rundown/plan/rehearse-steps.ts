import type { ServiceConfig } from '../../../../config/schema.ts';
import type { ProblemError } from '../../../../contract/problem.ts';
import { REACHED } from '../../../../contract/status.ts';
import type { KnownEnvironment } from '../../model/known-environment.ts';
import { hasIntents, isRunning, type SheetRecord, type StepRecord } from '../../model/rundown-record.ts';
import { type Known, mayAct } from '../../model/service-names.ts';
import type { ServiceState } from '../../model/service-state.ts';
import { type Foreseen, foresee, isRefused } from '../../operate/foresee.ts';
import { rehearsalMessages } from '../../words/rehearsal-words.ts';
import { stepMessages } from '../../words/step-words.ts';
import { rowAsDecided } from '../row-of-record.ts';
import { intentOf } from './apply-effects.ts';
import type { Start } from './effects.ts';
import { requestOf } from './intent-request.ts';
import { offPlan, stepsBefore } from './off-plan.ts';
import { whatIsMeant } from './plan-go.ts';
import { instantOf, type Row } from './row.ts';

/**
 * A rundown walked as if its night went as planned: each step at its time, on what the steps before it would have left.
 * Pure.
 */

export interface RehearsedMember {
  readonly service: string;
  readonly title: string;
  readonly outcome: Foreseen | ProblemError;
}

export interface RehearsedStep {
  readonly key: string;
  readonly row: Row;
  /** One for each service that it names. */
  readonly members: readonly RehearsedMember[];
  /** Its service or action is none. */
  readonly wrong?: string;
  /** What would keep it from just running at its time, as a sentence. */
  readonly asks?: string | undefined;
}

export interface WalkInputs {
  readonly environment: KnownEnvironment;
  readonly known: Known;
  readonly sheet: SheetRecord;
  readonly onPlanMs: number;
  readonly now: number;
  /** Of every service that the steps name. */
  readonly states: ReadonlyMap<string, ServiceState>;
  readonly requestedBy: string;
}

interface ReadStep {
  readonly record: StepRecord;
  readonly row: Row;
}

const asRead = (record: StepRecord): ReadStep => ({ record, row: rowAsDecided(record) });

const OVER = [...REACHED, 'Skipped', 'Running', 'Unproven'] as const;

/** It has an action, and nothing of it has happened yet. */
const isToCome = ({ record, row }: ReadStep): boolean =>
  row.action.trim() !== '' && !isRunning(record) && !hasIntents(record) && !OVER.some((word) => word === row.word);

/** By planned start; one without a time comes after the row above it. */
function inOrder(steps: readonly ReadStep[]): readonly (ReadStep & { readonly at: number })[] {
  let last = 0;
  return [...steps]
    .sort((one, other) => one.row.row - other.row.row)
    .map((step) => {
      last = instantOf(step.row.plannedStart) ?? last;
      return { ...step, at: last };
    })
    .sort((one, other) => one.at - other.at);
}

/** @param given - Of the rundown. */
export function rehearseSteps(given: readonly StepRecord[], inputs: WalkInputs): RehearsedStep[] {
  const all = given.filter(({ missingSince }) => missingSince === undefined).map(asRead);
  const states = new Map(inputs.states);
  const rows = new Map(all.map(({ record, row }) => [record.key, row]));
  let now = inputs.now;
  return inOrder(all.filter(isToCome)).map(({ record, row, at }): RehearsedStep => {
    now = Math.max(now, at);
    const step = rehearseStep({ record, row }, { ...inputs, rows: [...rows.values()], now, states });
    const isThrough = step.wrong === undefined && step.members.every(({ outcome }) => !isRefused(outcome));
    for (const { service, outcome } of step.members) if (!isRefused(outcome)) states.set(service, outcome.next);
    if (isThrough) rows.set(record.key, { ...row, word: 'Done', started: new Date(now).toISOString() });
    return step;
  });
}

interface StepInputs extends WalkInputs {
  readonly rows: readonly Row[];
}

function rehearseStep({ record, row }: ReadStep, inputs: StepInputs): RehearsedStep {
  const meant = whatIsMeant(inputs.known, row);
  if (typeof meant === 'string') return { key: record.key, row, members: [], wrong: meant };
  const { armed } = record;
  // The clock runs it in the name of the person who armed it.
  const start = { ...meant, requestedBy: armed?.requestedBy ?? inputs.requestedBy, takeOver: false };
  const members = rehearseMembers(row, armed ? { ...start, armed } : start, inputs);
  return { key: record.key, row, members, asks: asksOf({ record, row }, start, inputs) };
}

/** What each service of a Go would meet. */
export function rehearseMembers(row: Row, start: Start, inputs: Omit<StepInputs, 'onPlanMs'>): RehearsedMember[] {
  const { environment, sheet, now } = inputs;
  const at = new Date(now).toISOString();
  return start.named.members.map(({ name, title }): RehearsedMember => {
    // A row names what the config has, and the states of all that rows name were read.
    const service = environment.services.find((one) => one.name === name) as ServiceConfig;
    const state = inputs.states.get(name) as ServiceState;
    const intent = intentOf(inputs, row, start, { operationId: REHEARSAL, service: name, at });
    const request = requestOf(intent, sheet.spreadsheetId);
    const outcome = foresee(environment, { request, service, state, at: now });
    return { service: name, title, outcome };
  });
}

/** No operation has it. */
const REHEARSAL = 'rehearsal';

function asksOf({ record, row }: ReadStep, { named, requestedBy }: Start, inputs: StepInputs): string | undefined {
  if (!inputs.environment.production) return undefined;
  if (record.armed) {
    const before = stepsBefore(inputs, row).map(({ step }) => step);
    return before.length > 0 ? rehearsalMessages.notInTurn(stepMessages.offPlanOrder(before, named.title)) : undefined;
  }
  if (!named.members.every((member) => mayAct(member, requestedBy))) return undefined;
  const why = offPlan(inputs, row, record, named);
  return why === undefined ? undefined : rehearsalMessages.asksFirst(why, false);
}
