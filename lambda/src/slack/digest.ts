import type { WaitingSheet } from '../store/rundowns.ts';
import type { Night, NightStep } from '../store/slack-feed.ts';

/** What a night will do by itself, as it is told before it begins. Pure. */

/** From its first step on. */
const NIGHT_MS = 12 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
/** All that Slack was told is one item, which DynamoDB keeps up to 400 KB. */
const MOST_STEPS = 200;

export interface NightOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long before its first step a night is told. */
  readonly hours: number;
  /** Whether it is a service or a group of this environment. */
  isKnown(service: string): boolean;
  /** The night that was told last. */
  readonly told: Night | undefined;
}

/**
 * The night that is under way or begins within so many hours, as it is armed now. What is armed, moved or disarmed after it
 * was told changes it; what is over by its time stays.
 *
 * @returns undefined if there is none.
 */
export function nightOf(
  sheets: readonly WaitingSheet[],
  { now, hours, isKnown, told }: NightOptions,
): Night | undefined {
  const at = ({ plannedStart }: NightStep) => Date.parse(plannedStart);
  const ahead = sheets
    .flatMap(({ name, armed }) => armed.map((step): NightStep => ({ ...step, sheet: name })))
    .filter((step) => at(step) > now && isKnown(step.service))
    .sort((one, other) => at(one) - at(other));
  const upTo = (until: number) => ahead.filter((step) => at(step) <= until);
  if (told && now < Date.parse(told.until)) {
    const over = told.steps.filter((step) => at(step) <= now);
    return { until: told.until, steps: [...over, ...upTo(Date.parse(told.until))].slice(0, MOST_STEPS) };
  }
  const [first] = ahead;
  if (!first || at(first) - now > hours * HOUR_MS) return undefined;
  const until = at(first) + NIGHT_MS;
  return { until: new Date(until).toISOString(), steps: upTo(until).slice(0, MOST_STEPS) };
}
