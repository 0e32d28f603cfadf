import { ACTIONS, type Action, MOVES } from './modes.ts';
import { plainText } from './status.ts';

/** What is picked in *Do now* of the tab Services to be told what would happen: everything is checked, nothing is changed. */

/** Every step of the rundown that is not done, in the order of the plan. */
export const ALL_STEPS = 'all';
export type Rehearsable = Action | typeof ALL_STEPS;

const titleOf = (action: Action): string => `Rehearse: ${MOVES[action].title}`;

export const REHEARSAL_TITLES: Readonly<Record<Rehearsable, string>> = {
  enter: titleOf('enter'),
  'enable-allowlist': titleOf('enable-allowlist'),
  'disable-allowlist': titleOf('disable-allowlist'),
  exit: titleOf('exit'),
  [ALL_STEPS]: 'Rehearse all steps',
};
const ALL: readonly Rehearsable[] = [...ACTIONS, ALL_STEPS];

/** @returns undefined if it is no rehearsal. */
export function rehearsalByTitle(title: string): Rehearsable | undefined {
  const wanted = plainText(title);
  return ALL.find((one) => plainText(REHEARSAL_TITLES[one]) === wanted);
}
