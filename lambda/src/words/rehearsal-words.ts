import { type Action, MODE_WORDS, MOVES, type Mode } from '../../../contract/modes.ts';
import type { RehearsalFault } from '../../../contract/operation-answer.ts';

/** What a rehearsal says: what would happen, what was checked, what would go wrong and what to do, and that nothing changed. */

/** A fault of proof alone: the firewall would take it. */
export const NO_ANSWER = 'NO_ANSWER';

export interface RehearsalFacts {
  readonly title: string;
  readonly action: Action;
  /** False if it is so already. */
  readonly changed: boolean;
  /** How many it has, and how many of their rule groups could be read. */
  readonly targets: number;
  readonly groupsRead: number;
  /** Of the target whose rules are the widest. */
  readonly capacity?: { readonly needed: number; readonly of: number };
  /** How many ranges would be let in. */
  readonly ranges: number;
  readonly plannedEnd?: string | undefined;
  readonly probes: number;
  /** What the pages that are probed answer now, those that do answer. */
  readonly statuses: readonly number[];
  readonly faults: readonly RehearsalFault[];
}

export interface RehearsalOptions {
  /** An ISO time as the reader's clock shows it. */
  formatTime(iso: string): string;
  /** When it was rehearsed; left out where that is plain. */
  readonly when?: string;
  /** What would be asked first, or stands in its way. */
  readonly asks?: string | undefined;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const rehearsed = (when?: string): string => (when === undefined ? 'Rehearsed:' : `Rehearsed ${when}:`);
const NOTHING_CHANGED = 'Nothing was changed.';

export const rehearsalMessages = {
  underWay: 'Rehearsing… nothing is changed by it.',
  interrupted: 'Nothing was rehearsed: Drawbridge was interrupted. Pick it again.',
  stillRunning: 'Nothing was rehearsed: what was picked here before is not over yet. Pick it again when it is.',
  noSteps: 'Nothing was rehearsed: the rundown has no step with an Action that is still to be done.',

  would(facts: RehearsalFacts, { when, asks, formatTime }: RehearsalOptions): string {
    const { faults, plannedEnd, changed } = facts;
    const end = plannedEnd && changed ? `The public would be told that it opens at ${formatTime(plannedEnd)}.` : '';
    const parts =
      faults.length === 0
        ? [`${outcome(facts)}: ${checks(facts).join(', ')}.`, end]
        : [verdict(facts), ...new Set(faults.map(({ message }) => message))];
    return [rehearsed(when), asks, ...parts, NOTHING_CHANGED].filter(Boolean).join(' ');
  },

  refused(
    { title, action, message }: { readonly title: string; readonly action: Action; readonly message: string },
    when?: string,
  ): string {
    return `${rehearsed(when)} ${MOVES[action].title} of ${title} would be refused. ${message} ${NOTHING_CHANGED}`;
  },

  /** Of a row that names no service or no action that there is. */
  notUnderstood: (message: string, when?: string): string =>
    `${rehearsed(when)} this step would not run. ${message} ${NOTHING_CHANGED}`,

  /** What comes before that; the rest of the sentence is what would happen. */
  asksFirst: (why: string, isPick: boolean): string =>
    `It would ask for a second ${isPick ? 'pick' : 'Go'} first: ${why} Then`,
  notInTurn: (why: string): string => `By the clock it would not run: ${why} By hand,`,
  /** Whether a Result says no more than what was rehearsed once. */
  isOne: (result: string): boolean => result.startsWith('Rehearsed'),
  before: (said: string, before: string): string => (before === '' ? said : `${said} Before: ${before}`),

  summary({ steps, amiss, environment }: Summary, when?: string): string {
    const all = `${rehearsed(when)} ${plural(steps, 'step')} of ${environment} that ${steps === 1 ? 'is' : 'are'} still to be done.`;
    const found =
      amiss.length === 0
        ? 'All would go as planned, as far as that can be checked.'
        : `Look at ${amiss.length === 1 ? 'step' : 'steps'} ${amiss.join(', ')}: something would go wrong, or be asked first.`;
    return `${all} ${found} Each row’s Result in the rundown says what would happen. ${NOTHING_CHANGED}`;
  },
} as const;

export interface Summary {
  readonly steps: number;
  /** The steps that would not just run. */
  readonly amiss: readonly string[];
  readonly environment: string;
}

const WOULD: Readonly<Record<Action, (facts: RehearsalFacts) => string>> = {
  enter: ({ title }) => `would close ${title} to everyone`,
  'enable-allowlist': ({ title, ranges }) =>
    `would let ${plural(ranges, 'range')} of addresses in to ${title}, and keep it closed to the public`,
  'disable-allowlist': ({ title }) => `would close ${title} to everyone, the testers too`,
  exit: ({ title }) => `would open ${title} to everyone`,
};

function outcome(facts: RehearsalFacts): string {
  const { action, title, changed, targets } = facts;
  const mode: Mode = MOVES[action].to;
  const where = `(${plural(targets, 'target')})`;
  if (!changed)
    return `${MOVES[action].title} would change nothing, as ${title} is ${MODE_WORDS[mode]} by then ${where}`;
  return `${MOVES[action].title} ${WOULD[action](facts)} ${where}`;
}

function checks({ action, capacity, groupsRead, probes, statuses }: RehearsalFacts): string[] {
  const fits =
    MOVES[action].to === 'normal' || !capacity ? [] : [`its rules fit (${capacity.needed} of ${capacity.of} WCU)`];
  return [...fits, readWords(groupsRead), probeWords(probes, statuses)];
}

const readWords = (groups: number): string => {
  if (groups === 1) return 'its rule group can be read';
  return groups === 2 ? 'both rule groups can be read' : `all ${groups} rule groups can be read`;
};

function probeWords(probes: number, statuses: readonly number[]): string {
  if (probes === 0) return 'and nobody would prove it (verification: none)';
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const told = [...counts].map(
    ([status, count]) => `${count} of ${plural(probes, 'probe')} ${count === 1 ? 'answers' : 'answer'} ${status}`,
  );
  return `${told.join(' and ')} now`;
}

function verdict({ action, title, faults }: RehearsalFacts): string {
  const isProofOnly = faults.every(({ code }) => code === NO_ANSWER);
  const end = isProofOnly
    ? 'would be taken by the firewall and stay Unproven.'
    : 'would not be taken by the firewall everywhere.';
  return `${MOVES[action].title} of ${title} ${end}`;
}

interface Unread {
  readonly code: string;
  readonly message: string;
}

export const faultMessages = {
  unreadable(target: string, { code, message }: Unread): string {
    if (code === 'RULE_GROUP_MISSING') return message;
    if (code === 'FIREWALL_FORBIDDEN') {
      return (
        `Drawbridge may not read the firewall rules of ${target} (${code}). Deploy the control plane’s stack again, and ` +
        'look for a policy that denies it.'
      );
    }
    return `The firewall of ${target} did not answer in time (${code}). Rehearse again in a minute.`;
  },
  tooMany: (target: string, needed: number, capacity: number): string =>
    `Its rules need ${needed} WCU in ${target}, and its rule group has ${capacity}. ` +
    'Name fewer apiOrigins or hosts, or fewer exemptPaths with a prefix.',
  noAnswer: (url: string, why: string): string =>
    `${url} gives no answer (${why}), so nobody could prove it. Put the address right in verification.urls, or call the ` +
    'team of the site.',
} as const;
