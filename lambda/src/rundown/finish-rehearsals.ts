import type { ServiceConfig } from '../../../config/schema.ts';
import type { AuditEntry } from '../../../contract/audit.ts';
import { DO_NOW_STEP } from '../../../contract/operation.ts';
import type { ProblemError } from '../../../contract/problem.ts';
import { problem } from '../../../contract/problem.ts';
import { ALL_STEPS } from '../../../contract/rehearsal.ts';
import { AUTHORITY_MS } from '../../../contract/sync.ts';
import type { Rehearsal, RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { findNamed, knownServices, mayAct, membersOf, type Named } from '../model/service-names.ts';
import { type Examined, factsOf, isRefused } from '../operate/foresee.ts';
import { examine, rehearsalEntry } from '../operate/rehearse.ts';
import { rehearsalMessages } from '../words/rehearsal-words.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import {
  type RehearsedMember,
  type RehearsedStep,
  rehearseMembers,
  rehearseSteps,
  type WalkInputs,
} from './plan/rehearse-steps.ts';
import { plannedWords, wallTime } from './plan/wall-time.ts';
import { withRehearsed } from './rehearsed-steps.ts';
import { rowOfRecord } from './row-of-record.ts';
import { untilCommitted } from './until-committed.ts';

/** What came of one. */
interface Told {
  /** In the row in which it was picked. */
  readonly result: string;
  /** By the keys of steps. */
  readonly steps: ReadonlyMap<string, string>;
  readonly problem?: ProblemError;
}

const MINUTE_MS = 60_000;
const noSteps: Told['steps'] = new Map();

/**
 * Carries out the rehearsals that were picked and not told yet. They read and ask outside, and write what they found into
 * the rundown, with one audit entry each. Safe to repeat and to run twice: the first one that is committed counts.
 */
export async function finishRehearsals(deps: RundownDependencies, rundown: RundownRecord): Promise<void> {
  for (const step of rundown.steps) if (step.rehearsal) await finish(deps, rundown, step, step.rehearsal);
}

async function finish(
  deps: RundownDependencies,
  rundown: RundownRecord,
  step: StepRecord,
  rehearsal: Rehearsal,
): Promise<void> {
  const { spreadsheetId, timeZone } = rundown.sheet;
  const told = await tell(deps, rundown, step, rehearsal);
  const at = new Date(deps.now()).toISOString();
  const entry = entryOf(rehearsal, told, spreadsheetId, deps.now());
  await untilCommitted(deps, 'Send the same sync again.', async () => {
    const before = await deps.rundowns.load(spreadsheetId);
    if (!before.steps.some((one) => isOf(one, step, rehearsal))) return before;
    const steps = before.steps.map((one) => {
      const said = told.steps.get(one.key);
      if (isOf(one, step, rehearsal)) {
        return { ...one, decided: { ...one.decided, result: told.result }, rehearsal: undefined };
      }
      return said === undefined ? one : withRehearsed(one, said, at, timeZone);
    });
    return deps.rundowns.commit(before, { sheet: before.sheet, steps }, [entry]);
  });
}

/** Not told by somebody else meanwhile, and nothing real was picked over it. */
const isOf = ({ key, rehearsal }: StepRecord, step: StepRecord, { id }: Rehearsal): boolean =>
  key === step.key && rehearsal?.id === id;

function entryOf(rehearsal: Rehearsal, told: Told, spreadsheetId: string, at: number): AuditEntry {
  const { id, service, what, requestedBy } = rehearsal;
  const source = { kind: 'sheet' as const, spreadsheetId, step: DO_NOW_STEP };
  const asked = { operationId: id, requestedBy, source, ...(what === ALL_STEPS ? {} : { action: what }) };
  const entry = rehearsalEntry(asked, { service, revision: 0, message: told.result, at });
  const { problem: why } = told;
  return why ? { ...entry, problem: { code: why.code, message: why.message } } : entry;
}

async function tell(
  deps: RundownDependencies,
  rundown: RundownRecord,
  step: StepRecord,
  rehearsal: Rehearsal,
): Promise<Told> {
  const interrupted = { result: rehearsalMessages.interrupted, steps: noSteps };
  if (deps.now() - Date.parse(rehearsal.at) > AUTHORITY_MS) return interrupted;
  const known = knownServices(deps.config);
  const named = findNamed(known, rehearsal.service);
  if (!named) return interrupted;
  try {
    const inputs = await walkInputs(deps, rundown, rehearsal, named);
    return rehearsal.what === ALL_STEPS
      ? await tellAll(deps, rundown, named, inputs)
      : await tellOne(deps, rundown, step, { rehearsal, named, inputs });
  } catch (error) {
    // A rehearsal that breaks must not hold up what is real in this sheet.
    deps.log('error', 'not rehearsed', { message: (error as Error).message });
    return interrupted;
  }
}

async function walkInputs(
  deps: RundownDependencies,
  { sheet, steps }: RundownRecord,
  { requestedBy }: Rehearsal,
  named: Named,
): Promise<WalkInputs> {
  const { config } = deps;
  const known = knownServices(config);
  const names = [
    ...named.members.map(({ name }) => name),
    ...steps.filter(({ tab }) => tab === 'rundown').flatMap(({ seen }) => membersOf(known, seen.service)),
  ];
  const states = await deps.store.states([...new Set(names)]);
  const onPlanMs = config.onPlanMinutes * MINUTE_MS;
  return { environment: config, known, sheet, onPlanMs, now: deps.now(), states, requestedBy };
}

