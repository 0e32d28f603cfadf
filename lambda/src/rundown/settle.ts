import type { Operation } from '../../../contract/operation-answer.ts';
import { hasIntents, isRehearsing, isRunning, type RundownRecord, type StepRecord } from '../model/rundown-record.ts';
import { type Known, knownServices } from '../model/service-names.ts';
import type { ServiceState } from '../model/service-state.ts';
import { driveAll, isPending } from '../operate/drive.ts';
import { isLeftProving, verify } from '../proof/verify.ts';
import { rehearsalMessages } from '../words/rehearsal-words.ts';
import { stepMessages } from '../words/step-words.ts';
import { withAfterwards } from './afterwards.ts';
import type { RundownDependencies } from './dependencies.ts';
import { finishLeftRehearsals } from './finish-rehearsals.ts';
import { namedServices } from './now.ts';
import { armedServices, disarmOpened } from './opened-since.ts';
import { asItSays, askedWords, saysAnother } from './plan/another-step.ts';
import type { RunOutcome } from './plan/effects.ts';
import { clockWords } from './plan/wall-time.ts';
import { isNews, type MovedEnd, movePlannedEnds } from './planned-end.ts';
import { withoutOldRehearsals } from './rehearsed-steps.ts';
import { withTold } from './render.ts';
import { operationsOf } from './run-operations.ts';
import { isSpent, startIntents } from './start-intents.ts';
import { outcomeOfRun, settled } from './step-status.ts';
import { untilCommitted } from './until-committed.ts';
import { wayBackIn } from './way-back.ts';

export interface Settled {
  readonly rundown: RundownRecord;
  /** The keys of steps whose cells say something else than before. */
  readonly changed: ReadonlySet<string>;
  /** A run of probes was left in the middle: the sooner somebody asks again, the sooner it is over. */
  readonly isProving: boolean;
  /** Of the services that this was found from, as they were read for it. */
  readonly states: ReadonlyMap<string, ServiceState>;
}

export interface SettleOptions {
  /** Probes too: what is accepted and not proven yet. */
  readonly canProve: boolean;
  /** The rundown as it was just read or committed. */
  readonly known?: RundownRecord | undefined;
}

const CONVERGE_MS = 3_000;

/** Brings a rundown up to what is known of its operations by now, and finishes what a dead execution left. */
export async function settle(
  deps: RundownDependencies,
  spreadsheetId: string,
  { canProve, known }: SettleOptions,
): Promise<Settled> {
  const first = known ?? (await deps.rundowns.load(spreadsheetId));
  if (first.steps.some(hasIntents)) await startIntents(deps, first, { convergeMs: CONVERGE_MS });
  if (first.steps.some(isRehearsing)) await finishLeftRehearsals(deps, first);
  const isProving = canProve && (await driveOn(deps, first));
  const changed = new Set<string>();
  let loaded = first.steps.some((step) => hasIntents(step) || isRehearsing(step)) ? undefined : first;
  return untilCommitted(deps, 'Send the same sync again.', async () => {
    const before = loaded ?? (await deps.rundowns.load(spreadsheetId));
    loaded = undefined;
    // A poll that something runs for tells nothing of the others.
    const named = canProve ? [] : namedServices(deps.config, before);
    const [operations, states] = await Promise.all([
      operationsOf(deps, before),
      deps.store.states([...new Set([...concernedServices(deps, before), ...named])]),
    ]);
    const opened = await disarmOpened(deps, before, states);
    const settledNow = settledSteps(deps, before, operations).map((step) => opened.steps.get(step.key) ?? step);
    const told = await withAfterwards(deps, { ...before, steps: settledNow }, states);
    const steps = withoutOldRehearsals(told).map(withTold);
    const different = steps.filter((step, index) => step !== before.steps[index]);
    for (const { key } of different) changed.add(key);
    const rundown =
      different.length === 0
        ? before
        : await deps.rundowns.commit(before, { sheet: before.sheet, steps }, opened.audit);
    if (!rundown) return undefined;
    await tellPlannedEnds(deps, rundown, states);
    return { rundown, changed, isProving, states };
  });
}

