import { SILENCE_MS } from '../../../contract/timing.ts';
import type { Counts } from '../notify/metrics.ts';
import type { Notify } from '../notify/sns.ts';
import type { ArmedStep, RundownStore, WaitingSheet } from '../store/rundowns.ts';
import { ticksStoppedNotice } from '../words/notice-words.ts';

/** A sheet with armed steps whose script is not heard of any more. */

export interface SilentSheetsDependencies {
  readonly environment: string;
  readonly rundowns: RundownStore;
  readonly notify: Notify;
  now(): number;
}

/** A sheet whose next step is further away is synced once an hour. */
const NEAR_MS = 60 * 60_000;
const RESTING_SILENCE_MS = 75 * 60_000;
/** A sheet that was thrown away with armed steps in it is not a worry for ever. */
const FORGET_MS = 24 * 60 * 60_000;

/** Calls people once for each sheet that has fallen silent. Two reads on a quiet minute. */
export async function reportSilentSheets(deps: SilentSheetsDependencies): Promise<Counts> {
  const [waiting, toldAfter] = await Promise.all([deps.rundowns.waiting(), deps.rundowns.toldSilentAfter()]);
  const silent = waiting.filter((sheet) => isSilent(sheet, deps.now()));
  for (const sheet of silent) {
    if (toldAfter.get(sheet.spreadsheetId) === sheet.heardAt) continue;
    await deps.notify(ticksStoppedNotice(deps.environment, sheet, openSteps(sheet, deps.now())));
    await deps.rundowns.markSilent(sheet);
  }
  return { TicksStopped: silent.length };
}

const openSteps = ({ armed }: WaitingSheet, now: number): ArmedStep[] =>
  armed.filter(({ plannedStart }) => Date.parse(plannedStart) > now - FORGET_MS);

function isSilent(sheet: WaitingSheet, now: number): boolean {
  const steps = openSteps(sheet, now);
  const isNear = steps.some(({ plannedStart }) => Date.parse(plannedStart) - now < NEAR_MS);
  const silence = now - Date.parse(sheet.heardAt);
  return steps.length > 0 && silence > (isNear ? SILENCE_MS : RESTING_SILENCE_MS);
}
