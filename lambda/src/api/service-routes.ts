import { titleOf } from '../../../config/schema.ts';
import type { ServiceStatus, ServicesResponse } from '../../../contract/services.ts';
import type { ServiceState } from '../model/service-state.ts';
import { operatorsOf } from '../operate/checks.ts';
import type { ApiDependencies, TokenRoutes } from './dependencies.ts';
import { respond } from './http.ts';

export const SERVICE_ROUTES: TokenRoutes<'GET /services'> = {
  'GET /services': async (deps) => respond(200, await servicesOf(deps)),
};

/** Every service as it stands, and how many steps of all release sheets will run by the clock. */
export async function servicesOf({ config, store, environment }: ApiDependencies): Promise<ServicesResponse> {
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
  const groups = config.groups.map((group) => ({ group: group.name, title: titleOf(group), services: group.services }));
  return { environment, production: config.production, services, groups };
}

function seenOf({ seen }: ServiceState): ServiceStatus['seen'] {
  if (!seen) return undefined;
  const { at, agree, disagree, unknown } = seen;
  return { at, agree, disagree, unknown };
}
