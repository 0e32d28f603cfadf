import { runSelfTest, tickPassed, wasEdited } from './phases.ts';

/** The globals of the self-test: a script project of its own, which shares nothing with the one that runs release sheets. */

/** For whoever wants to know: begins it, or brings it on. */
export function selfTest(): void {
  runSelfTest();
}

/** Installable onEdit trigger of the scratch sheet, while people do the steps. */
export function onSelfTestEdit(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  if (!event?.range) throw new Error('onSelfTestEdit is called by the trigger of a scratch sheet, not by hand.');
  const { range, source, value, user } = event;
  wasEdited(source, {
    tab: range.getSheet().getName(),
    row: range.getRow(),
    lastRow: range.getLastRow(),
    column: range.getColumn(),
    lastColumn: range.getLastColumn(),
    value,
    user: user?.getEmail() ?? '',
  });
}

/** Time trigger, every minute, when people are done with the steps. */
export function onSelfTestTick(): void {
  tickPassed();
}
