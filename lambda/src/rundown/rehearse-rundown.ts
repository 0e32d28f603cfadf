import type { ServiceConfig } from '../../../config/schema.ts';
import type { Action } from '../../../contract/modes.ts';
import { type ProblemError, problem } from '../../../contract/problem.ts';
import { ALL_STEPS } from '../../../contract/rehearsal.ts';
import { allDone } from '../model/all-done.ts';
import type { Rehearsal, RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { findNamed, knownServices, mayAct, membersOf, type Named } from '../model/service-names.ts';
import { isRefused } from '../operate/foresee.ts';
import type { Examined } from '../operate/rehearsal-facts.ts';
import { examine } from '../operate/rehearse.ts';
import { rehearsalMessages } from '../words/rehearsal-words.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { type RehearsedMember, rehearseMembers, rehearseSteps, type WalkInputs } from './plan/rehearse-steps.ts';
import { type ResultInputs, resultOf, resultOfStep, whenWords } from './rehearsal-result.ts';
import { rowOfRecord } from './row-of-record.ts';

/** What came of a rehearsal. */
export interface RehearsalResult {
  /** In the row in which it was picked. */
  readonly result: string;
  /** By the keys of steps. */
  readonly steps: ReadonlyMap<string, string>;
  readonly problem?: ProblemError;
}

const MINUTE_MS = 60_000;
export const noSteps: RehearsalResult['steps'] = new Map();

/** Works out what would happen, and asks outside what can be asked without writing. */
export async function rehearseRundown(
  deps: RundownDependencies,
  rundown: RundownRecord,
  picked: StepRecord,
  { what, service, requestedBy }: Rehearsal,
): Promise<RehearsalResult> {
  const { config, store, now } = deps;
  const { sheet, steps } = rundown;
  const known = knownServices(config);
  const named = findNamed(known, service);
  // It was there when it was picked.
  if (!named) return { result: rehearsalMessages.interrupted, steps: noSteps };
  const inRundown = steps.filter(({ tab }) => tab === 'rundown');
  const others = inRundown.flatMap(({ seen }) => membersOf(known, seen.service));
  const inputs: WalkInputs = {
    ...{ environment: config, known, sheet, requestedBy },
    onPlanMs: config.onPlanMinutes * MINUTE_MS,
    now: now(),
    states: await store.states([...new Set([...named.members.map(({ name }) => name), ...others])]),
  };
  return what === ALL_STEPS
    ? rehearseAll(deps, inRundown, named, inputs)
    : rehearsePick(deps, { steps: inRundown, picked, named, action: what }, inputs);
}

interface Picked {
  readonly steps: readonly StepRecord[];
  readonly picked: StepRecord;
  readonly named: Named;
  readonly action: Action;
}

async function rehearsePick(
  deps: RundownDependencies,
  { steps, picked, named, action }: Picked,
  inputs: WalkInputs,
): Promise<RehearsalResult> {
  const start = { named, action, requestedBy: inputs.requestedBy, takeOver: false };
  const members = rehearseMembers(rowOfRecord(picked), start, { ...inputs, rows: steps.map(rowOfRecord) });
  const found = await resultInputs(deps, members, inputs);
  const asks = inputs.environment.production
    ? rehearsalMessages.asksFirst(stepMessages.offPlanPick(named.title), true)
    : undefined;
  const refused = members.map(({ outcome }) => outcome).find(isRefused);
  return {
    result: resultOf(members, { action, asks, isPick: true }, found).words,
    steps: noSteps,
    ...(refused ? { problem: refused } : {}),
  };
}

async function rehearseAll(
  deps: RundownDependencies,
  steps: readonly StepRecord[],
  named: Named,
  inputs: WalkInputs,
): Promise<RehearsalResult> {
  const { requestedBy } = inputs;
  const stranger = named.members.find((member) => !mayAct(member, requestedBy));
  if (stranger) {
    const result = stepMessages.notOperator(requestedBy, stranger.title, stranger.operators);
    return { result, steps: noSteps, problem: problem('NOT_OPERATOR', result) };
  }
  const rehearsed = rehearseSteps(steps, inputs);
  if (rehearsed.length === 0) return { result: rehearsalMessages.noSteps, steps: noSteps };
  const members = rehearsed.flatMap((step) => step.members);
  const found = await resultInputs(deps, members, inputs);
  const said = rehearsed.map((step) => ({ step, ...resultOfStep(step, found) }));
  const amiss = said.filter(({ isAmiss }) => isAmiss).map(({ step: { row } }) => row.step || `in row ${row.row}`);
  const summary = { steps: rehearsed.length, amiss, environment: deps.environment };
  return {
    result: rehearsalMessages.summary(summary, whenWords(found)),
    steps: new Map(said.map(({ step, words }) => [step.key, words])),
  };
}

/** Each service is examined once, however many steps name it. */
async function resultInputs(
  deps: RundownDependencies,
  members: readonly RehearsedMember[],
  { sheet: { timeZone }, now }: WalkInputs,
): Promise<ResultInputs> {
  const services = new Map<string, { service: ServiceConfig; withSets: boolean }>();
  for (const { outcome } of members) {
    if (isRefused(outcome)) continue;
    const { service, request } = outcome;
    const withSets = services.get(service.name)?.withSets || request.action === 'enable-allowlist';
    services.set(service.name, { service, withSets });
  }
  const examined = await allDone(
    [...services.values()].map(
      async ({ service, withSets }): Promise<[string, Examined]> => [
        service.name,
        await examine(deps, service, { withSets }),
      ],
    ),
  );
  const { config, pages } = deps;
  return { config, pages, examined: new Map(examined), timeZone, now };
}
