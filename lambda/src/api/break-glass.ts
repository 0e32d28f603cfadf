import * as z from 'zod/mini';
import { titleOf } from '../../../config/schema.ts';
import { breakGlassBody, breakGlassRequest, disarmBody } from '../../../contract/break-glass.ts';
import { isFinal, type OperationRequest, operationId } from '../../../contract/operation.ts';
import { parse } from '../../../contract/parse.ts';
import { problem } from '../../../contract/problem.ts';
import { driveAll } from '../operate/drive.ts';
import { operate } from '../operate/operate.ts';
import { verify } from '../proof/verify.ts';
import { disarmAll } from '../rundown/disarm-all.ts';
import { report } from '../words/operation-report.ts';
import type { ApiDependencies, IamRoutes } from './dependencies.ts';
import { type HttpResult, readJson, respond, respondToError } from './http.ts';
import { servicesOf } from './service-routes.ts';

/** Break-glass: for the night on which the sheet, its script or the sign-in is down (docs/security.md). */

/** A caller that asks how far it is waits for so much of it. */
const DRIVE_MS = 3_000;

const pathOfOperation = z.strictObject({ operationId });

export const BREAK_GLASS_ROUTES: IamRoutes<
  | 'POST /break-glass/operations'
  | 'GET /break-glass/operations/{id}'
  | 'GET /break-glass/services'
  | 'POST /break-glass/disarm'
> = {
  'POST /break-glass/operations': async (deps, event, caller) =>
    run(deps, breakGlassRequest(parse(breakGlassBody, readJson(event)), caller)),

  'GET /break-glass/operations/{id}': async (deps, { pathParameters }) => {
    const { operationId: id } = parse(pathOfOperation, { operationId: pathParameters?.id });
    return operationById(deps, id);
  },

  'GET /break-glass/services': async (deps) => respond(200, await servicesOf(deps)),

  'POST /break-glass/disarm': async (deps, event, caller) => {
    const { reason } = parse(disarmBody, readJson(event));
    const disarmed = await disarmAll(deps, { by: caller, reason });
    deps.log('warn', 'disarmed', { ...disarmed, reason, requestedBy: caller });
    return respond(200, { environment: deps.environment, ...disarmed });
  },
};

async function run(deps: ApiDependencies, request: OperationRequest): Promise<HttpResult> {
  try {
    const operation = await operate(deps, request);
    const { operationId, service, action, state, revision, changed, requestedBy, dryRun } = operation;
    const facts = { operationId, service, action, state, revision, changed, requestedBy };
    deps.log('info', dryRun ? 'rehearsal' : 'operation', facts);
    // Nothing goes on after a rehearsal.
    return respond(isFinal(operation.state) || dryRun ? 200 : 202, operation);
  } catch (error) {
    const { operationId, service, action, requestedBy } = request;
    return respondToError(deps.log, error, { operationId, service, action, requestedBy });
  }
}

async function operationById(deps: ApiDependencies, id: string): Promise<HttpResult> {
  const unknown = () =>
    problem('UNKNOWN_OPERATION', `There is no operation ${id}: nothing was run.`, { operationId: id });
  const stored = await deps.store.operation(id);
  const service = deps.config.services.find(({ name }) => name === stored?.service);
  if (!stored) throw unknown();
  if (!service) return respond(200, report(stored, stored.service));
  if (stored.state === 'pending') await driveAll(deps, { until: deps.now() + DRIVE_MS });
  if (stored.state === 'pending' || stored.state === 'accepted') await verify(deps, service);
  const now = (await deps.store.operation(id)) ?? stored;
  const operation = report(now, titleOf(service));
  return respond(isFinal(operation.state) ? 200 : 202, operation);
}
