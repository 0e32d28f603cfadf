import type { Key } from './table.ts';

/** Keys that more than one file of this folder needs. */

export const servicePk = (service: string): string => `SERVICE#${service}`;

export const EVIDENCE_PREFIX = 'PROOF#';
const EVIDENCE_DIGITS = 8;
export const evidenceKey = (service: string, number: number): Key => ({
  pk: servicePk(service),
  sk: `${EVIDENCE_PREFIX}${String(number).padStart(EVIDENCE_DIGITS, '0')}`,
});

export const operationKey = (id: string): Key => ({ pk: `OPERATION#${id}`, sk: 'OPERATION' });

export const rundownPk = (spreadsheetId: string): string => `RUNDOWN#${spreadsheetId}`;
export const STEP_PREFIX = 'STEP#';
export const stepItemKey = (spreadsheetId: string, stepKey: string): Key => ({
  pk: rundownPk(spreadsheetId),
  sk: `${STEP_PREFIX}${stepKey}`,
});
