/**
 * What only a person can do to a sheet, for `selfTest()`: each step shows one thing that the documentation leaves open.
 * The ids are those of local/apps-script-runtime/quirks.ts, where that replays them. Data only.
 */

export const STEPS_TAB = 'Steps';
/** Rows below a header, in column A. */
export const ROW_TABS = {
  Insert: ['a', 'b', 'c'],
  Delete: ['a', 'b', 'c'],
  Sort: ['c', 'a', 'b'],
  Protected: ['a', 'b', 'c'],
} as const;
export type RowTab = keyof typeof ROW_TABS;
/** Where the script writes by itself. */
export const SCRIPTS_OWN_TAB = 'Alone';

/** From 1. */
export const STEP_COLUMNS = { text: 1, copy: 2, here: 3, done: 4 } as const;
export const STEP_HEADERS = ['Do this', 'Copy this', 'Here', 'Then type done here'] as const;
export const FIRST_STEP_ROW = 2;

export interface Step {
  readonly text: string;
  /** What is to be copied. */
  readonly copy?: string;
  /** What stands in the cell before. */
  readonly here?: string;
  /** What the cell lets in; anything else is rejected. */
  readonly choices?: readonly string[];
}

export const UNDONE = 'typed';

/** Each is known by the quirk that it shows. */
export const STEPS = {
  pasteCarriesValue: {
    text: 'Copy the cell under "Copy this" and paste it into the cell under "Here", with Ctrl+C and Ctrl+V.',
    copy: 'pasted',
  },
  clearCarriesValue: { text: 'Select the cell under "Here" and press Delete.', here: 'clear me' },
  undoFiresEdit: {
    text: `Type the word ${UNDONE} over the cell under "Here", press Enter, and undo it at once with Ctrl+Z.`,
    here: 'before',
  },
  pasteObeysValidation: {
    text: 'Copy the cell under "Copy this" and paste it into the cell under "Here". It may be refused: that is an answer.',
    copy: 'no choice',
    here: 'choice',
    choices: ['choice'],
  },
  rowInsertFiresEdit: { text: 'Open the tab Insert, and insert one row above the row of b.' },
  rowDeleteFiresEdit: { text: 'Open the tab Delete, and delete the row of b.' },
  sortFiresEdit: { text: 'Open the tab Sort, and sort the whole sheet by column A, from A to Z.' },
  rowInsertObeysProtection: {
    text:
      'Somebody who does not own this sheet: open the tab Protected, and try to insert one row above the row of b. ' +
      'It may be refused: that is an answer.',
  },
  userNamedWithinDomain: {
    text:
      'A colleague of the same domain as the owner of this sheet, who may open the script: type your own address into the ' +
      'cell under "Here".',
  },
  triggerFiresForNonViewers: {
    text:
      'A colleague who may edit this sheet and may not open the script: type your own address into the cell under "Here". ' +
      'Let somebody who may open the script type done.',
  },
  userBlankOutsideDomain: {
    text: 'Somebody of another domain than the owner of this sheet: type your own address into the cell under "Here".',
  },
} as const satisfies Readonly<Record<string, Step>>;
export type StepId = keyof typeof STEPS;

export const STEP_IDS = Object.keys(STEPS) as readonly StepId[];
export const stepRow = (id: StepId): number => FIRST_STEP_ROW + STEP_IDS.indexOf(id);
export const WATCHED_TABS: readonly string[] = [STEPS_TAB, SCRIPTS_OWN_TAB, ...Object.keys(ROW_TABS)];
