import * as z from 'zod/mini';
import { titleOf } from '../../../config/schema.ts';
import type { AuditEntry } from '../../../contract/audit.ts';
import { breakGlassBody, breakGlassRequest } from '../../../contract/break-glass.ts';
import {
  isFinal,
  isoInstant,
  type OperationRequest,
  operationId,
  operationRequest,
} from '../../../contract/operation.ts';
import { parse } from '../../../contract/parse.ts';
import { problem } from '../../../contract/problem.ts';
import { API_ROUTES, type BreakGlassRouteKey, type RouteKey } from '../../../contract/routes.ts';
import { scheduleBody } from '../../../contract/schedule.ts';
import type { ServiceStatus } from '../../../contract/services.ts';
import type { ServiceState } from '../model/service-state.ts';
import { operatorsOf } from '../operate/checks.ts';
import { operate } from '../operate/operate.ts';
import { asOfNow, report } from '../operate/report.ts';
import { type VerifyDependencies, verify } from '../proof/verify.ts';
import { putSchedule } from '../schedule/put-schedule.ts';
import { UNKNOWN_SERVICE } from '../store/state-store.ts';
import type { TokenCheck } from './access-token.ts';
import { callerOf, isBreakGlass } from './break-glass.ts';
import { type HttpEvent, type HttpResult, readJson, respond, respondToError } from './http.ts';

export interface ApiDependencies extends VerifyDependencies {
  readonly environment: string;
  readonly checkToken: TokenCheck;
}

const pathOfOperation = z.strictObject({ operationId });
const MOST_AUDIT_ENTRIES = 1_000;
/** Lambda answers 6 MB at most, as JSON within JSON. */
const MOST_AUDIT_BYTES = 4_000_000;

/** Answers one request: token, route, answer; every error becomes a problem. */
export async function answer(deps: ApiDependencies, event: HttpEvent): Promise<HttpResult> {
  try {
    if (isBreakGlass(event.routeKey)) return await BREAK_GLASS[event.routeKey](deps, event, callerOf(event));
    const route = API_ROUTES.find(({ method, path }) => `${method} ${path}` === event.routeKey);
    if (!route) throw problem('UNKNOWN_ROUTE', `There is nothing at ${event.routeKey}.`);
    await deps.checkToken(event.headers?.authorization, route.scope);
    return await ROUTES[event.routeKey as RouteKey](deps, event);
  } catch (error) {
    return respondToError(deps.log, error, { route: event.routeKey });
  }
}

/** Through whichever door a request came. */
async function run(deps: ApiDependencies, request: OperationRequest): Promise<HttpResult> {
  try {
    const operation = await operate(deps, request);
    const { operationId, service, action, state, revision, changed, requestedBy } = operation;
    deps.log('info', 'operation', { operationId, service, action, state, revision, changed, requestedBy });
    return respond(isFinal(operation.state) ? 200 : 202, operation);
  } catch (error) {
    const { operationId, service, action, requestedBy } = request;
    return respondToError(deps.log, error, { operationId, service, action, requestedBy });
  }
}

const ROUTES: Readonly<Record<RouteKey, (deps: ApiDependencies, event: HttpEvent) => Promise<HttpResult>>> = {
  async 'POST /operations'(deps, event) {
    return run(deps, parse(operationRequest, readJson(event)));
  },

  async 'GET /operations/{id}'(deps, event) {
    const { operationId: id } = parse(pathOfOperation, { operationId: event.pathParameters?.id });
    const unknown = () =>
      problem('UNKNOWN_OPERATION', `There is no operation ${id}: nothing was run.`, { operationId: id });
    const stored = await deps.store.operation(id);
    const service = deps.config.services.find(({ name }) => name === stored?.service);
    if (!stored) throw unknown();
    if (!service) return respond(200, report(stored, stored.service));
    const before = asOfNow(stored, await deps.store.state(service.name));
    if (before.state === 'received') throw unknown();
    const now = before.state === 'accepted' ? asOfNow(stored, await verify(deps, service)) : before;
    const operation = report(now, titleOf(service));
    return respond(isFinal(operation.state) ? 200 : 202, operation);
  },

  async 'GET /services'({ config, store, environment }) {
    const armed = (await store.schedules()).flatMap(({ schedule }) => schedule.steps.map(({ service }) => service));
    const services = await Promise.all(
      config.services.map(async (service): Promise<ServiceStatus> => {
        const state = await store.state(service.name);
        const { firstAgreedAt: _first, leaseUntil: _lease, ...proof } = state.proof;
        return {
          service: service.name,
          title: titleOf(service),
          mode: state.mode,
          revision: state.revision,
          since: state.since,
          by: state.by,
          holder: state.holder,
          plannedEnd: state.plannedEnd,
          operationId: state.operation?.request.operationId,
          proof,
          targets: [...state.targets],
          operators: operatorsOf(config, service),
          drift: [...state.drift],
          seen: seenOf(state),
          armed: armed.filter((name) => name === service.name).length,
        };
      }),
    );
    const { production } = config;
    const groups = config.groups.map((group) => ({
      group: group.name,
      title: titleOf(group),
      services: group.services,
    }));
    return respond(200, { environment, production, services, groups });
  },

  async 'GET /audit'({ config, store, environment }, event) {
    const { since } = parse(z.strictObject({ since: z.optional(isoInstant) }), event.queryStringParameters ?? {});
    const from = since === undefined ? '' : new Date(since).toISOString();
    const names = [...config.services.map(({ name }) => name), UNKNOWN_SERVICE];
    const all = await Promise.all(names.map((name) => store.audit(name, from, MOST_AUDIT_ENTRIES + 1)));
    const found = all.flat().sort(oldestFirst);
    const entries = newestThatFit(found.slice(-MOST_AUDIT_ENTRIES));
    // Older ones are there, and are not told.
    return respond(200, { environment, entries, isCut: entries.length < found.length });
  },

  async 'PUT /schedule'(deps, event) {
    return respond(200, await putSchedule(deps, parse(scheduleBody, readJson(event))));
  },
};

function seenOf({ seen }: ServiceState): ServiceStatus['seen'] {
  if (!seen) return undefined;
  const { at, agree, disagree, unknown } = seen;
  return { at, agree, disagree, unknown };
}

/** The same answers for a caller that IAM knows. */
const BREAK_GLASS: Readonly<
  Record<BreakGlassRouteKey, (deps: ApiDependencies, event: HttpEvent, person: string) => Promise<HttpResult>>
> = {
  'POST /break-glass/operations': async (deps, event, person) =>
    run(deps, breakGlassRequest(parse(breakGlassBody, readJson(event)), person)),
  'GET /break-glass/operations/{id}': ROUTES['GET /operations/{id}'],
  'GET /break-glass/services': ROUTES['GET /services'],
};

function newestThatFit(entries: readonly AuditEntry[]): AuditEntry[] {
  let room = MOST_AUDIT_BYTES;
  const cut = entries.findLastIndex((entry) => {
    room -= Buffer.byteLength(JSON.stringify(entry)) + 1;
    return room < 0;
  });
  return entries.slice(cut + 1);
}

const oldestFirst = (a: AuditEntry, b: AuditEntry): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.revision - b.revision;
