import type { Execution } from './execution.ts';
import { happens, upTo } from './fault-injection.ts';
import type { EventFacts } from './protocol.ts';
import type { Trigger, World } from './service.ts';
import type { EditFacts } from './spreadsheet/persons-edit.ts';
import { domainOf } from './spreadsheet/protection.ts';

/** Which triggers hear of what, and how: a hostile platform promises little. */

type Start = (functionName: string, account: string, event: EventFacts) => Promise<Execution>;

export function createEvents({ triggers, faultInjection, quirks, clock }: World, start: Start) {
  const pending = new Set<Promise<unknown>>();

  function later(mostMs: number | undefined, { handler, owner }: Trigger, event: EventFacts) {
    const lateMs = upTo(faultInjection, mostMs);
    const starting = () => start(handler, owner, event);
    const arriving = lateMs > 0 ? clock.sleep(lateMs).then(starting) : starting();
    pending.add(arriving);
    return arriving.finally(() => pending.delete(arriving));
  }

  const times = (chance: number | undefined) => (happens(faultInjection, chance) ? [1, 2] : [1]);

  function asHeard(facts: EditFacts, { id, owner }: Trigger): EventFacts {
    const isStranger = quirks.userBlankOutsideDomain && domainOf(facts.user) !== domainOf(owner);
    const user = isStranger || happens(faultInjection, faultInjection.blankUser) ? '' : facts.user;
    const value = happens(faultInjection, faultInjection.noValue) ? undefined : facts.value;
    return { ...facts, user, value, triggerUid: id };
  }

  return {
    /** To every onEdit trigger of its spreadsheet. */
    edited(facts: EditFacts): Promise<Execution[]> {
      const hearing = [...triggers.values()].filter(
        ({ source, sourceId }) => source === 'SPREADSHEETS' && sourceId === facts.place.spreadsheetId,
      );
      const heard = hearing.filter(() => !happens(faultInjection, faultInjection.dropEvent));
      return Promise.all(
        heard.flatMap((trigger) => {
          const event = asHeard(facts, trigger);
          return times(faultInjection.doubleEvent).map(() => later(faultInjection.lateMs, trigger, event));
        }),
      );
    },
    /** Every clock trigger once. */
    tick(): Promise<Execution[]> {
      const ticking = [...triggers.values()].filter(({ source }) => source === 'CLOCK');
      return Promise.all(
        ticking.flatMap((trigger) =>
          times(faultInjection.doubleTick).map(() =>
            later(faultInjection.lateTickMs, trigger, { kind: 'clock', triggerUid: trigger.id }),
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