interface One {
  readonly rehearsal: Rehearsal;
  readonly named: Named;
  readonly inputs: WalkInputs;
}

async function tellOne(
  deps: RundownDependencies,
  { steps }: RundownRecord,
  step: StepRecord,
  { rehearsal: { what, requestedBy }, named, inputs }: One,
): Promise<Told> {
  if (what === ALL_STEPS) throw new Error('one action is not all steps');
  const rows = steps.filter(({ tab }) => tab === 'rundown').map(rowOfRecord);
  const start = { named, action: what, requestedBy, takeOver: false };
  const members = rehearseMembers(rowOfRecord(step), start, { ...inputs, rows });
  const examined = await examineAll(deps, members);
  const asks = inputs.environment.production
    ? rehearsalMessages.asksFirst(stepMessages.offPlanPick(named.title), true)
    : undefined;
  const said = members.map((member) => wordsOf(deps, member, { examined, asks, isPick: true, inputs, action: what }));
  const refused = members.find(({ outcome }) => isRefused(outcome))?.outcome;
  return {
    result: said.map(({ words }) => words).join('\n'),
    steps: noSteps,
    ...(refused && isRefused(refused) ? { problem: refused } : {}),
  };
}

async function tellAll(
  deps: RundownDependencies,
  { steps }: RundownRecord,
  named: Named,
  inputs: WalkInputs,
): Promise<Told> {
  const { requestedBy, sheet, now } = inputs;
  const stranger = named.members.find((member) => !mayAct(member, requestedBy));
  if (stranger) {
    const result = stepMessages.notOperator(requestedBy, stranger.title, stranger.operators);
    return { result, steps: noSteps, problem: problem('NOT_OPERATOR', result) };
  }
  const rehearsed = rehearseSteps(steps, inputs);
  if (rehearsed.length === 0) return { result: rehearsalMessages.noSteps, steps: noSteps };
  const examined = await examineAll(
    deps,
    rehearsed.flatMap(({ members }) => members),
  );
  const said = rehearsed.map((step) => ({ step, ...stepWords(deps, step, examined, inputs) }));
  const amiss = said.filter(({ isAmiss }) => isAmiss).map(({ step: { row } }) => row.step || `in row ${row.row}`);
  const summary = { steps: rehearsed.length, amiss, environment: deps.environment };
  return {
    result: rehearsalMessages.summary(summary, whenWords(now, sheet.timeZone)),
    steps: new Map(said.map(({ step, words }) => [step.key, words])),
  };
}

type AllExamined = ReadonlyMap<string, Examined>;

/** Each service once, however many steps name it. */
async function examineAll(deps: RundownDependencies, members: readonly RehearsedMember[]): Promise<AllExamined> {
  const services = new Map<string, { service: ServiceConfig; withSets: boolean }>();
  for (const { outcome } of members) {
    if (isRefused(outcome)) continue;
    const { service, request } = outcome;
    const withSets = services.get(service.name)?.withSets || request.action === 'enable-allowlist';
    services.set(service.name, { service, withSets });
  }
  return new Map(
    await Promise.all(
      [...services.values()].map(
        async ({ service, withSets }) => [service.name, await examine(deps, service, { withSets })] as const,
      ),
    ),
  );
}

interface Saying {
  readonly examined: AllExamined;
  readonly asks: string | undefined;
  readonly isPick: boolean;
  readonly inputs: WalkInputs;
  readonly action: NonNullable<AuditEntry['action']>;
}

interface Said {
  readonly words: string;
  readonly isAmiss: boolean;
}

function stepWords(
  deps: RundownDependencies,
  { row, members, wrong, asks }: RehearsedStep,
  examined: AllExamined,
  inputs: WalkInputs,
): Said {
  const when = whenWords(inputs.now, inputs.sheet.timeZone);
  const action = row.meant;
  if (wrong !== undefined || !action)
    return { words: rehearsalMessages.notUnderstood(wrong ?? '', when), isAmiss: true };
  const said = members.map((member) => wordsOf(deps, member, { examined, asks, isPick: false, inputs, action }));
  return {
    words: said.map(({ words }) => words).join('\n'),
    isAmiss: asks !== undefined || said.some(({ isAmiss }) => isAmiss),
  };
}

function wordsOf(
  deps: RundownDependencies,
  { service, title, outcome }: RehearsedMember,
  { examined, asks, isPick, inputs: { now, sheet }, action }: Saying,
): Said {
  const when = whenWords(now, sheet.timeZone);
  if (isRefused(outcome)) {
    const message =
      outcome.code === 'HELD_BY_OTHER' ? stepMessages.heldByOther(outcome.message, isPick) : outcome.message;
    return { words: rehearsalMessages.refused({ title, action, message }, when), isAmiss: true };
  }
  const facts = factsOf(outcome, examined.get(service) ?? { targets: [], pages: [] }, deps);
  const formatTime = (iso: string) => plannedWords(Date.parse(iso), sheet.timeZone);
  return { words: rehearsalMessages.would(facts, { formatTime, when, asks }), isAmiss: facts.faults.length > 0 };
}

/** `2026-11-22 16:05`, on the sheet's clock: it is read on another day. */
const whenWords = (now: number, timeZone: string): string => wallTime(now, timeZone).slice(0, 16);
