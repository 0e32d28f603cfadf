import type { ServiceConfig } from '../../../config/schema.ts';
import type { ServiceState } from '../model/service-state.ts';
import { type Counts, total } from '../notify/metrics.ts';
import type { Notify } from '../notify/sns.ts';
import { driveAll, isPending } from '../operate/drive.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import type { VerifyDependencies } from '../proof/verify.ts';
import type { RundownStore } from '../store/rundowns.ts';
import { deliverWaiting } from './deliver.ts';
import { type Outcome, readsOf, reconcileService, type ServiceDependencies } from './reconcile-service.ts';
import { remind } from './remind.ts';
import { type Candidate, createPace, servicesToRead } from './rotation.ts';
import { reportSilentSheets } from './silent-sheets.ts';

export interface ReconcileDependencies extends VerifyDependencies {
  readonly environment: string;
  readonly rundowns: RundownStore;
  readonly notify: Notify;
  /** Takes what a tick counted. */
  measure(counts: Counts): void;
}

/** What one tick found and did, for the log. */
export interface Tick extends Omit<Outcome, 'counts' | 'did'> {
  readonly service: string;
  readonly did: Outcome['did'] | 'failed';
}

const MINUTE_MS = 60_000;
/**
 * A tick is cut off after 55 s (cdk/). Nothing is read or driven on that begins later than this; what is under way then
 * (a repair, probes) takes some 12 s.
 */
const TICK_MS = 38_000;
/** What was driven on is looked at after that. */
const DRIVE_MS = 33_000;
/** What a tick does besides services, where it says that it failed. No service can have these names. */
const NOTICES = '(notices)';
const SHEETS = '(sheets)';
const REMINDERS = '(reminders)';

/**
 * Reconciles everything once a minute. One service that fails does not keep the others waiting.
 *
 * On a quiet minute: strongly consistent reads of the table, up to three items of each service and a hundred in a batch, one
 * for what the config has lost, three for all sheets (four where people are reminded by e-mail), and no write. Those whose
 * turn it is ({@link servicesToRead}) are read in WAF too. What is seen of a closed service is written down.
 */
export async function reconcile(given: ReconcileDependencies): Promise<Tick[]> {
  const deps = await knowingOrphans(given);
  const { services } = deps.config;
  const startedAt = deps.now();
  const pace = createPace(deps, startedAt + TICK_MS);
  const states = await statesOf(
    deps,
    services.map(({ name }) => name),
  );
  const candidates = services.flatMap((service, index) => {
    const state = states[index] as ServiceState | Error;
    return state instanceof Error ? [] : [candidateOf(service, state)];
  });
  const inTurn = servicesToRead(candidates, Math.floor(deps.now() / MINUTE_MS));
  const isAnyPending = states.some((state) => !(state instanceof Error) && isPending(state));
  const driving = isAnyPending ? driveAll(deps, { until: startedAt + DRIVE_MS }) : undefined;
  const driven: ServiceDependencies['driven'] = async (service) => {
    const { isOurs, left } = (await driving) ?? { isOurs: false, left: [] };
    if (!isOurs) return 'by another';
    return left.includes(service) ? 'left' : 'tried';
  };
  const quietly = async (work: Promise<Counts>): Promise<Outcome> => ({ did: 'nothing', counts: await work });
  const done = await Promise.all([
    ...services.map((service, index) =>
      attempt(service.name, async () => {
        const state = states[index] as ServiceState | Error;
        if (state instanceof Error) throw state;
        return reconcileService({ ...deps, pace, driven }, service, state, inTurn.has(service.name));
      }),
    ),
    attempt(NOTICES, () => quietly(deliverWaiting(deps))),
    attempt(SHEETS, () => quietly(reportSilentSheets(deps))),
    attempt(REMINDERS, () => quietly(remind(deps))),
  ]);
  deps.measure(total(done.map(({ counts }) => counts)));
  return done.map(({ tick }) => tick).filter(({ service, did }) => !service.startsWith('(') || did === 'failed');
}

/** In batches; one that cannot be read, such as by its size, does not keep the others waiting. */
async function statesOf({ store }: ReconcileDependencies, names: readonly string[]): Promise<(ServiceState | Error)[]> {
  try {
    const states = await store.states(names);
    return names.map((name) => states.get(name) ?? new Error(`the state of ${name} was not read`));
  } catch {
    return Promise.all(names.map((name) => store.state(name).catch((error: Error) => error)));
  }
}

function candidateOf({ name, targets }: ServiceConfig, state: ServiceState): Candidate {
  const inRegion = targets.map(({ region }) => targets.filter((other) => other.region === region).length);
  // What cannot be read is asked for every minute, like what is closed.
  const isUnread =
    (state.missed ?? []).length > 0 || state.drift.some((one) => one.state === 'unreadable' || one.state === 'gone');
  return { name, isClosed: state.mode !== 'normal' || isUnread, reads: readsOf(state) * Math.max(...inRegion) };
}

async function attempt(service: string, run: () => Promise<Outcome>): Promise<{ tick: Tick; counts: Counts }> {
  try {
    const { counts, ...tick } = await run();
    return { tick: { service, ...tick }, counts };
  } catch (error) {
    return { tick: { service, did: 'failed', said: (error as Error).message }, counts: {} };
  }
}
