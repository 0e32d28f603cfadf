import type { Clock } from '../model/ports.ts';
import { isThrottled, RuleGroupError } from './errors.ts';
import type { Place } from './place.ts';

/**
 * When an instance may call WAF. Each operation has a rate of its own in each account and region [1], and how WAF counts is
 * not known: calls spaced evenly are within it under a token bucket too.
 * @see [1] https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
 */

/** A write a second, and a little more: what leaves here evenly does not arrive so. */
const BETWEEN_WRITES_MS = 1_050;
/** Five reads a second, of which people and other instances need some. */
const BETWEEN_READS_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

const spacingOf = (operation: string): number =>
  operation.startsWith('Update') ? BETWEEN_WRITES_MS : BETWEEN_READS_MS;

/** Each waits at most until then, in milliseconds since the epoch. */
export interface Pacing {
  /** One call, when it is its turn. Throttled by somebody else's calls, it alone is repeated. */
  call<T>(place: CallPlace, operation: string, until: number, send: () => Promise<T>): Promise<T>;
  /**
   * Work that ends with that call, or finds that it is not needed: one at a time, and only when the call could be made at
   * once. So what it reads first is not old by the time it writes.
   * @throws RuleGroupError WAITS_FOR_TURN - Too many are before it. Nothing was done.
   */
  inTurn<T>(place: CallPlace, operation: string, until: number, work: () => Promise<T>): Promise<T>;
}

type CallPlace = Pick<Place, 'region' | 'service'>;

/** The calls of one operation in one region. */
interface Lane {
  readonly spacingMs: number;
  /** Before then no further call may leave. */
  nextAt: number;
  readonly calls: Queue;
  readonly turns: Queue;
}

interface Queue {
  waiting: number;
  last: Promise<unknown>;
}

const newQueue = (): Queue => ({ waiting: 0, last: Promise.resolve() });

export function createPacing({ now, sleep }: Clock, random: () => number = Math.random): Pacing {
  const lanes = new Map<string, Lane>();

  function laneOf({ region }: CallPlace, operation: string): Lane {
    const key = `${region} ${operation}`;
    const lane = lanes.get(key) ?? {
      ...{ spacingMs: spacingOf(operation), nextAt: 0 },
      ...{ calls: newQueue(), turns: newQueue() },
    };
    lanes.set(key, lane);
    return lane;
  }

  /** First come, first served, one at a time. */
  async function queued<T>(place: CallPlace, lane: Lane, queue: Queue, until: number, work: () => Promise<T>) {
    const earliest = Math.max(now(), lane.nextAt) + queue.waiting * lane.spacingMs;
    if (earliest > Math.max(now(), until)) throw RuleGroupError.waitsForTurn(place);
    queue.waiting += 1;
    const before = queue.last;
    const mine = before.then(async () => {
      while (lane.nextAt > now()) {
        if (lane.nextAt > until) throw RuleGroupError.waitsForTurn(place);
        await sleep(lane.nextAt - now());
      }
      return work();
    });
    queue.last = mine.catch(() => undefined);
    return mine.finally(() => {
      queue.waiting -= 1;
    });
  }

  return {
    async call(place, operation, until, send) {
      const lane = laneOf(place, operation);
      for (let attempt = 0; ; attempt += 1) {
        await queued(place, lane, lane.calls, until, async () => {
          lane.nextAt = now() + lane.spacingMs;
        });
        try {
          return await send();
        } catch (error) {
          if (!isThrottled(error)) throw error;
          const pause = Math.min(LONGEST_PAUSE_MS, lane.spacingMs * 2 ** attempt) * (0.5 + random());
          // The others of this lane would only be throttled too.
          lane.nextAt = Math.max(lane.nextAt, now() + pause);
          if (lane.nextAt > until) throw error;
        }
      }
    },

    inTurn(place, operation, until, work) {
      const lane = laneOf(place, operation);
      return queued(place, lane, lane.turns, until, work);
    },
  };
}
