import { parseA1 } from './a1.ts';
import { type Cell, eventText } from './cell.ts';
import type { Execution } from './execution.ts';
import { happens, upTo } from './hostility.ts';
import type { EventFacts } from './protocol.ts';
import type { Trigger, World } from './service.ts';
import type { Spreadsheet } from './sheet-model.ts';

/** Which triggers hear of what, and how: a hostile platform promises little. */

export interface PersonsEdit {
  readonly spreadsheetId: string;
  readonly sheet: string;
  /** A1, such as `G3` or `G3:H4`. */
  readonly range: string;
  /** As typed; of the range's shape. */
  readonly values: readonly (readonly unknown[])[];
  /** Blank if Google would not name them. */
  readonly user: string;
}

type EditFacts = Omit<EventFacts & { kind: 'edit' }, 'triggerUid'>;
type Start = (functionName: string, event: EventFacts) => Promise<Execution>;

/** Puts the edit into the sheet. @returns What its event would carry. @throws SheetError - It does not fit the sheet. */
export function applyEdit(spreadsheet: Spreadsheet, edit: PersonsEdit): EditFacts {
  const { spreadsheetId, sheet, range, values, user } = edit;
  const area = parseA1(range);
  const { before, after } = spreadsheet.type(sheet, area, values);
  const isSingle = area.rows === 1 && area.columns === 1;
  const textOf = ([[cell = ''] = []]: Cell[][]) =>
    isSingle && cell !== '' ? eventText(cell, spreadsheet.timeZone) : undefined;
  return {
    kind: 'edit',
    place: { spreadsheetId, sheet, ...area },
    user,
    value: textOf(after),
    oldValue: textOf(before),
  };
}

export function createEvents({ triggers, hostility, clock }: World, start: Start) {
  const pending = new Set<Promise<unknown>>();

  function later(mostMs: number | undefined, { handler }: Trigger, event: EventFacts): Promise<Execution> {
    const lateMs = upTo(hostility, mostMs);
    const arriving = lateMs > 0 ? clock.sleep(lateMs).then(() => start(handler, event)) : start(handler, event);
    pending.add(arriving);
    return arriving.finally(() => pending.delete(arriving));
  }

  const times = (chance: number | undefined) => (happens(hostility, chance) ? [1, 2] : [1]);

  function asHeard(facts: EditFacts, { id }: Trigger): EventFacts {
    const user = happens(hostility, hostility.blankUser) ? '' : facts.user;
    const value = happens(hostility, hostility.noValue) ? undefined : facts.value;
    return { ...facts, user, value, triggerUid: id };
  }

  return {
    /** To every onEdit trigger of its spreadsheet. */
    edited(facts: EditFacts): Promise<Execution[]> {
      const hearing = [...triggers.values()].filter(
        ({ source, sourceId }) => source === 'SPREADSHEETS' && sourceId === facts.place.spreadsheetId,
      );
      const heard = hearing.filter(() => !happens(hostility, hostility.dropEvent));
      return Promise.all(
        heard.flatMap((trigger) => {
          const event = asHeard(facts, trigger);
          return times(hostility.doubleEvent).map(() => later(hostility.lateMs, trigger, event));
        }),
      );
    },
    /** Every clock trigger once. */
    tick(): Promise<Execution[]> {
      const ticking = [...triggers.values()].filter(({ source }) => source === 'CLOCK');
      return Promise.all(
        ticking.flatMap((trigger) =>
          times(hostility.doubleTick).map(() =>
            later(hostility.lateTickMs, trigger, { kind: 'clock', triggerUid: trigger.id }),
          ),
        ),
      );
    },
    /** Resolves when everything that was on its way has arrived and come to its end. */
    async idle(): Promise<void> {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
