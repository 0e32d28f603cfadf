import type { AuditEntry } from '../../../contract/audit.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { WaitingSheet } from '../store/rundowns.ts';
import type { SlackFeed } from '../store/slack-feed.ts';
import { factText, soonText } from '../words/slack-words.ts';

/** What happened, as the channel is told of it. Pure. */
export interface Fact {
  /** Told once under this id, and changed when it says something else. */
  readonly id: string;
  readonly service: string;
  readonly text: string;
  readonly at: string;
  /** It says nothing else any more. */
  readonly isOver: boolean;
  /** It stands in the channel too, not only under its service. */
  readonly isCall?: boolean;
}

/** Nothing more is expected of an operation that was not proven in a day. */
const LONGEST_MS = 24 * 60 * 60_000;

const hasEnded = ({ kind, state, unchecked, at }: AuditEntry, now: number): boolean =>
  kind !== 'operation' ||
  (state !== 'pending' && (state !== 'accepted' || unchecked === true)) ||
  now - Date.parse(at) > LONGEST_MS;

/** People are called for it: the notice stands in the channel and says more. */
const CALLS: readonly AuditEntry['kind'][] = ['repair', 'bypass', 'unreadable'];

/** What was asked in the channel has a message of its own there; anyone who was not let in was told so alone. */
const isToldOtherwise = ({ kind, source, isMissed }: AuditEntry, channel: string): boolean =>
  kind === 'not-admitted' ||
  CALLS.includes(kind) ||
  isMissed === true ||
  (source?.kind === 'slack' && (source.channel === channel || kind !== 'operation'));

export const factsOf = (
  entries: readonly AuditEntry[],
  { channel, now }: { readonly channel: string; readonly now: number },
): Fact[] =>
  entries
    .filter((entry) => !isToldOtherwise(entry, channel))
    .map((entry) => ({
      id: `${entry.at} ${entry.operationId} ${entry.kind}`,
      service: entry.service,
      text: factText(entry),
      at: entry.at,
      isOver: hasEnded(entry, now),
    }));

/** Armed steps that run within so many minutes. @param membersOf - Of a service or a group, the services. */
export const soonFacts = (
  sheets: readonly WaitingSheet[],
  {
    now,
    minutes,
    membersOf,
  }: { readonly now: number; readonly minutes: number; membersOf(named: string): readonly string[] },
): Fact[] =>
  sheets.flatMap(({ name, armed }) =>
    armed
      .filter(({ plannedStart }) => {
        const ahead = Date.parse(plannedStart) - now;
        return ahead > 0 && ahead <= minutes * 60_000;
      })
      .flatMap((step) =>
        membersOf(step.service)
          .slice(0, 1)
          .map((service) => ({
            id: `soon ${step.operationId} ${step.plannedStart}`,
            service,
            text: soonText(step, name),
            at: new Date(now).toISOString(),
            isOver: true,
            ...(MOVES[step.action].to === 'maintenance' ? { isCall: true } : {}),
          })),
      ),
  );

/** Where the audit is told from the next time: the oldest entry that may still say something else. */
export const nextSince = (facts: readonly Fact[], since: string): string =>
  facts.find(({ isOver }) => !isOver)?.at ?? facts.at(-1)?.at ?? since;

/** How long a message is remembered that nothing is expected of: its buttons are pressed within that time, or never. */
const REMEMBERED_MS = 3 * 24 * 60 * 60_000;

/** All of it is one item, which DynamoDB keeps up to 400 KB. */
const MOST_REMEMBERED = 1_000;

export const remembered = (told: SlackFeed['told'], now: number): SlackFeed['told'] =>
  Object.fromEntries(
    Object.entries(told)
      .filter(([, { at }]) => now - Date.parse(at) < REMEMBERED_MS)
      .sort(([, one], [, other]) => (one.at < other.at ? -1 : 1))
      .slice(-MOST_REMEMBERED),
  );
