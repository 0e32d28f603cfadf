import { columnLetters } from './a1.ts';

/** What a cell takes: one of a list. Nothing at all always passes. */
export interface Validation {
  readonly choices: readonly string[];
  readonly showDropdown: boolean;
  /** True only warns: Sheets then marks the cell, and keeps what was typed. */
  readonly allowInvalid: boolean;
}

/** The real one's sentence, and what would be right. */
export const violation = ({ choices }: Validation, row: number, column: number): string =>
  `The data you entered in cell ${columnLetters(column)}${row} violates the data validation rules set on this cell. ` +
  `Please enter one of the following values: ${choices.join(', ')}.`;
