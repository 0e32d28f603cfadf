/** The modes of a service and the moves between them: the one table that code, sheet and docs share. */

export const MODES = ['normal', 'maintenance', 'maintenance-allowlist'] as const;
export type Mode = (typeof MODES)[number];

export const ACTIONS = ['enter', 'enable-allowlist', 'disable-allowlist', 'exit'] as const;
export type Action = (typeof ACTIONS)[number];

export interface Move {
  /** What a person picks in the sheet's Action column. */
  readonly title: string;
  /** The modes from which the action is legal. */
  readonly from: readonly Mode[];
  readonly to: Mode;
}

export const MOVES: Readonly<Record<Action, Move>> = {
  enter: { title: 'Enter maintenance', from: ['normal', 'maintenance'], to: 'maintenance' },
  'enable-allowlist': {
    title: 'Enable allowlist',
    from: ['maintenance', 'maintenance-allowlist'],
    to: 'maintenance-allowlist',
  },
  'disable-allowlist': {
    title: 'Disable allowlist',
    from: ['maintenance', 'maintenance-allowlist'],
    to: 'maintenance',
  },
  exit: { title: 'Exit maintenance', from: ['normal', 'maintenance', 'maintenance-allowlist'], to: 'normal' },
};

/** What each mode means for the people outside, for sentences such as "Shop is now …". */
export const MODE_WORDS: Readonly<Record<Mode, string>> = {
  normal: 'open to everyone',
  maintenance: 'closed to everyone',
  'maintenance-allowlist': 'closed to the public, open to the testers',
};

export const isLegal = (action: Action, from: Mode): boolean => MOVES[action].from.includes(from);

/**
 * The action that a person most likely meant when `action` is illegal from `from`:
 * one that is legal there and ends in the same mode, else the first step on the way.
 */
export function meantInstead(action: Action, from: Mode): Action {
  const sameGoal = ACTIONS.find((other) => isLegal(other, from) && MOVES[other].to === MOVES[action].to);
  return sameGoal ?? 'enter';
}

/** The action whose title a person picked, ignoring case and surrounding blanks. */
export function actionByTitle(title: string): Action | undefined {
  const wanted = title.trim().toLowerCase();
  return ACTIONS.find((action) => MOVES[action].title.toLowerCase() === wanted);
}
