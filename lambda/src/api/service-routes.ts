import { titleOf } from '../../../config/names.ts';
import type { ServicesResponse } from '../../../contract/services.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import { serviceStatuses } from '../operate/service-status.ts';
import type { ApiDependencies, TokenRoutes } from './dependencies.ts';
import { respond } from './http.ts';

export const SERVICE_ROUTES: TokenRoutes<'GET /services'> = {
  'GET /services': async (deps) => respond(200, await servicesOf(await knowingOrphans(deps))),
};

/** Every service as it stands, and how many steps of all release sheets will run by the clock. */
export async function servicesOf(deps: ApiDependencies): Promise<ServicesResponse> {
  const { config, environment } = deps;
  const groups = config.groups.map((group) => ({ group: group.name, title: titleOf(group), services: group.services }));
  return { environment, production: config.production, services: await serviceStatuses(deps), groups };
}
