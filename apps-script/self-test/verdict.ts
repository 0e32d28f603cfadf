import { ROW_TABS, type RowTab, STEP_COLUMNS, STEPS_TAB, type StepId, stepRow, UNDONE } from './steps.ts';

/** From what was seen to what it says of the platform. Pure; what was not seen stays unknown, with the reason. */

/** What one event carried, and where it was. */
export interface HeardEdit {
  readonly tab: string;
  readonly row: number;
  readonly lastRow: number;
  readonly column: number;
  readonly lastColumn: number;
  /** Not there if the event carried none. */
  readonly value?: string;
  /** Blank if it named nobody. */
  readonly user: string;
}

export interface Evidence {
  readonly owner: string;
  readonly heard: readonly HeardEdit[];
  /** The cells under "Here", and whether somebody marked the step as done. */
  readonly steps: Readonly<Record<StepId, { readonly here: string; readonly isDone: boolean }>>;
  /** Column A below the header. */
  readonly rows: Readonly<Record<RowTab, readonly string[]>>;
  /** When the trigger of every minute fired, in milliseconds since the epoch. */
  readonly ticks: readonly number[];
  /** What a cell with `=NOW()` showed at the first ticks; from the middle on it should be computed every minute. */
  readonly shown: readonly string[];
  /** What the script saw without anybody. */
  readonly unattended: Readonly<Partial<Record<UnattendedId, Finding>>>;
  readonly cachedReads: Finding;
}

export type Finding = { readonly saw: boolean | number | string } | { readonly unknown: string };
export const UNATTENDED_IDS = [
  'dateCellReadsAs',
  'scriptWriteObeysValidation',
  'skippedHourReadsAs',
  'repeatedHourReadsAs',
  'semicolonFormulaWorks',
  'commaFormulaWorksInGerman',
  'semicolonFormulaWorksInGerman',
  'openProtectionCoversNewRows',
  'closedProtectionCoversNewRows',
] as const;
export type UnattendedId = (typeof UNATTENDED_IDS)[number];
export type QuestionId =
  | StepId
  | UnattendedId
  | 'readsCachedUntilFlush'
  | 'scriptWriteFiresEdit'
  | 'tickEverySeconds'
  | 'nowChangesByItself'
  | 'nowChangesEveryMinute';

/** Worth knowing, but nothing that the local runtime replays. */
const FACTS: readonly QuestionId[] = [
  'userNamedWithinDomain',
  'triggerFiresForNonViewers',
  'semicolonFormulaWorks',
  'commaFormulaWorksInGerman',
  'semicolonFormulaWorksInGerman',
  'openProtectionCoversNewRows',
  'closedProtectionCoversNewRows',
  'nowChangesByItself',
  'nowChangesEveryMinute',
];

/** So many ticks watch the clock of the sheet without anybody, and as many after it was told to go on every minute. */
export const NOW_TICKS = 3;

export interface Verdict {
  /** As the local runtime replays it. */
  readonly recording: Readonly<Record<string, boolean | number | string>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly unknown: readonly { readonly id: QuestionId; readonly why: string }[];
}

const saw = (value: boolean | number | string): Finding => ({ saw: value });
const unknown = (why: string): Finding => ({ unknown: why });
const NOT_DONE = 'the step is not done';

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

export function verdictOf(evidence: Evidence): Verdict {
  const findings = Object.entries(findingsOf(evidence)) as [QuestionId, Finding][];
  const seen = (wanted: boolean) =>
    Object.fromEntries(
      findings.flatMap(([id, finding]) =>
        'saw' in finding && FACTS.includes(id) === wanted ? [[id, finding.saw]] : [],
      ),
    );
  return {
    recording: seen(false),
    facts: seen(true),
    unknown: findings.flatMap(([id, finding]) => ('unknown' in finding ? [{ id, why: finding.unknown }] : [])),
  };
}

