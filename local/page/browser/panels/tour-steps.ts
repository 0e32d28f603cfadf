/** What a first visit is led through, a sentence at a time: each goes on when it was done. Pure. */

export interface Seen {
  /** Of the rundown, header first. */
  readonly rundown: readonly (readonly string[])[];
}

interface TourStep {
  readonly text: string;
  /** Left out: the person goes on when they have read it. */
  isDone?(seen: Seen): boolean;
}

function statusOf({ rundown }: Seen, action: string): string {
  const [headers = [], ...rows] = rundown;
  const [actions, statuses] = [headers.indexOf('Action'), headers.indexOf('Status')];
  return rows.find((row) => row[actions] === action)?.[statuses] ?? '';
}

const isDone = (status: string): boolean => ['Done', 'Accepted'].includes(status);

export const TOUR: readonly TourStep[] = [
  {
    text: 'Each row is a step of tonight’s release: set the Status of step 2 to Go, and the shop closes to the public.',
    isDone: (seen) => !['Planned', 'Scheduled', ''].includes(statusOf(seen, 'Enter maintenance')),
  },
  {
    text: 'Running: the firewall takes the change and probes look from outside; Result says how far it is, and Done comes only with proof.',
    isDone: (seen) => isDone(statusOf(seen, 'Enter maintenance')),
  },
  { text: 'Seen from outside shows what the public really gets now: a 503 with a page that says when to come back.' },
  {
    text: 'Go on “Let the testers in” opens the shop for the addresses on the tab Allowlist; too early it asks once, and Go again runs it.',
    isDone: (seen) => isDone(statusOf(seen, 'Enable allowlist')),
  },
  {
    text: 'Go on “Open the shop” opens it to everyone, at any time: that is also the way to abort.',
    isDone: (seen) => isDone(statusOf(seen, 'Exit maintenance')),
  },
  {
    text: 'That was a whole night; Ctrl+Z takes back what you typed by mistake in a cell or a row, but not a Go: what was sent runs.',
  },
];

/** @returns The step that is next by what was seen; what was done out of turn is not asked for again. */
export const stepAfter = (at: number, seen: Seen): number => (TOUR[at]?.isDone?.(seen) ? stepAfter(at + 1, seen) : at);
