import { isSkipped, mustBeDoneFirst, twice } from './arming.ts';
import type { Tell } from './claim.ts';
import type { Doors } from './doors.ts';
import type { OutboxEntry } from './entry-record.ts';
import { findNamed, type KnownService, type Named, namedLike, namesOf } from './known-services.ts';
import { formatPlanned, PLANNED, type Planned } from './loop.ts';
import { hasStatus, type Row } from './rundown.ts';
import { says } from './sentences.ts';
import type { RundownSheet } from './sheet.ts';

/** Everything that is answered in rows, and the armed entries that go with it. */
export interface Answers {
  readonly tells: readonly Tell[];
  /** To be kept before the rows are answered. */
  readonly armed: readonly OutboxEntry[];
  /** To be forgotten after the rows are answered. */
  readonly disarmed: readonly OutboxEntry[];
}

export function answersOf(
  doors: Doors,
  spreadsheetId: string,
  sheet: Pick<RundownSheet, 'timeZone' | 'shown'>,
  planned: Planned,
): Answers {
  const timeZone = () => sheet.timeZone();
  const tells: Tell[] = [];
  const armed: OutboxEntry[] = [];
  const disarmed: OutboxEntry[] = [];
  const when = (at: number) => {
    const wall = (ms: number) => doors.formatTime(new Date(ms).toISOString(), timeZone(), PLANNED);
    return { time: formatPlanned(doors, timeZone())(new Date(at).toISOString()), twice: twice(at, wall) };
  };
  const first = (row: Row, named: Named) => {
    const steps = mustBeDoneFirst(planned, row, named);
    return steps.length === 0 ? '' : says.armedFirst(steps);
  };
  for (const effect of planned.effects) {
    switch (effect.kind) {
      case 'tell':
        tells.push(effect);
        break;
      case 'unknown-service': {
        const { service } = effect.row;
        const several = namedLike(planned.known, service).map(placeOf);
        const result =
          several.length > 1
            ? says.severalServices(service, several)
            : says.unknownService(service, namesOf(planned.known));
        tells.push({ row: effect.row, cells: { status: 'Failed', result } });
        break;
      }
      case 'arm': {
        const { row, named, requestedBy, at } = effect;
        const { environment } = named.members[0] as KnownService;
        const { step, service, action, plannedStart } = row;
        const asked = { step, service, action, plannedStart, requestedBy, at };
        const entry: OutboxEntry = {
          id: doors.newId(),
          phase: 'armed',
          environment,
          spreadsheetId,
          body: '',
          ...asked,
        };
        const { time, twice: again } = when(at);
        // When the clocks go forward an hour is left out: what stands there is no time at all.
        const typed = sheet.shown(row.number, planned.rundown.columns.plannedStart);
        if (isSkipped(typed, at, (ms) => doors.formatTime(new Date(ms).toISOString(), timeZone(), PLANNED))) {
          tells.push({ row, cells: { status: 'Planned', result: says.armSkipped(typed, time) } });
          break;
        }
        armed.push(entry);
        const result = says.armed(time, requestedBy, again + first(row, named));
        const blank = { started: '', finished: '' };
        tells.push({ row, cells: { status: 'Scheduled', result, by: requestedBy, operation: entry.id, ...blank } });
        break;
      }
      case 'rearm': {
        armed.push(effect.entry);
        const { time, twice: again } = when(effect.entry.at);
        const named = findNamed(planned.known, effect.entry.service);
        tells.push({
          row: effect.row,
          cells: { result: says.rearmed(time, effect.user, again + (named ? first(effect.row, named) : '')) },
        });
        break;
      }
      case 'disarm': {
        const { row, entry, result, status = 'Planned' } = effect;
        disarmed.push(entry);
        // What people set instead they may keep; that it runs is the script's word.
        const isOver = hasStatus(row, 'Scheduled', 'Running', 'Unproven');
        tells.push({ row, cells: { ...(isOver ? { status } : {}), result, operation: '' } });
        break;
      }
    }
  }
  return { tells, armed, disarmed };
}

const placeOf = ({ title, members }: Named): string =>
  `${title} (${[...new Set(members.map(({ name, environment }) => `${name} in ${environment}`))].join(', ')})`;