function findingsOf(evidence: Evidence): Record<QuestionId, Finding> {
  const { owner, heard, steps, rows, ticks, shown, unattended, cachedReads } = evidence;
  const at = (id: StepId, column: number) =>
    heard.filter(
      (edit) =>
        edit.tab === STEPS_TAB &&
        edit.row <= stepRow(id) &&
        stepRow(id) <= edit.lastRow &&
        edit.column <= column &&
        column <= edit.lastColumn,
    );
  const ofHere = (id: StepId) => at(id, STEP_COLUMNS.here);
  const ofDone = (id: StepId) => at(id, STEP_COLUMNS.done);

  /** Of one cell that must have come to say something: whether its events carry a value. */
  const carriesValue = (id: StepId, expected: string): Finding => {
    const { here, isDone } = steps[id];
    if (!isDone || here !== expected) return unknown(NOT_DONE);
    if (ofHere(id).length === 0) return unknown('no event of it came');
    return saw(ofHere(id).some(({ value }) => value !== undefined));
  };

  /** That nothing was heard says something only if the trigger was awake: it heard the mark that followed. */
  const isFired = (id: StepId, didHappen: boolean, fired: boolean): Finding => {
    if (!didHappen) return unknown(NOT_DONE);
    if (fired) return saw(true);
    return ofDone(id).length > 0 ? saw(false) : unknown('no event came, not even of "done"');
  };
  const isFiredOn = (id: StepId, tab: RowTab, didHappen: (now: readonly string[]) => boolean): Finding =>
    isFired(id, steps[id].isDone && didHappen(rows[tab]), heardOn(tab));
  const heardOn = (tab: string) => heard.some((edit) => edit.tab === tab);

  function undo(): Finding {
    const { here, isDone } = steps.undoFiresEdit;
    const isTyped = ofHere('undoFiresEdit').some(({ value }) => value === UNDONE);
    const isUndone = isDone && isTyped && here !== UNDONE;
    // An event may come twice: only one that does not tell what was typed can be the undoing.
    return isFired(
      'undoFiresEdit',
      isUndone,
      ofHere('undoFiresEdit').some(({ value }) => value !== UNDONE),
    );
  }

  function protectedInsert(): Finding {
    if (!steps.rowInsertObeysProtection.isDone) return unknown(NOT_DONE);
    const who = ofDone('rowInsertObeysProtection');
    if (who.length === 0) return unknown('no event of "done" came, so it is not known who it was');
    if (who.some(({ user }) => user.toLowerCase() === owner.toLowerCase()))
      return unknown('the owner did it, who may edit everything');
    return saw(rows.Protected.indexOf('b') === ROW_TABS.Protected.indexOf('b'));
  }

  /** Whom the events of a step named, that somebody of the same domain as the owner did, or of another. */
  function namedIn(id: StepId, isSameDomain: boolean): Finding {
    const { here } = steps[id];
    if (!here.includes('@')) return unknown(NOT_DONE);
    if ((domainOf(here.trim()) === domainOf(owner)) !== isSameDomain) {
      return unknown(`the address is of ${isSameDomain ? 'another' : 'the same'} domain`);
    }
    const events = ofHere(id);
    if (events.length === 0) return unknown('no event of it came');
    const named = events.map(({ user }) => user.toLowerCase()).filter((user) => user !== '');
    if (named.some((user) => user !== here.trim().toLowerCase()))
      return unknown('the event names somebody else than the address');
    return saw(named.length > 0);
  }

  function isBlankOutside(): Finding {
    const named = namedIn('userBlankOutsideDomain', false);
    return 'saw' in named ? saw(named.saw === false) : named;
  }

  function firesForNonViewers(): Finding {
    const { here, isDone } = steps.triggerFiresForNonViewers;
    return isFired(
      'triggerFiresForNonViewers',
      isDone && here.includes('@'),
      ofHere('triggerFiresForNonViewers').length > 0,
    );
  }

  const alone = (id: UnattendedId): Finding => unattended[id] ?? unknown('it was not looked at');

  function pasted(): Finding {
    if (!steps.pasteObeysValidation.isDone) return unknown(NOT_DONE);
    return saw(steps.pasteObeysValidation.here === 'choice');
  }

  return {
    pasteCarriesValue: carriesValue('pasteCarriesValue', 'pasted'),
    clearCarriesValue: carriesValue('clearCarriesValue', ''),
    rowInsertFiresEdit: isFiredOn('rowInsertFiresEdit', 'Insert', (now) => now.indexOf('b') > 1),
    rowDeleteFiresEdit: isFiredOn('rowDeleteFiresEdit', 'Delete', (now) => !now.includes('b')),
    sortFiresEdit: isFiredOn('sortFiresEdit', 'Sort', (now) => now.join('') === 'abc'),
    undoFiresEdit: undo(),
    scriptWriteFiresEdit: heard.length > 0 ? saw(heardOn('Alone')) : unknown('no event came at all'),
    readsCachedUntilFlush: cachedReads,
    userNamedWithinDomain: namedIn('userNamedWithinDomain', true),
    triggerFiresForNonViewers: firesForNonViewers(),
    userBlankOutsideDomain: isBlankOutside(),
    dateCellReadsAs: alone('dateCellReadsAs'),
    tickEverySeconds: tickEvery(ticks),
    scriptWriteObeysValidation: alone('scriptWriteObeysValidation'),
    pasteObeysValidation: pasted(),
    rowInsertObeysProtection: protectedInsert(),
    skippedHourReadsAs: alone('skippedHourReadsAs'),
    repeatedHourReadsAs: alone('repeatedHourReadsAs'),
    semicolonFormulaWorks: alone('semicolonFormulaWorks'),
    commaFormulaWorksInGerman: alone('commaFormulaWorksInGerman'),
    semicolonFormulaWorksInGerman: alone('semicolonFormulaWorksInGerman'),
    openProtectionCoversNewRows: alone('openProtectionCoversNewRows'),
    closedProtectionCoversNewRows: alone('closedProtectionCoversNewRows'),
    nowChangesByItself: clockGoesOn(shown.slice(0, NOW_TICKS)),
    nowChangesEveryMinute: clockGoesOn(shown.slice(NOW_TICKS, 2 * NOW_TICKS)),
  };
}

/** Whether `NOW()` showed another time at each tick, with nobody writing anything meanwhile. */
function clockGoesOn(shown: readonly string[]): Finding {
  if (shown.length < NOW_TICKS) return unknown('too few ticks came');
  return saw(new Set(shown).size === shown.length);
}

/** Closer than this, one tick fired twice. */
export const SAME_TICK_MS = 15_000;
const LEAST_GAPS = 3;
/** Ticks drift by seconds: a finer figure would say more than was seen. */
const GRAIN_SECONDS = 5;

function tickEvery(ticks: readonly number[]): Finding {
  const times = [...ticks]
    .sort((a, b) => a - b)
    .filter((at, index, all) => at - (all[index - 1] ?? Number.NEGATIVE_INFINITY) > SAME_TICK_MS);
  const gaps = times
    .slice(1)
    .map((at, index) => at - (times[index] as number))
    .sort((a, b) => a - b);
  const median = gaps[Math.floor(gaps.length / 2)];
  if (median === undefined || gaps.length < LEAST_GAPS)
    return unknown(`the trigger of every minute has fired ${times.length} times; it takes ${LEAST_GAPS + 1}`);
  return saw(Math.max(1, Math.round(median / 1_000 / GRAIN_SECONDS)) * GRAIN_SECONDS);
}
