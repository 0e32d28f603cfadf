/** The words that tabs are described in. */

export interface ColumnTemplate {
  readonly header: string;
  /** In pixels, as Sheets counts. */
  readonly width: number;
  /** Who writes it: people, or the script (then people are warned). */
  readonly writer: 'people' | 'script';
  /** What a person may pick; other values are refused when typed. */
  readonly choices?: readonly string[];
  /** Picked from what the connections know, as it is when the template is applied. */
  readonly choicesFrom?: 'services';
  /** Only operators may write it. */
  readonly operatorsOnly?: boolean;
  /** A point in time in the sheet's zone. */
  readonly isTime?: boolean;
  /** Sentences: they wrap. */
  readonly isLong?: boolean;
  /** It may be otherwise by now when the time in `staleAfter` has passed. */
  readonly growsOld?: boolean;
  /** What the header says when one points at it. */
  readonly note?: string;
}

export interface ColourRule {
  readonly header: string;
  readonly text: string;
  /** The text begins so, and goes on with what is different each time. */
  readonly isBeginning?: boolean;
  readonly background: string;
  readonly colour: string;
}

export interface TabTemplate {
  readonly name: string;
  /** The tab's own colour. */
  readonly colour?: string;
  readonly columns: readonly ColumnTemplate[];
  /** Cells whose text is exactly this, or begins so, get these colours; the first that fits decides. */
  readonly colours?: readonly ColourRule[];
  /**
   * A first column of its own, frozen, whose header says by formula whether a script stands behind the sheet: everybody who looks
   * at a row, on a phone too, reads it there.
   */
  readonly hasBanner?: boolean;
  /** The column with the time after which a row is too old to count on: it turns grey then, by formula. */
  readonly staleAfter?: string;
  /** Below the header, when the tab is made. */
  readonly rows?: readonly (readonly string[])[];
}

/** How times are shown; as people write them in a rundown. */
export const TIME_FORMAT = 'yyyy-mm-dd hh:mm';
/** What the script writes happened at a second. */
export const EXACT_TIME_FORMAT = 'yyyy-mm-dd hh:mm:ss';

export const timeFormatOf = ({ writer }: Pick<ColumnTemplate, 'writer'>): string =>
  writer === 'script' ? EXACT_TIME_FORMAT : TIME_FORMAT;

/**
 * Tells in every release sheet whether a script stands behind it. In a copy nobody moves the time on, so the formula turns
 * by itself, with no script alive.
 */
export const HEARTBEAT_TAB = 'Drawbridge';
export const HEARTBEAT = { until: 'B1', spreadsheet: 'B2', version: 'B3', boards: 'B4' } as const;
export const HEARTBEAT_LABELS = ['Connected until', 'Made for', 'Template version', 'Boards good until'] as const;
export const CONNECTED = 'Connected';
export const NOT_CONNECTED = 'NOT CONNECTED: nothing set here is run';
export const OUT_OF_DATE = 'OUT OF DATE: what is grey may be otherwise by now';
/** Words that a banner may show. */
export const BANNER_WORDS = [CONNECTED, NOT_CONNECTED, OUT_OF_DATE] as const;
export const BANNER_WIDTH = 110;

/** Sheets takes `;` in formulas whatever the sheet's locale is; a workbook file holds `,`. */
type Separator = ';' | ',';

const absolute = (cell: string): string => `${HEARTBEAT_TAB}!${cell.replace(/^([A-Z]+)(\d+)$/, '$$$1$$$2')}`;

/** A board says also that what it shows is too old. */
export function bannerFormula({ staleAfter }: Pick<TabTemplate, 'staleAfter'>, separator: Separator): string {
  const call = (name: string, ...args: string[]) => `${name}(${args.join(separator)})`;
  const isOver = (cell: string) => `NOW()>${absolute(cell)}`;
  const board = absolute(HEARTBEAT.boards);
  const isOld = call('AND', `${board}<>""`, isOver(HEARTBEAT.boards));
  const connected =
    staleAfter === undefined ? `"${CONNECTED}"` : call('IF', isOld, `"${OUT_OF_DATE}"`, `"${CONNECTED}"`);
  return `=${call('IF', isOver(HEARTBEAT.until), `"${NOT_CONNECTED}"`, connected)}`;
}

export const STALE_COLOURS = { background: '#dadce0', text: '#3c4043' } as const;
/** Both shades are readable (WCAG AA). */
export const BANNER_COLOURS = { connected: '#0d652d', notConnected: '#c5221f' } as const;
