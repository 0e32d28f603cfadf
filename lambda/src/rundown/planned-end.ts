import { titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import { allDone } from '../model/all-done.ts';
import type { ServiceState } from '../model/service-state.ts';
import { wrongPlannedEnd } from '../operate/checks.ts';
import { convergeService } from '../operate/converge-service.ts';
import { auditWrites } from '../store/audit.ts';
import { type Update, updateWithRetry } from '../store/update-with-retry.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { plannedEndMoved } from '../words/audit-messages.ts';

/** WAF takes one write a second: the others' pages are moved by the reconciler, within a minute. */
const MOST_DRIVEN = 10;

/** When a service is planned to open, and who said so. */
export interface MovedEnd {
  readonly service: string;
  readonly plannedEnd: string;
  readonly by: string;
}

/**
 * Moves the planned ends of services that this sheet holds. It is the same maintenance: no new revision, and nothing
 * that was proven is proven less. Safe to repeat.
 */
export async function movePlannedEnds(
  deps: ConvergeDependencies,
  { spreadsheetId, ends }: { readonly spreadsheetId: string; readonly ends: readonly MovedEnd[] },
): Promise<void> {
  const moved = await allDone(ends.map((end) => moveOne(deps, spreadsheetId, end)));
  const services = moved.flatMap((service) => service ?? []);
  await allDone(services.slice(0, MOST_DRIVEN).map((service) => convergeService(deps, service)));
}

/** Another end than its state has, of what this sheet holds; and one that may be planned. */
export function isNews(end: MovedEnd, state: ServiceState, spreadsheetId: string, now: number): boolean {
  const isHeld = state.mode !== 'normal' && state.holder?.spreadsheetId === spreadsheetId;
  return isHeld && state.plannedEnd !== end.plannedEnd && !wrongPlannedEnd(end.plannedEnd, now);
}

/** @returns The service, if its rules say another end now and may be written. */
async function moveOne(
  deps: ConvergeDependencies,
  spreadsheetId: string,
  end: MovedEnd,
): Promise<ServiceConfig | undefined> {
  const service = deps.config.services.find(({ name }) => name === end.service);
  if (!service) return undefined;
  let isMoved = false;
  const state = await updateWithRetry(deps, service, (now) => {
    isMoved = isNews(end, now, spreadsheetId, deps.now());
    return isMoved ? withEnd(service, now, spreadsheetId, end, deps.now()) : now;
  });
  if (!isMoved) return undefined;
  // Somebody fights over these rules and must be stopped by a person first; writing them again would begin it anew.
  return state.drift.some((drift) => drift.state === 'contested') ? undefined : service;
}

function withEnd(
  service: ServiceConfig,
  state: ServiceState,
  spreadsheetId: string,
  { plannedEnd, by }: MovedEnd,
  now: number,
): Update {
  const audit = {
    service: service.name,
    revision: state.revision,
    operationId: `replan-${state.version}`,
    kind: 'replan' as const,
    mode: state.mode,
    by,
    source: { kind: 'sheet', spreadsheetId },
    at: new Date(now).toISOString(),
    message: plannedEndMoved(titleOf(service), state.plannedEnd, plannedEnd),
  };
  return { state: { ...state, plannedEnd }, writes: auditWrites(audit) };
}
