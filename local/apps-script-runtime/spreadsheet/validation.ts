import { columnLetters } from './a1.ts';

/** What a cell takes: one of a list. Nothing at all always passes. */
export interface Validation {
  readonly choices: readonly string[];
  readonly showDropdown: boolean;
  /** True only warns: Sheets then marks the cell, and keeps what was typed. */
  readonly allowInvalid: boolean;
}

/** The entry that this text means: case and blanks around it do not matter. */
export function entryOf({ choices }: Pick<Validation, 'choices'>, text: string): string | undefined {
  const plain = (one: string) => one.trim().toLowerCase();
  return choices.find((choice) => choice === text) ?? choices.find((choice) => plain(choice) === plain(text));
}

/** The real one's sentence, and what would be right. */
export const violation = ({ choices }: Validation, row: number, column: number): string =>
  `The data you entered in cell ${columnLetters(column)}${row} violates the data validation rules set on this cell. ` +
  `Please enter one of the following values: ${choices.join(', ')}.`;
