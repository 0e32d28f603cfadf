import type { Clock } from '../model/ports.ts';
import { RuleGroupError } from './errors.ts';
import type { Place } from './place.ts';

/** WAF takes one write of each kind per second, account and region. */
const BETWEEN_WRITES_MS = 1_050;
/** A tick lasts less than a minute, and people's own writes need their turn too: the rest comes with the next one. */
const LONGEST_QUEUE_MS = 25_000;

/** Waits for this instance's turn to write: other instances' writes are met by trying again. */
export type WriteTurn = (place: Place, operation: string) => Promise<void>;

export function createWriteTurns(clock: Clock): WriteTurn {
  const nextAt = new Map<string, number>();
  return async ({ region, service }, operation) => {
    const key = `${region} ${operation}`;
    const at = Math.max(clock.now(), nextAt.get(key) ?? 0);
    if (at > clock.now() + LONGEST_QUEUE_MS) throw RuleGroupError.queueTooLong({ region, service });
    nextAt.set(key, at + BETWEEN_WRITES_MS);
    if (at > clock.now()) await clock.sleep(at - clock.now());
  };
}
