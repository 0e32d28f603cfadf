import { type ServiceConfig, titleOf } from '../../../config/schema.ts';
import type { ScheduleBody, ScheduledEnd, ScheduleResponse } from '../../../contract/schedule.ts';
import type { ServiceState } from '../model/service-state.ts';
import { unknownService, wrongPlannedEnd } from '../operate/checks.ts';
import { convergeService } from '../operate/converge-service.ts';
import { settleEvents, withEvents } from '../reconcile/outbox.ts';
import { updateWithRetry } from '../store/update-with-retry.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';

/** WAF takes one write a second: the others' pages are moved by the reconciler, within a minute. */
const MOST_DRIVEN = 10;

type End = ScheduleResponse['ends'][number];

interface Replanned {
  readonly end: End;
  /** Its rules say another end now. */
  readonly moved?: ServiceConfig;
}

/**
 * Moves the planned ends of services that this sheet holds. It is the same maintenance: no new revision, and nothing
 * that was proven is proven less.
 */
export async function replan(
  deps: ConvergeDependencies,
  { spreadsheetId, ends }: Pick<ScheduleBody, 'spreadsheetId' | 'ends'>,
): Promise<End[]> {
  const replanned = await Promise.all(ends.map((end) => replanOne(deps, spreadsheetId, end)));
  const moved = replanned.flatMap((one) => one.moved ?? []);
  await Promise.all(moved.slice(0, MOST_DRIVEN).map((service) => convergeService(deps, service)));
  return replanned.map(({ end }) => end);
}

async function replanOne(
  deps: ConvergeDependencies,
  spreadsheetId: string,
  { service: name, plannedEnd: typed }: ScheduledEnd,
): Promise<Replanned> {
  const plannedEnd = new Date(typed).toISOString();
  const answer = (why?: string): End => ({ service: name, plannedEnd: typed, applied: !why, ...(why ? { why } : {}) });
  const service = deps.config.services.find((one) => one.name === name);
  if (!service) return { end: answer(unknownService(deps.config, name).message) };
  let why: string | undefined;
  let isMoved = false;
  const state = await updateWithRetry(deps, service, (state) => {
    why = objection(service, state, spreadsheetId, plannedEnd, deps.now());
    isMoved = !why && state.plannedEnd !== plannedEnd;
    return isMoved ? moved(service, state, spreadsheetId, plannedEnd, deps.now()) : state;
  });
  await settleEvents(deps, service, state);
  // Whoever fights over these rules must be stopped by a person first; to write them again would begin it anew.
  if (isMoved && state.drift.some((drift) => drift.state === 'contested')) {
    const left = `Somebody else changes ${titleOf(service)}'s firewall rules: its page keeps the old time until a step is set to Go.`;
    return { end: answer(left) };
  }
  return isMoved ? { end: answer(), moved: service } : { end: answer(why) };
}

function objection(
  service: ServiceConfig,
  { mode, holder }: ServiceState,
  spreadsheetId: string,
  plannedEnd: string,
  now: number,
): string | undefined {
  const title = titleOf(service);
  if (mode === 'normal') return `${title} is open: it has no planned end.`;
  if (holder?.spreadsheetId !== spreadsheetId) {
    return `${title} is not held by this release sheet${holder ? `, but by ${holder.by}` : ''}: its end is theirs to plan.`;
  }
  return wrongPlannedEnd(plannedEnd, now);
}

function moved(
  service: ServiceConfig,
  state: ServiceState,
  spreadsheetId: string,
  plannedEnd: string,
  now: number,
): ServiceState {
  const from = state.plannedEnd ? `from ${clock(state.plannedEnd)}` : 'from no time at all';
  const audit = {
    service: service.name,
    revision: state.revision,
    operationId: `replan-${state.version}`,
    kind: 'replan' as const,
    mode: state.mode,
    by: 'release sheet',
    source: { kind: 'sheet', spreadsheetId },
    at: new Date(now).toISOString(),
    message: `The planned end of ${titleOf(service)} was moved ${from} to ${clock(plannedEnd)}.`,
  };
  return withEvents({ ...state, plannedEnd }, [{ id: audit.operationId, audit }]);
}

const clock = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
