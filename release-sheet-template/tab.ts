import { UNSURE_WORD } from '../lambda/src/words/service-words.ts';

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
  /** Only in rows where another column begins so; these rules come first. */
  readonly where?: { readonly header: string; readonly begins: string };
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
  /** Its banner says also how the services of this sheet stand now, and which step is next. */
  readonly tellsNow?: boolean;
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
export const HEARTBEAT = {
  until: 'B1',
  spreadsheet: 'B2',
  version: 'B3',
  boards: 'B4',
  now: 'B5',
  nextStep: 'B6',
  nextAt: 'B7',
} as const;
export const HEARTBEAT_LABELS = [
  'Connected until',
  'Made for',
  'Template version',
  'Boards good until',
  'Now',
  'Next step',
  'Next step at',
] as const;
export const CONNECTED = 'Connected';
export const NOT_CONNECTED = 'NOT CONNECTED: nothing set here is run';
export const OUT_OF_DATE = 'OUT OF DATE: what is grey may be otherwise by now';
/** How the words begin that a banner may show. */
const BANNER_WORDS = [CONNECTED, NOT_CONNECTED, OUT_OF_DATE] as const;
export const isBanner = (text: string): boolean =>
  BANNER_WORDS.some((words) => text.trim().toLowerCase().startsWith(words.toLowerCase()));
export const BANNER_WIDTH = 118;

/** Sheets takes `;` in formulas whatever the sheet's locale is; a workbook file holds `,`. */
type Separator = ';' | ',';

const absolute = (cell: string): string => `${HEARTBEAT_TAB}!${cell.replace(/^([A-Z]+)(\d+)$/, '$$$1$$$2')}`;

/** A board says also that what it shows is too old; a rundown, how its services stand and what is next. */
export function bannerFormula(
  { staleAfter, tellsNow }: Pick<TabTemplate, 'staleAfter' | 'tellsNow'>,
  separator: Separator,
): string {
  const call = (name: string, ...args: string[]) => `${name}(${args.join(separator)})`;
  const isOver = (cell: string) => `NOW()>${absolute(cell)}`;
  const board = absolute(HEARTBEAT.boards);
  const isOld = call('AND', `${board}<>""`, isOver(HEARTBEAT.boards));
  const plain = tellsNow ? `"${CONNECTED}"${nowFormula(call)}` : `"${CONNECTED}"`;
  const connected = staleAfter === undefined ? plain : call('IF', isOld, `"${OUT_OF_DATE}"`, plain);
  return `=${call('IF', isOver(HEARTBEAT.until), `"${NOT_CONNECTED}"`, connected)}`;
}

/** A line for each service; and the next step, which the sheet counts down to by itself. */
function nowFormula(call: (name: string, ...args: string[]) => string): string {
  const [now, step, at] = [HEARTBEAT.now, HEARTBEAT.nextStep, HEARTBEAT.nextAt].map(absolute) as [
    string,
    string,
    string,
  ];
  const line = (text: string) => `${call('CHAR', '10')}&${text}`;
  const minutes = call('ROUND', `(${at}-NOW())*1440`, '0');
  const when = call('IF', `${minutes}<0`, `-${minutes}&" min late"`, `"in "&${minutes}&" min"`);
  const services = call('IF', `${now}=""`, '""', line(now));
  const next = call('IF', `${at}=""`, '""', line(`"Step "&${step}&" "&${when}`));
  return `&${services}&${next}`;
}

/** What a rule with a second column asks. @param placeOf - The first cell of a column, `$H2`. */
export function ruleFormula(
  { header, text, isBeginning, where }: ColourRule,
  placeOf: (header: string) => string,
  separator: Separator,
): string {
  const begin = (place: string, words: string) => `LEFT(${place}${separator}${words.length})="${words}"`;
  const own = isBeginning ? begin(placeOf(header), text) : `${placeOf(header)}="${text}"`;
  if (!where) return `=${own}`;
  return `=AND(${own}${separator}${begin(placeOf(where.header), where.begins)})`;
}

/** In a banner that does not say Connected. */
export const alarmFormula = (cell: string, separator: Separator): string =>
  `=LEFT(${cell}${separator}${CONNECTED.length})<>"${CONNECTED}"`;

/** In a banner that says of a service that it is in doubt. */
export const doubtFormula = (cell: string, separator: Separator): string =>
  `=SUBSTITUTE(${cell}${separator}"${UNSURE_WORD}"${separator}"")<>${cell}`;

/** As the Status of a row in doubt. */
export const DOUBT_COLOURS = { background: '#f9ab00', text: '#202124' } as const;
export const STALE_COLOURS = { background: '#dadce0', text: '#3c4043' } as const;
/** Both shades are readable (WCAG AA). */
export const BANNER_COLOURS = { connected: '#0d652d', notConnected: '#c5221f' } as const;
