/** How a tab looks, as the page draws it: plain JSON, ranges in A1. */

export interface Ranged<T> {
  /** Such as `G3:H4`, or `G2:G` down to the end of the sheet. */
  readonly range: string;
  readonly value: T;
}

export interface TabChoices {
  readonly range: string;
  readonly choices: readonly string[];
  readonly showDropdown: boolean;
  readonly allowInvalid: boolean;
}

/** The first one that applies to a cell decides. */
export interface TabRule {
  readonly ranges: readonly string[];
  readonly when: { readonly textEqualTo: string } | { readonly formula: string };
  readonly background?: string;
  readonly fontColor?: string;
  readonly bold?: boolean;
  /** Of a formula: the cells that it holds for now. */
  readonly holdsAt?: readonly string[];
}

export interface TabFormatting {
  readonly frozenRows: number;
  readonly frozenColumns: number;
  readonly tabColor: string | null;
  readonly isHidden: boolean;
  /** In pixels, by column letters; 100 where nobody said. */
  readonly columnWidths: Readonly<Record<string, number>>;
  readonly backgrounds: readonly Ranged<string>[];
  readonly fontColors: readonly Ranged<string>[];
  readonly fontWeights: readonly Ranged<string>[];
  readonly wraps: readonly Ranged<boolean>[];
  readonly numberFormats: readonly Ranged<string>[];
  readonly validations: readonly TabChoices[];
  readonly conditionalFormats: readonly TabRule[];
  readonly protections: readonly {
    /** Null: the whole tab. */
    readonly range: string | null;
    readonly description: string;
    readonly warningOnly: boolean;
  }[];
  readonly notes: readonly { readonly cell: string; readonly text: string }[];
  /** Of cells such as `M1` whose text a formula makes: that formula. */
  readonly formulas: Readonly<Record<string, string>>;
}
