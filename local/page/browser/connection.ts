import { CONNECTED, NOT_CONNECTED } from '../../../release-sheet-template/tab.ts';
import type { SpreadsheetFacts } from '../sheet-host.ts';

/** Whether what is set in the sheet that is shown is run, in words. Pure. */

type Values = readonly (readonly string[])[];

export interface Standing {
  /** What is set in it is run, as far as can be seen. */
  readonly isLive: boolean;
  readonly words: string;
}

const nothingRuns = (why: string): Standing => ({
  isLive: false,
  words: `NOT CONNECTED: ${why}. Nothing that is set here is run.`,
});

/** A copy shows its original's banner until that runs out: here it is known at once that nobody stands behind it. */
export function standingOf({ name, kind }: Pick<SpreadsheetFacts, 'name' | 'kind'>, rundown: Values): Standing {
  if (kind === 'copy') return nothingRuns(`${name} is a copy`);
  if (kind === undefined) return nothingRuns(`no script stands behind ${name}`);
  if (kind === 'control') return { isLive: true, words: 'Live: the control spreadsheet' };
  const [headers = []] = rundown;
  return headers.some((text) => text.startsWith(NOT_CONNECTED))
    ? nothingRuns(`the script has left ${name}`)
    : { isLive: true, words: `Live: what is set in ${name} is run` };
}

/** In words, and below them how its services stand. */
const isConnected = (text: string): boolean => text.split('\n')[0] === CONNECTED;

/** What the cells of a sheet say that is not live: in its first column that it is not. */
export const asNotLive = (values: Values): Values => {
  const [headers = [], ...rows] = values;
  return [headers.map((text) => (isConnected(text) ? NOT_CONNECTED : text)), ...rows];
};
