import * as z from 'zod/mini';
import { breakGlassBody, breakGlassRequest, disarmBody, pauseBody } from '../../../contract/break-glass.ts';
import { isFinal, type OperationRequest, operationId } from '../../../contract/operation.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { parse } from '../../../contract/parse.ts';
import { problem } from '../../../contract/problem.ts';
import { advanceOperation } from '../operate/advance-operation.ts';
import { unknownService } from '../operate/checks.ts';
import { operate } from '../operate/operate.ts';
import { pauseRepair } from '../operate/pause-repair.ts';
import { disarmAll } from '../rundown/disarm-all.ts';
import type { ApiDependencies, IamRoutes } from './dependencies.ts';
import { type HttpResult, readJson, respond, respondToError } from './http.ts';
import { servicesOf } from './service-routes.ts';

/** Break-glass: for the night on which the sheet, its script or the sign-in is down (docs/security.md). */

const pathOfOperation = z.strictObject({ operationId });

export const BREAK_GLASS_ROUTES: IamRoutes<
  | 'POST /break-glass/operations'
  | 'GET /break-glass/operations/{id}'
  | 'GET /break-glass/services'
  | 'POST /break-glass/disarm'
  | 'POST /break-glass/pause-repair'
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

  'POST /break-glass/pause-repair': async (deps, event, caller) => {
    const body = parse(pauseBody, readJson(event));
    const service = deps.config.services.find(({ name }) => name === body.service);
    if (!service) throw unknownService(deps.config, body.service);
    const paused = await pauseRepair(deps, service, { ...body, by: caller });
    deps.log('warn', 'repairs paused', { ...body, ...paused, requestedBy: caller });
    return respond(200, { service: service.name, ...paused });
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
  const operation = await advanceOperation(deps, id);
  if (operation) return respond(isFinal(operation.state) || !isKnown(deps, operation) ? 200 : 202, operation);
  throw problem('UNKNOWN_OPERATION', `There is no operation ${id}: nothing was run.`, { operationId: id });
}

const isKnown = ({ config }: ApiDependencies, { service }: Operation): boolean =>
  config.services.some(({ name }) => name === service);
