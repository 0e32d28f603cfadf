import { titleOf } from '../../../config/names.ts';
import type { EnvironmentConfig } from '../../../config/schema.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { PublicService, PublicStatusResponse } from '../../../contract/public-status.ts';
import { knownServices, membersOf } from '../model/service-names.ts';
import { NEVER_OPERATED, type ServiceState, stateOf } from '../model/service-state.ts';
import type { RundownStore, WaitingSheet } from '../store/rundowns.ts';
import type { Store } from '../store/store.ts';
import { type HttpResult, respond } from './http.ts';

/** What anybody may ask: which of the listed services are closed to the public, or are about to be. */

export interface PublicStatusDependencies {
  readonly config: EnvironmentConfig;
  readonly store: Pick<Store, 'states'>;
  readonly rundowns: Pick<RundownStore, 'waiting'>;
  now(): number;
}

/** Whatever is asked, an instance reads the table that often at most; after a read that failed, too. */
const KEPT_MS = 5_000;

const HEADERS = { 'cache-control': 'public, max-age=30', 'access-control-allow-origin': '*' };

export function createPublicStatus(deps: PublicStatusDependencies): () => Promise<HttpResult> {
  let kept: { readonly until: number; readonly answer: Promise<HttpResult> } | undefined;

  async function read(): Promise<HttpResult> {
    const { config, store, rundowns } = deps;
    const [states, waiting] = await Promise.all([store.states(config.publicStatus), rundowns.waiting()]);
    const body: PublicStatusResponse = { services: publicServices(config, states, waiting, deps.now()) };
    const { headers, ...answer } = respond(200, body);
    return { ...answer, headers: { ...headers, ...HEADERS } };
  }

  return () => {
    if (!kept || deps.now() >= kept.until) kept = { until: deps.now() + KEPT_MS, answer: read() };
    return kept.answer;
  };
}

/** Pure. @param waiting - Every sheet that waits. */
export function publicServices(
  config: EnvironmentConfig,
  states: ReadonlyMap<string, ServiceState>,
  waiting: readonly WaitingSheet[],
  now: number,
): PublicService[] {
  const closings = closingsOf(config, waiting, now);
  return config.services
    .filter(({ name }) => config.publicStatus.includes(name))
    .map((service) => {
      const state = states.get(service.name) ?? NEVER_OPERATED;
      const known = { service: service.name, title: titleOf(service) };
      if (isClosed(state)) return { ...known, ...closedUntil(state, now) };
      const [closesAt] = closings.flatMap(({ services, at }) => (services.includes(service.name) ? [at] : [])).sort();
      return { ...known, state: 'open', ...(closesAt === undefined ? {} : { closesAt }) };
    });
}

/** What is not taken by every firewall yet is not told: until then it is what it was. */
function isClosed(state: ServiceState): boolean {
  const { mode, operation, since, kept } = state;
  if (stateOf(state) !== 'pending') return mode !== 'normal';
  // Kept from its closing until it is open again.
  if (mode === 'normal') return kept !== undefined;
  const wasOpen = operation?.request.action === 'enter' && since === operation.committedAt;
  return !wasOpen;
}

/** An end that is past is told to nobody: the page says then that it takes longer. */
function closedUntil({ mode, plannedEnd }: ServiceState, now: number): Pick<PublicService, 'state' | 'plannedEnd'> {
  const isAhead = mode !== 'normal' && plannedEnd !== undefined && Date.parse(plannedEnd) > now;
  return isAhead ? { state: 'closed-planned', plannedEnd } : { state: 'closed' };
}

/** Armed steps that close something, and are still to run. */
function closingsOf(config: EnvironmentConfig, waiting: readonly WaitingSheet[], now: number) {
  const known = knownServices(config);
  return waiting
    .flatMap(({ armed }) => armed)
    .filter(({ action, plannedStart }) => MOVES[action].to === 'maintenance' && Date.parse(plannedStart) > now)
    .map(({ service, plannedStart }) => ({
      services: membersOf(known, service),
      at: new Date(plannedStart).toISOString(),
    }));
}
