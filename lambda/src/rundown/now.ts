import { BEGINS } from '../../../contract/status.ts';
import type { SyncAnswer } from '../../../contract/sync-answer.ts';
import type { KnownEnvironment } from '../model/known-environment.ts';
import type { RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { knownServices, membersOf } from '../model/service-names.ts';
import type { ServiceState } from '../model/service-state.ts';
import { statusesOf } from '../operate/service-status.ts';
import { nowWords } from '../words/service-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { actionOf, instantOf } from './plan/row.ts';
import { shortWords } from './plan/wall-time.ts';
import { isToRun } from './way-back.ts';

/**
 * How the services of a sheet stand now, and which of its steps is next: what its banner says above the rows.
 * @param known - States that were read for this answer; the others are read.
 */
export async function nowOf(
  { config, store, now }: Pick<RundownDependencies, 'config' | 'store' | 'now'>,
  rundown: RundownRecord,
  known: ReadonlyMap<string, ServiceState>,
): Promise<Pick<SyncAnswer['banner'], 'now' | 'next'>> {
  const { sheet } = rundown;
  const planned = rundown.steps.filter(isPlanned);
  const names = namedServices(config, rundown);
  const services = config.services.filter(({ name }) => names.includes(name));
  if (services.length === 0) return { now: '' };
  const missing = names.filter((name) => !known.has(name));
  const states = new Map([...known, ...(missing.length > 0 ? await store.states(missing) : [])]);
  const at = now();
  const told = { now: at, formatTime: (iso: string) => shortWords(iso, sheet.timeZone, at) };
  const allNames = knownServices(config);
  const next = nextOf(planned, (service) => membersOf(allNames, service));
  return {
    now: statusesOf({ ...config, services }, states, [])
      .map((status) => nowWords(status, told))
      .join('\n'),
    ...(next ? { next } : {}),
  };
}

/** Every service that one of its steps is planned for. */
export function namedServices(config: KnownEnvironment, { steps }: RundownRecord): string[] {
  const known = knownServices(config);
  return [...new Set(steps.filter(isPlanned).flatMap(({ seen }) => membersOf(known, seen.service)))];
}

const isPlanned = ({ tab, seen, missingSince }: StepRecord): boolean =>
  tab === 'rundown' && missingSince === undefined && actionOf(seen.action) !== undefined;

type MembersOf = (service: string) => readonly string[];

/** The first by its planned start that was neither run, nor left out, nor passed over. */
function nextOf(steps: readonly StepRecord[], members: MembersOf): { step: string; at: string } | undefined {
  const reached = lastPlannedStarts(steps, members);
  const [first] = steps
    .filter((step) => isToRun(step) || isRefused(step))
    .flatMap(({ seen }) => {
      const at = instantOf(seen.plannedStart);
      if (at === undefined || members(seen.service).every((service) => at < (reached.get(service) ?? 0))) return [];
      return [{ step: seen.step.trim(), row: seen.row, at }];
    })
    .sort((a, b) => a.at - b.at || a.row - b.row);
  return first && { step: first.step, at: new Date(first.at).toISOString() };
}

/** It did not happen, and somebody has to do it still. */
const isRefused = ({ decided }: StepRecord): boolean =>
  decided.status === 'Failed' && !decided.result.startsWith(BEGINS.superseded);

const HAPPENED = ['Running', 'Done', 'Accepted', 'Unproven'];

/** By service, when the step was planned that was run last: what was planned before that is passed over. */
function lastPlannedStarts(steps: readonly StepRecord[], members: MembersOf): ReadonlyMap<string, number> {
  const inOrder = steps
    .filter(({ run, decided }) => run !== undefined && HAPPENED.includes(decided.status))
    .sort((a, b) => (a.run?.startedAt ?? '').localeCompare(b.run?.startedAt ?? ''));
  return new Map(
    inOrder.flatMap(({ seen }) =>
      members(seen.service).map((service): [string, number] => [service, instantOf(seen.plannedStart) ?? 0]),
    ),
  );
}
