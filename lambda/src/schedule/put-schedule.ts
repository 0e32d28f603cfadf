import type { EnvironmentConfig } from '../../../config/schema.ts';
import type { ScheduleBody, ScheduleResponse } from '../../../contract/schedule.ts';
import { NEVER_OPERATED, type ServiceState } from '../model/service-state.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { conflictsOf } from './conflicts.ts';
import { replan } from './planned-end.ts';

/**
 * Takes a release sheet's schedule: remembers it, says what its steps would meet, and moves the planned ends of what it
 * holds. Safe to repeat.
 */
export async function putSchedule(deps: ConvergeDependencies, body: ScheduleBody): Promise<ScheduleResponse> {
  const { store, config, now } = deps;
  const { spreadsheetId, steps } = body;
  await store.putSchedule({ ...body, at: new Date(now()).toISOString() });
  const ends = await replan(deps, body);
  const others = (await store.schedules())
    .map(({ schedule }) => schedule)
    .filter((schedule) => schedule.spreadsheetId !== spreadsheetId);
  const states = await statesOf(
    deps,
    steps.map(({ service }) => service),
  );
  const stateOf = (service: string) => states.get(service) ?? NEVER_OPERATED;
  return { spreadsheetId, steps: steps.length, ends, conflicts: conflictsOf(body, { config, others, stateOf }) };
}

async function statesOf(
  { store, config }: { store: ConvergeDependencies['store']; config: EnvironmentConfig },
  services: readonly string[],
): Promise<Map<string, ServiceState>> {
  const known = config.services.filter(({ name }) => services.includes(name));
  return new Map(await Promise.all(known.map(async ({ name }) => [name, await store.state(name)] as const)));
}
