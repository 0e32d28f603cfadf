import { type Area, columnLetters, toA1 } from './a1.ts';
import { columnsInserted, Painted, rowsDeleted, rowsInserted, type Shift } from './areas.ts';
import type { Protection } from './protection.ts';
import type { Validation } from './validation.ts';

/** How a tab looks, and what it lets people do: everything besides cells and notes. */

/** What can be set of cells; each as the setter of that name takes it. */
export interface Style {
  numberFormat: string;
  background: string;
  fontColor: string;
  fontWeight: string;
  wrap: boolean;
  verticalAlignment: string;
}

export interface ConditionalFormat {
  readonly areas: readonly Area[];
  readonly when: { readonly textEqualTo: string } | { readonly formula: string };
  readonly background?: string;
  readonly fontColor?: string;
  readonly bold?: boolean;
}

type Styles = { readonly [K in keyof Style]: Painted<Style[K]> };

export class Formatting {
  frozenRows = 0;
  frozenColumns = 0;
  tabColor: string | null = null;
  isHidden = false;
  conditionalFormats: readonly ConditionalFormat[] = [];
  protections: readonly Protection[] = [];
  #columnWidths: ReadonlyMap<number, number> = new Map();
  #styles: Styles = {
    numberFormat: new Painted(),
    background: new Painted(),
    fontColor: new Painted(),
    fontWeight: new Painted(),
    wrap: new Painted(),
    verticalAlignment: new Painted(),
  };
  #validations = new Painted<Validation>();

  style<K extends keyof Style>(area: Area, key: K, value: Style[K] | undefined): void {
    this.#styles[key].paint(area, value);
  }

  styleAt<K extends keyof Style>(key: K, row: number, column: number): Style[K] | undefined {
    return this.#styles[key].at(row, column);
  }

  validate(area: Area, rule: Validation | undefined): void {
    this.#validations.paint(area, rule);
  }

  validationAt(row: number, column: number): Validation | undefined {
    return this.#validations.at(row, column);
  }

  widen(column: number, columns: number, widthPx: number): void {
    const widened = Array.from({ length: columns }, (_one, at) => [column + at, widthPx] as const);
    this.#columnWidths = new Map([...this.#columnWidths, ...widened]);
  }

  /** As Sheet.clear: validations, protections, conditional formats and notes stay. */
  clearStyles(area: Area): void {
    for (const key of Object.keys(this.#styles)) this.#styles[key as keyof Style].paint(area, undefined);
  }

  insertRows(before: number, count: number): void {
    this.#move(rowsInserted(before, count));
    if (before <= this.frozenRows) this.frozenRows += count;
  }

  deleteRows(first: number, count: number): void {
    this.#move(rowsDeleted(first, count));
    this.frozenRows -= Math.max(0, Math.min(this.frozenRows, first + count - 1) - first + 1);
  }

  insertColumns(before: number, count: number): void {
    this.#move(columnsInserted(before, count));
    const moved = [...this.#columnWidths].map(([at, width]) => [at >= before ? at + count : at, width] as const);
    this.#columnWidths = new Map(moved);
  }

  copy(): Formatting {
    const { frozenRows, frozenColumns, tabColor, isHidden, conditionalFormats, protections } = this;
    const copy = Object.assign(new Formatting(), {
      ...{ frozenRows, frozenColumns, tabColor, isHidden },
      ...{ conditionalFormats, protections },
    });
    copy.#columnWidths = this.#columnWidths;
    const styles = Object.entries(this.#styles).map(([key, painted]) => [key, painted.copy()]);
    copy.#styles = Object.fromEntries(styles) as Styles;
    copy.#validations = this.#validations.copy();
    return copy;
  }

  /** Everything as plain JSON; ranges in A1. */
  describe() {
    const ranged = <T>(painted: Painted<T>) => painted.list().map(({ area, value }) => ({ range: toA1(area), value }));
    return {
      frozenRows: this.frozenRows,
      frozenColumns: this.frozenColumns,
      tabColor: this.tabColor,
      isHidden: this.isHidden,
      columnWidths: Object.fromEntries([...this.#columnWidths].map(([at, width]) => [columnLetters(at), width])),
      numberFormats: ranged(this.#styles.numberFormat),
      backgrounds: ranged(this.#styles.background),
      fontColors: ranged(this.#styles.fontColor),
      fontWeights: ranged(this.#styles.fontWeight),
      wraps: ranged(this.#styles.wrap),
      verticalAlignments: ranged(this.#styles.verticalAlignment),
      validations: this.#validations.list().map(({ area, value }) => ({ range: toA1(area), ...value })),
      conditionalFormats: this.conditionalFormats.map(({ areas, ...rule }) => ({ ranges: areas.map(toA1), ...rule })),
      protections: this.protections.map(({ id: _id, area, ...rest }) => ({
        /** Null: the whole tab. */
        range: area ? toA1(area) : null,
        ...rest,
      })),
    };
  }

  #move(shift: Shift): void {
    for (const painted of Object.values(this.#styles)) painted.move(shift);
    this.#validations.move(shift);
    const moved = (areas: readonly Area[]) => areas.flatMap((area) => shift(area) ?? []);
    this.conditionalFormats = this.conditionalFormats.flatMap((one) => {
      const areas = moved(one.areas);
      return areas.length > 0 ? [{ ...one, areas }] : [];
    });
    this.protections = this.protections.flatMap((one) => {
      const area = one.area && shift(one.area);
      return one.area && !area ? [] : [{ ...one, area }];
    });
  }
}
