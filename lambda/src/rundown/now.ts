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
  const next = nextOf(planned);
  return {
    now: statusesOf({ ...config, services }, states, [])
      .map((status) => nowWords(status, told))
      .join('\n'),
    ...(next ? { next } : {}),
  };
}

const isPlanned = ({ tab, seen, missingSince }: StepRecord): boolean =>
  tab === 'rundown' && missingSince === undefined && actionOf(seen.action) !== undefined;

/** The first by its planned start that was neither run nor left out. */
function nextOf(steps: readonly StepRecord[]): { step: string; at: string } | undefined {
  const [first] = steps
    .filter(isToRun)
    .flatMap(({ seen }) => {
      const at = instantOf(seen.plannedStart);
      return at === undefined ? [] : [{ step: seen.step.trim(), row: seen.row, at }];
    })
    .sort((a, b) => a.at - b.at || a.row - b.row);
  return first && { step: first.step, at: new Date(first.at).toISOString() };
}
