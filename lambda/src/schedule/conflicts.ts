import { type EnvironmentConfig, titleOf } from '../../../config/schema.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { ScheduleBody, ScheduledStep, ScheduleResponse } from '../../../contract/schedule.ts';
import type { ServiceState } from '../model/service-state.ts';
import { doorOf, heldByAnother, notAnOperator, unknownService } from '../operate/checks.ts';
import type { StoredSchedule } from '../store/state-store.ts';

/** Two steps of different sheets on one service, closer than this, are most likely two people who do not know. */
const TOO_CLOSE_MS = 15 * 60_000;

export interface ConflictInputs {
  readonly config: EnvironmentConfig;
  /** The schedules of other release sheets. */
  readonly others: readonly StoredSchedule[];
  stateOf(service: string): ServiceState;
}

type Conflict = ScheduleResponse['conflicts'][number];

/** What armed steps would meet, told when they are armed: whoever armed them is still awake. Pure. */
export const conflictsOf = ({ spreadsheetId, steps }: ScheduleBody, inputs: ConflictInputs): Conflict[] =>
  steps.flatMap((step) => {
    const { operationId } = step;
    return messagesOf(spreadsheetId, step, inputs).map((message) => ({ operationId, message }));
  });

function messagesOf(spreadsheetId: string, step: ScheduledStep, { config, others, stateOf }: ConflictInputs): string[] {
  const service = config.services.find(({ name }) => name === step.service);
  if (!service) return [unknownService(config, step.service).message];
  const asking = { requestedBy: step.requestedBy, spreadsheetId, step: step.step };
  const near = others.flatMap((other) => other.steps.filter((one) => isNear(one, step)));
  return [
    notAnOperator(config, service, asking.requestedBy)?.message,
    heldByAnother(service, stateOf(service.name), asking)?.message,
    ...near.map((other) => close(titleOf(service), step, other)),
  ].filter((message) => message !== undefined);
}

const isNear = (a: ScheduledStep, b: ScheduledStep): boolean =>
  a.service === b.service && Math.abs(Date.parse(a.plannedStart) - Date.parse(b.plannedStart)) <= TOO_CLOSE_MS;

const close = (title: string, ours: ScheduledStep, theirs: ScheduledStep): string =>
  `Another release sheet has a step on ${title} within 15 minutes of this: ${inWords(theirs)}. ` +
  `This is ${inWords(ours)}. Talk to each other before either runs.`;

const inWords = ({ step, action, plannedStart, requestedBy }: ScheduledStep): string =>
  `${doorOf({ step })} (${MOVES[action].title}) at ${clock(plannedStart)}, armed by ${requestedBy}`;

const clock = (iso: string): string => `${new Date(iso).toISOString().slice(11, 16)} UTC`;
