import { plainText } from '../../../../contract/status.ts';
import { AUTHORITY_MS } from '../../../../contract/sync.ts';
import type { PlanContext } from './effects.ts';
import { isPick, type Row } from './row.ts';

/** Who did what: only an edit event that covered a cell tells that. Pure. */

/** The event, if it covered that of this row. */
const covering = ({ edit }: PlanContext, row: Row, what: 'coversStatus' | 'coversPlan') =>
  edit?.[what] && edit.tab === row.tab && edit.rows.includes(row.row) ? edit : undefined;

/** The event covered the Status of this row, or its *Do now*. */
export const coversStatus = (context: PlanContext, row: Row): boolean =>
  covering(context, row, 'coversStatus') !== undefined;

/** The event covered the plan of this row: its step, time, service or action. */
export const coversPlan = (context: PlanContext, row: Row): boolean =>
  covering(context, row, 'coversPlan') !== undefined;

/** A person who typed something else than what stands there now did not set it. */
export function isTheirs(context: PlanContext, row: Row): boolean {
  const edit = covering(context, row, 'coversStatus');
  if (!edit) return false;
  const { typed } = edit;
  return typed === undefined || plainText(typed) === plainText(isPick(row) ? row.action : row.status);
}

/** Whom Google named; blank for nobody, and for the account that the script runs as. */
export function personOf({ edit, controller }: PlanContext): string {
  const by = (edit?.by ?? '').trim();
  return by.toLowerCase() === controller.trim().toLowerCase() ? '' : by;
}

/** A Go is somebody's for two minutes. */
export const isTooLate = ({ edit, now }: PlanContext): boolean =>
  edit !== undefined && now - Date.parse(edit.seenAt) > AUTHORITY_MS;
