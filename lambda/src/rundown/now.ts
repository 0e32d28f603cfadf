import { BEGINS } from '../../../contract/status.ts';
import type { SyncAnswer } from '../../../contract/sync.ts';
import type { RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { knownServices, membersOf } from '../model/service-names.ts';
import { statusesOf } from '../operate/service-status.ts';
import { nowWords } from '../words/service-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { actionOf, instantOf } from './plan/row.ts';
import { shortWords } from './plan/wall-time.ts';
import { isToRun } from './way-back.ts';

/** How the services of a sheet stand now, and which of its steps is next: what its banner says above the rows. */
export async function nowOf(
  { config, store, now }: Pick<RundownDependencies, 'config' | 'store' | 'now'>,
  { sheet, steps }: RundownRecord,
): Promise<Pick<SyncAnswer['banner'], 'now' | 'next'>> {
  const planned = steps.filter(isPlanned);
  const known = knownServices(config);
  const named = new Set(planned.flatMap(({ seen }) => membersOf(known, seen.service)));
  const services = config.services.filter(({ name }) => named.has(name));
  if (services.length === 0) return { now: '' };
  const states = await store.states(services.map(({ name }) => name));
  const at = now();
  const told = { now: at, formatTime: (iso: string) => shortWords(iso, sheet.timeZone, at) };
  const next = nextOf(planned, (service) => membersOf(known, service));
  return {
    now: statusesOf({ ...config, services }, states, [])
      .map((status) => nowWords(status, told))
      .join('\n'),
    ...(next ? { next } : {}),
  };
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
