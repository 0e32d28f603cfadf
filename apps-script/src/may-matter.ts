import { actionByTitle } from '../../contract/modes.ts';
import { plainText, statusOf } from '../../contract/status.ts';
import { ALLOWLIST_TAB } from '../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../release-sheet-template/audit.ts';
import { READ_ME_TAB } from '../../release-sheet-template/read-me.ts';
import { SERVICES_TAB } from '../../release-sheet-template/services.ts';
import { HEARTBEAT_TAB } from '../../release-sheet-template/tab.ts';

/**
 * What an edit can be about, from its place and what was typed alone: most edits of a release night are notes, and must
 * cost nothing. Pure.
 */

export interface Edit {
  readonly tabName: string;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Zero-based. */
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** Blank if the event names nobody. */
  readonly user: string;
  /** Only of a single cell, and not always then. */
  readonly typed?: string;
}

export type About =
  | 'nothing'
  /** Row 1, whatever tab it is of. */
  | 'headers'
  /** A Status or a plan, if the tab is a rundown. */
  | 'steps'
  /** *Do now*, if the column is. */
  | 'picks'
  /** What the next minute should look at. */
  | 'board';

export function aboutOf(edit: Edit): About {
  switch (edit.tabName) {
    case READ_ME_TAB.name:
    case HEARTBEAT_TAB:
      return 'nothing';
    case ALLOWLIST_TAB.name:
    case AUDIT_TAB.name:
      return 'board';
    case SERVICES_TAB.name:
      return edit.typed === undefined || isAction(edit.typed) ? 'picks' : 'board';
    default:
      if (edit.firstRow === 1 && edit.lastRow === 1) return 'headers';
      return edit.typed === undefined || mayBeOfStep(edit.typed) ? 'steps' : 'nothing';
  }
}

const isAction = (text: string): boolean => actionByTitle(plainText(text)) !== undefined;

/** As services are called; a title with blanks in it waits for the next minute. */
const SERVICE_NAME = /^[a-z][a-z0-9-]{0,39}$/i;
/** Numbers, dates and times, in whatever form: they begin with a digit. */
const BEGINS_WITH_DIGIT = /^[+-]?\d/;

function mayBeOfStep(typed: string): boolean {
  const text = plainText(typed);
  return (
    text === '' ||
    statusOf(text) !== undefined ||
    isAction(text) ||
    SERVICE_NAME.test(text) ||
    BEGINS_WITH_DIGIT.test(text)
  );
}
