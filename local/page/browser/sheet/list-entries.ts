/** Which entries of a list a person means by what they typed. Pure. */

const plain = (text: string) => text.trim().toLowerCase();

/** Those that have the letters; case and blanks around them do not matter. */
export const matching = (choices: readonly string[], typed: string): string[] =>
  choices.filter((choice) => plain(choice).includes(plain(typed)));

/** The entry that was typed as a whole. */
export const sameEntry = (choices: readonly string[], typed: string): string | undefined =>
  choices.find((choice) => plain(choice) === plain(typed));

/** The entry itself, or the only one that is left: a step is never armed because its word begins like another. */
export function entryFor(choices: readonly string[], typed: string): string | undefined {
  const left = matching(choices, typed);
  return sameEntry(choices, typed) ?? (left.length === 1 && plain(typed) !== '' ? left[0] : undefined);
}
