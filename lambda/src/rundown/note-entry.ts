import type { AuditEntry } from '../../../contract/audit.ts';
import type { SheetRecord, StepRecord } from '../model/rundown-record.ts';
import type { Note } from './plan/effects.ts';
import { actionOf } from './plan/row.ts';

/** What happened to a step besides operations, as the audit tells it. Pure. @param index - Several may happen at once. */
export function noteEntry(
  { kind, who, message, plannedAt, isMissed }: Note,
  { key, seen, armed }: StepRecord,
  { spreadsheetId, version }: Pick<SheetRecord, 'spreadsheetId' | 'version'>,
  now: number,
  index: number,
): AuditEntry {
  const action = actionOf(seen.action);
  return {
    service: seen.service,
    revision: 0,
    operationId: armed?.id ?? `${spreadsheetId}-${key}-${version + 1}-${index}`,
    kind,
    ...(action ? { action } : {}),
    by: who,
    source: { kind: 'sheet', spreadsheetId, step: seen.step },
    at: new Date(now).toISOString(),
    message,
    ...(plannedAt ? { plannedAt } : {}),
    ...(isMissed ? { isMissed } : {}),
  };
}