/** What a rundown says follows from these: its runs, what is armed, and what it plans to open. */
const concernedServices = ({ config, now }: RundownDependencies, rundown: RundownRecord): string[] => [
  ...rundown.steps.flatMap(({ run }) => run?.operations.map(({ service }) => service) ?? []),
  ...armedServices(rundown, knownServices(config)),
  ...endsAhead(rundown, now()).map(({ service }) => service),
];

function settledSteps(
  deps: RundownDependencies,
  before: RundownRecord,
  operations: ReadonlyMap<string, Operation>,
): StepRecord[] {
  const now = deps.now();
  const { timeZone } = before.sheet;
  const known = knownServices(deps.config);
  const wayBack = wayBackIn(before.steps, known);
  return before.steps.map((step) => {
    if (!step.run || step.run.isOver) return step;
    const left = withoutSpent(step, now);
    const outcome = outcomeOfRun({ run: step.run, intents: left.intents }, operations, {
      now,
      isPick: step.tab === 'services',
      formatTime: (iso) => clockWords(iso, timeZone),
      wayBack,
      isKnown: (name) => deps.config.services.some((service) => service.name === name),
    });
    const next = asItSays({ known, timeZone }, settled(left, named(known, step, outcome), timeZone), step.seen);
    return JSON.stringify(next) === JSON.stringify(step) ? step : next;
  });
}

/** Its row was changed meanwhile: it says what it is that runs. What else was picked there is told, too. */
function named(known: Known, step: StepRecord, outcome: RunOutcome): RunOutcome {
  const { asked, notRehearsed } = step.run ?? {};
  const { result = '' } = outcome.cells;
  if (outcome.isOver) return outcome;
  const isAnother = asked !== undefined && saysAnother(known, step, step.seen);
  const said = isAnother ? stepMessages.runsAnother(askedWords(known, asked), result) : result;
  const told = notRehearsed ? `${rehearsalMessages.stillRunning} ${said}` : said;
  return told === result ? outcome : { ...outcome, cells: { ...outcome.cells, result: told } };
}

/** Nobody may start it any more: an execution that comes late finds its intent gone, and commits nothing. */
function withoutSpent(step: StepRecord, now: number): StepRecord {
  const left = Object.entries(step.intents).filter(([, intent]) => !isSpent(intent, now));
  return left.length === Object.keys(step.intents).length ? step : { ...step, intents: Object.fromEntries(left) };
}

/** What WAF has not taken yet is tried, what is not proven yet is probed: a poll is somebody who waits. @returns Whether to go on at once. */
async function driveOn(deps: RundownDependencies, { steps }: RundownRecord): Promise<boolean> {
  const live = steps.filter(isRunning);
  const names = new Set(live.flatMap(({ run }) => run?.operations.map(({ service }) => service) ?? []));
  const services = deps.config.services.filter(({ name }) => names.has(name));
  if (services.length === 0) return false;
  const before = await deps.store.states([...names]);
  const isAnyPending = [...before.values()].some(isPending);
  // What this sheet waits for may come after others' changes: a driver drives all.
  if (isAnyPending) await driveAll(deps, { until: deps.now() + CONVERGE_MS });
  const states = isAnyPending ? await deps.store.states([...names]) : before;
  const left = await Promise.all(
    services.map(async (service) => {
      try {
        const known = states.get(service.name);
        return isLeftProving(await verify(deps, service, known ? { known } : {}));
      } catch (error) {
        deps.log('error', 'not driven', { service: service.name, message: (error as Error).message });
        return false;
      }
    }),
  );
  return left.includes(true);
}

/** The public is told the end that an operator has planned, of what this sheet holds. */
async function tellPlannedEnds(
  deps: RundownDependencies,
  rundown: RundownRecord,
  states: ReadonlyMap<string, ServiceState>,
): Promise<void> {
  const { spreadsheetId } = rundown.sheet;
  const moved = endsAhead(rundown, deps.now()).filter((end) => {
    const state = states.get(end.service);
    return state !== undefined && isNews(end, state, spreadsheetId, deps.now());
  });
  if (moved.length > 0) await movePlannedEnds(deps, { spreadsheetId, ends: moved });
}

/** An end that is over stays in the record, and is nothing to tell. */
const endsAhead = ({ sheet }: RundownRecord, now: number): MovedEnd[] =>
  Object.entries(sheet.ends)
    .map(([service, end]): MovedEnd => ({ service, ...end }))
    .filter(({ plannedEnd }) => Date.parse(plannedEnd) > now);
