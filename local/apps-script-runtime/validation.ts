import { type Area, columnLetters } from './a1.ts';

/** What a cell takes: one of a list, or of what a range shows. Nothing at all always passes. */
export interface Validation {
  readonly source:
    | { readonly kind: 'list'; readonly values: readonly string[] }
    | { readonly kind: 'range'; readonly sheetId: number; readonly area: Area };
  readonly showDropdown: boolean;
  /** True only warns: Sheets then marks the cell, and keeps what was typed. */
  readonly allowInvalid: boolean;
  readonly helpText?: string;
}

/** The real one's sentence, then the rule's own help, else what would be right. */
export function violation(rule: Validation, row: number, column: number, choices: readonly string[]): string {
  const help = rule.helpText ?? `Please enter one of the following values: ${choices.join(', ')}.`;
  return `The data you entered in cell ${columnLetters(column)}${row} violates the data validation rules set on this cell. ${help}`;
}
