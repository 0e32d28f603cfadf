import type { Execution } from './execution.ts';
import { happens, upTo } from './hostility.ts';
import type { EditFacts } from './persons-edit.ts';
import { domainOf } from './protection.ts';
import type { EventFacts } from './protocol.ts';
import type { Trigger, World } from './service.ts';

/** Which triggers hear of what, and how: a hostile platform promises little. */

type Start = (functionName: string, account: string, event: EventFacts) => Promise<Execution>;

export function createEvents({ triggers, hostility, quirks, clock }: World, start: Start) {
  const pending = new Set<Promise<unknown>>();

  function later(mostMs: number | undefined, { handler, owner }: Trigger, event: EventFacts) {
    const lateMs = upTo(hostility, mostMs);
    const starting = () => start(handler, owner, event);
    const arriving = lateMs > 0 ? clock.sleep(lateMs).then(starting) : starting();
    pending.add(arriving);
    return arriving.finally(() => pending.delete(arriving));
  }

  const times = (chance: number | undefined) => (happens(hostility, chance) ? [1, 2] : [1]);

  function asHeard(facts: EditFacts, { id, owner }: Trigger): EventFacts {
    const isStranger = quirks.userBlankOutsideDomain && domainOf(facts.user) !== domainOf(owner);
    const user = isStranger || happens(hostility, hostility.blankUser) ? '' : facts.user;
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
