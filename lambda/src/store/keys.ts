import type { Key } from './table.ts';

/** Keys that more than one file of this folder needs. */
export const rundownPk = (spreadsheetId: string): string => `RUNDOWN#${spreadsheetId}`;
export const STEP_PREFIX = 'STEP#';
export const stepItemKey = (spreadsheetId: string, stepKey: string): Key => ({
  pk: rundownPk(spreadsheetId),
  sk: `${STEP_PREFIX}${stepKey}`,
});
