import type { ServiceConfig } from '../../../config/schema.ts';
import { allDone } from '../model/all-done.ts';
import { type ServiceState, stateOf } from '../model/service-state.ts';
import type { DriverLease } from '../store/driver-lease.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { convergeService } from './converge-service.ts';
import { knowingOrphans } from './orphans.ts';

/**
 * Brings to WAF what was committed, at the pace that WAF grants. One execution at a time does so, as instances do not know
 * of each other's calls; an execution that finds another one at it leaves it to that one.
 */

/** What an invocation is made with that drives on. */
export interface DriveEvent {
  /** How many before it have handed on what they had no time for. */
  readonly drive: number;
}

export const isDriveEvent = (event: object): event is DriveEvent => 'drive' in event && typeof event.drive === 'number';

export interface DriveDependencies extends ConvergeDependencies {
  /** Has what is left driven on by an invocation of its own. Missing where nothing can be invoked. */
  readonly invokeDriver?: (event: DriveEvent) => Promise<void>;
}

/** A dead execution's lease ends by itself; a living one renews its own more often than that. */
const LEASE_MS = 12_000;
/** The next driver does not know when the last call left: WAF takes one write a second. */
const BETWEEN_DRIVERS_MS = 1_050;
/** Others must not wait long for one that is contended for. */
const LONGEST_ATTEMPT_MS = 8_000;
/** Less is too short for a turn, a read and a write. */
const LEAST_ATTEMPT_MS = 1_500;
/** While one is written, the next is read. More would only wait in a queue that a newer request cannot overtake. */
const AT_ONCE = 4;
/** Some eight minutes: after that the ticks go on alone, so that no chain of invocations is without an end. */
const MOST_HANDED_ON = 20;
const ASK_AGAIN_MS = 250;
const FEW = 3;
const PATIENCE_MS = 1_500;
/** After its time is over, a call that was sent is still waited for. */
const SLACK_MS = 2_000;

/** What somebody asked for. */
export interface Asked {
  readonly service: ServiceConfig;
  /** Leaves out targets that have taken it: what was already so may not be what WAF holds by now. */
  readonly onlyPending: boolean;
}

/**
 * For a caller that waits: brings these services to what is wanted of them. Another invocation drives on what is left.
 * A few of them wait for nobody for long: rather is a call throttled than an abort late.
 * @throws Error - Something broke on the way. It is committed all the same, and driven on.
 */
export async function driveAsked(deps: DriveDependencies, asked: readonly Asked[], until: number): Promise<void> {
  if (asked.length === 0) return;
  const isFew = asked.length <= FEW;
  const askedAt = deps.now();
  const pending = asked.filter(({ onlyPending }) => onlyPending);
  const [lease, read] = await allDone([
    waitForLease(deps, isFew ? Math.min(until, askedAt + PATIENCE_MS) : until, until),
    // Each is read again where it is written: the lease is not left behind for that.
    statesOf(deps, pending).catch(() => undefined),
  ]);
  // What was read before a wait for others is what they have changed since.
  const isFresh = deps.now() - askedAt < ASK_AGAIN_MS;
  const converge = ({ service, onlyPending }: Asked) => {
    const options = { convergeMs: until - deps.now(), onlyPending };
    return convergeService(deps, service, isFresh ? { ...options, known: read?.get(service.name) } : options);
  };
  const done = await Promise.allSettled(lease || isFew ? asked.map(converge) : []);
  const known = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [states] = await allDone([
    known.length === asked.length ? known : statesOf(deps, asked).then((found) => [...found.values()]),
    lease?.end(deps.now() + BETWEEN_DRIVERS_MS),
  ]);
  if (states.some(isPending)) await invokeDriver(deps);
  const broken = done.find((one) => one.status === 'rejected');
  if (broken) throw broken.reason;
}

const statesOf = ({ store }: DriveDependencies, asked: readonly Asked[]) =>
  store.states(asked.map(({ service }) => service.name));

export interface Driven {
  /** Whether it was us: nobody else was at it. */
  readonly isOurs: boolean;
  /** Names of services that are pending and were not tried: time was over. */
  readonly left: readonly string[];
}

