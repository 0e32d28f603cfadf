import { BANNER_COLOURS, STALE_COLOURS } from '../../../../release-sheet-template/tab.ts';
import { type Area, parseA1 } from '../../../apps-script-runtime/spreadsheet/a1.ts';
import { columnLetters } from '../../a1.ts';
import type { Ranged, TabFormatting, TabRule } from '../../tab-formatting.ts';

/** A tab's looks by its cells: what both views draw from. Rows and columns count from 1. Pure. */

export interface Paint {
  readonly background?: string;
  readonly fontColor?: string;
  readonly bold?: boolean;
}

export interface CellFormatting extends Paint {
  /** A conditional format says so now: an alarm, and the same by day and by night. */
  readonly isConditional: boolean;
  readonly wraps: boolean;
}

export interface TextRule extends Paint {
  readonly areas: readonly Area[];
  readonly text: string;
}

export interface Formatting {
  readonly frozenRows: number;
  readonly frozenColumns: number;
  /** Differs when the sheet must be drawn anew: not by what formulas say at this moment. */
  readonly structure: string;
  readonly textRules: readonly TextRule[];
  readonly choices: readonly { readonly area: Area; readonly choices: readonly string[] }[];
  widthPx(column: number): number;
  /** Without the rules that go by the cell's own text. */
  cell(row: number, column: number): CellFormatting;
  /** What a cell that says this looks like by those rules. */
  ofText(row: number, column: number, text: string): Paint | undefined;
  /** What another column makes of what is picked there: it comes before the colours of its text. */
  chipOf(row: number, column: number): Paint | undefined;
  /** What can be picked there; undefined if it is typed. */
  choicesAt(row: number, column: number): readonly string[] | undefined;
  /** The script writes it: people may, and are warned. */
  isWarned(row: number, column: number): boolean;
  /** It holds a date with a time. */
  isTime(row: number, column: number): boolean;
  /** A formula makes its text. */
  isComputed(row: number, column: number): boolean;
  /** That formula; undefined if there is none. */
  formulaAt(row: number, column: number): string | undefined;
  /** What the cell says when one points at it. */
  noteAt(row: number, column: number): string;
}

/** As Sheets has it. */
const USUAL_WIDTH_PX = 100;

const covers = ({ row, column, rows, columns }: Area, atRow: number, atColumn: number): boolean =>
  atRow >= row && atRow < row + rows && atColumn >= column && atColumn < column + columns;

type Finder<T> = (row: number, column: number) => T | undefined;

function finder<T>(ranged: readonly Ranged<T>[]): Finder<T> {
  const areas = ranged.map(({ range, value }) => ({ area: parseA1(range), value }));
  return (row, column) => areas.find(({ area }) => covers(area, row, column))?.value;
}

const paintOf = ({ background, fontColor, bold }: Paint): Paint => ({ background, fontColor, bold });

/** In a sheet that nobody stands behind nothing looks as if it had been done, and a Go is an alarm. */
const NOT_LIVE = { background: BANNER_COLOURS.notConnected, fontColor: '#ffffff' };
const IDLE = { background: STALE_COLOURS.background, fontColor: STALE_COLOURS.text };
const SET_BY_PEOPLE = ['Go', 'Scheduled'];

const asNotLive = (rule: TextRule): TextRule => ({ ...rule, ...(SET_BY_PEOPLE.includes(rule.text) ? NOT_LIVE : IDLE) });

export function readFormatting(told: TabFormatting, isLive = true): Formatting {
  const background = finder(told.backgrounds);
  const fontColor = finder(told.fontColors);
  const fontWeight = finder(told.fontWeights);
  const wraps = finder(told.wraps);
  const numberFormat = finder(told.numberFormats);
  const held = heldBy(told.conditionalFormats);
  const rulesByText = textRulesOf(told.conditionalFormats);
  const textRules = isLive ? rulesByText : rulesByText.map(asNotLive);
  const choices = told.validations
    .filter(({ showDropdown }) => showDropdown)
    .map(({ range, choices }) => ({ area: parseA1(range), choices }));
  const warned = told.protections
    .filter(({ warningOnly, range }) => warningOnly && range !== null)
    .map(({ range, description }) => ({ area: parseA1(range as string), description }));
  const {
    frozenRows,
    frozenColumns,
    columnWidths,
    formulas,
    protections: _protections,
    tabColor: _colour,
    ...rest
  } = told;
  const drawn = { ...rest, formulas: Object.keys(formulas) };
  const rules = told.conditionalFormats.map(({ holdsAt: _holdsAt, ...rule }) => rule);

  /** A list shows its entry as a chip, which has its own colours. */
  const isChip = (row: number, column: number) => choices.some(({ area }) => covers(area, row, column));
  const ruleAt = (row: number, column: number): Paint | undefined => {
    if (isLive) return held(row, column);
    return row === 1 ? NOT_LIVE : isChip(row, column) ? undefined : held(row, column);
  };

  return {
    frozenRows,
    frozenColumns,
    structure: JSON.stringify([
      { ...drawn, frozenRows, frozenColumns, columnWidths, conditionalFormats: rules },
      warned,
      isLive,
    ]),
    textRules,
    choices,
    widthPx: (column) => columnWidths[columnLetters(column)] ?? USUAL_WIDTH_PX,
    cell(row, column) {
      const rule = ruleAt(row, column);
      const base = {
        background: background(row, column),
        fontColor: fontColor(row, column),
        bold: fontWeight(row, column) === 'bold',
      };
      const painted = rule ? { ...base, ...definedOf(paintOf(rule)) } : base;
      const shape = { wraps: wraps(row, column) ?? false };
      return { ...painted, ...shape, isConditional: rule !== undefined };
    },
    ofText(row, column, text) {
      const rule = textRules.find((one) => one.text === text && one.areas.some((area) => covers(area, row, column)));
      return rule && paintOf(rule);
    },
    chipOf: (row, column) => {
      const rule = isLive && isChip(row, column) ? held(row, column) : undefined;
      return rule && paintOf(rule);
    },
    choicesAt: (row, column) => choices.find(({ area }) => covers(area, row, column))?.choices,
    isWarned: (row, column) => warned.some(({ area }) => covers(area, row, column)),
    isTime: (row, column) => /h/i.test(numberFormat(row, column) ?? ''),
    isComputed: (row, column) => formulas[`${columnLetters(column)}${row}`] !== undefined,
    formulaAt: (row, column) => formulas[`${columnLetters(column)}${row}`],
    noteAt: (row, column) => told.notes.find(({ cell }) => cell === `${columnLetters(column)}${row}`)?.text ?? '',
  };
}

const definedOf = (paint: Paint): Paint =>
  Object.fromEntries(Object.entries(paint).filter(([, value]) => value !== undefined));

/** The first rule whose formula holds for the cell. */
function heldBy(rules: readonly TabRule[]): Finder<TabRule> {
  const held = rules.flatMap((rule) => (rule.holdsAt ? [{ rule, cells: new Set(rule.holdsAt) }] : []));
  return (row, column) => held.find(({ cells }) => cells.has(`${columnLetters(column)}${row}`))?.rule;
}

const textRulesOf = (rules: readonly TabRule[]): TextRule[] =>
  rules.flatMap((rule) =>
    'textEqualTo' in rule.when
      ? [{ ...paintOf(rule), areas: rule.ranges.map(parseA1), text: rule.when.textEqualTo }]
      : [],
  );
