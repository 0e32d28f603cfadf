import { actionByTitle } from '../../contract/modes.ts';
import type { OutboxEntry } from './entry-record.ts';
import { findNamed, type Known, sharesService } from './known-services.ts';
import { hasStatus, type Rundown } from './rundown.ts';

/** What the APIs are told of a sheet's plan: its armed steps, and when its closed services are planned to open. Pure. */

export interface ScheduledStep {
  readonly operationId: string;
  readonly step: string;
  readonly service: string;
  readonly action: string;
  readonly plannedStart: string;
  readonly requestedBy: string;
}

export interface Schedule {
  readonly steps: readonly ScheduledStep[];
  readonly ends: readonly { readonly service: string; readonly plannedEnd: string }[];
}

/** The planned start of the next step that opens this service. Milliseconds since the epoch. */
export function plannedEndOf({ rows }: Rundown, service: string, known: Known, now: number): number | undefined {
  const exits = rows.filter(
    (other) =>
      actionByTitle(other.action) === 'exit' &&
      sharesService(known, other.service, service) &&
      other.plannedAt !== undefined &&
      other.plannedAt > now &&
      !hasStatus(other, 'Done', 'Skipped', 'Failed'),
  );
  const times = exits.map(({ plannedAt }) => plannedAt as number);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** One for each environment that this sheet has to do with. */
export function schedulesOf(
  rundown: Rundown,
  entries: readonly OutboxEntry[],
  known: Known,
  now: number,
): ReadonlyMap<string, Schedule> {
  const schedules = new Map<string, { steps: ScheduledStep[]; ends: { service: string; plannedEnd: string }[] }>();
  const of = (environment: string) => {
    const schedule = schedules.get(environment) ?? { steps: [], ends: [] };
    schedules.set(environment, schedule);
    return schedule;
  };
  for (const entry of entries) {
    if (entry.phase !== 'armed' || entry.disarmed !== undefined) continue;
    const { id, step, plannedStart, requestedBy } = entry;
    const named = findNamed(known, entry.service);
    const action = actionByTitle(entry.action);
    if (!named || !action) continue;
    for (const { name, environment } of named.members) {
      const operationId = named.isGroup ? `${id}_${name}` : id;
      of(environment).steps.push({ operationId, step, service: name, action, plannedStart, requestedBy });
    }
  }
  for (const row of rundown.rows) {
    // Only what this sheet may have closed: a step that ran, or is running.
    if (row.action === '' || actionByTitle(row.action) === 'exit') continue;
    if (!hasStatus(row, 'Done', 'Running', 'Unproven')) continue;
    for (const { name, environment } of findNamed(known, row.service)?.members ?? []) {
      const end = plannedEndOf(rundown, name, known, now);
      if (end === undefined) continue;
      const plannedEnd = new Date(end).toISOString();
      const { ends } = of(environment);
      if (!ends.some(({ service }) => service === name)) ends.push({ service: name, plannedEnd });
    }
  }
  return schedules;
}