/** Brings all pending services to what is wanted of them, each tried once; those who asked last come first. */
export async function driveAll(
  deps: DriveDependencies,
  { until, waits = false }: { readonly until: number; readonly waits?: boolean },
): Promise<Driven> {
  const lease = waits ? await waitForLease(deps, until, until) : await deps.store.takeDriverLease(deps.now(), LEASE_MS);
  if (!lease) return { isOurs: false, left: [] };
  const tried = new Set<string>();
  const untried = async () => (await pendingServices(deps)).filter(({ name }) => !tried.has(name));
  const underWay = new Map<string, Promise<void>>();
  try {
    for (
      let isOurs = true;
      isOurs && deps.now() + LEAST_ATTEMPT_MS <= until;
      isOurs = await lease.renew(deps.now(), LEASE_MS)
    ) {
      // Read anew each time: a newer request need not wait until these are done.
      for (const service of (await untried()).slice(0, AT_ONCE - underWay.size)) {
        tried.add(service.name);
        const attemptUntil = Math.min(until, deps.now() + LONGEST_ATTEMPT_MS);
        const done = attempt(deps, service, attemptUntil).then(() => void underWay.delete(service.name));
        underWay.set(service.name, done);
      }
      if (underWay.size === 0) break;
      await Promise.race(underWay.values());
    }
    await Promise.all(underWay.values());
  } finally {
    await lease.end(deps.now() + (tried.size > 0 ? BETWEEN_DRIVERS_MS : 0));
  }
  return { isOurs: true, left: await leftOf(deps, tried) };
}

/** Names of those that time did not suffice for; whatever else keeps one pending does not pass by trying it again at once. */
async function leftOf(deps: DriveDependencies, tried: ReadonlySet<string>): Promise<string[]> {
  const names = (await pendingServices(deps)).map(({ name }) => name);
  const states = await deps.store.states(names);
  const waits = (name: string) => states.get(name)?.targets.some(({ code }) => code === 'WAITS_FOR_TURN');
  return names.filter((name) => !tried.has(name) || waits(name));
}

/** What an invocation does that was made to drive: as much as it has time for, and then it hands on. */
export async function driveOn(given: DriveDependencies, { drive }: DriveEvent, until: number): Promise<Driven> {
  const deps = await knowingOrphans(given);
  const driven = await driveAll(deps, { until, waits: true });
  const isOver = driven.isOurs && driven.left.length === 0;
  if (!isOver && drive < MOST_HANDED_ON) await invokeDriver(deps, drive + 1);
  return driven;
}

export const isPending = (state: ServiceState): boolean => stateOf(state) === 'pending';

async function pendingServices({ config, store }: DriveDependencies): Promise<ServiceConfig[]> {
  const states = await store.states(config.services.map(({ name }) => name));
  const pending = config.services.flatMap((service) => {
    const state = states.get(service.name);
    return state && isPending(state) ? [{ service, operation: state.operation }] : [];
  });
  // All of one edit were asked for at once: among them, first committed, first served.
  const askedAt = ({ operation }: (typeof pending)[number]) => Date.parse(operation?.request.requestedAt ?? '');
  const committedAt = ({ operation }: (typeof pending)[number]) => Date.parse(operation?.committedAt ?? '');
  return pending
    .sort((one, other) => askedAt(other) - askedAt(one) || committedAt(one) - committedAt(other))
    .map(({ service }) => service);
}

/** @param drivesUntil - The lease lasts until what is driven under it is over. */
async function waitForLease(
  deps: DriveDependencies,
  until: number,
  drivesUntil: number,
): Promise<DriverLease | undefined> {
  for (let isFirst = true; ; isFirst = false) {
    const forMs = Math.max(LEASE_MS, drivesUntil - deps.now() + SLACK_MS);
    const lease = await deps.store.takeDriverLease(deps.now(), forMs, !isFirst);
    if (lease || deps.now() + ASK_AGAIN_MS > until) return lease;
    await deps.sleep(ASK_AGAIN_MS);
  }
}

/** It is committed: what fails here is driven on by the next execution. */
async function attempt(deps: DriveDependencies, service: ServiceConfig, until: number): Promise<void> {
  try {
    await convergeService(deps, service, { convergeMs: until - deps.now(), onlyPending: true });
  } catch (error) {
    deps.log('error', 'not converged', { service: service.name, message: (error as Error).message });
  }
}

async function invokeDriver({ invokeDriver, log }: DriveDependencies, drive = 0): Promise<void> {
  try {
    await invokeDriver?.({ drive });
  } catch (error) {
    // The next poll or tick drives it on.
    log('warn', 'driver not invoked', { message: (error as Error).message });
  }
}
