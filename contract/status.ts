/** The states of a step as the sheet shows them. People set Planned, Scheduled, Go and Skipped; Drawbridge sets the others. */
export const STATUSES = [
  'Planned',
  'Scheduled',
  'Go',
  'Running',
  'Done',
  'Accepted',
  'Unproven',
  'Failed',
  'Skipped',
] as const;
export type Status = (typeof STATUSES)[number];

/** It came to all that it can come to: proven, or accepted where the config says that nobody proves it. */
export const REACHED = ['Done', 'Accepted'] as const satisfies readonly Status[];
export const isReached = (status: string): boolean => REACHED.some((word) => word === status);

/** How the Result of some rows begins, by which the sheet colours their Status. */
export const BEGINS = {
  /** It was reached, and is not so any more: its service was set anew since. */
  past: 'Until ',
  /** Overtaken by another step: nothing is wrong. */
  superseded: 'Superseded',
} as const;

/** Letters of other alphabets that look like the ones in our words: pasted from chats and slides. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  і: 'i',
  к: 'k',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  ԁ: 'd',
  ց: 'g',
  ɡ: 'g',
  ο: 'o',
  α: 'a',
  ν: 'v',
  ι: 'i',
  κ: 'k',
  ρ: 'p',
};

/**
 * A cell's text as it is meant: full-width and look-alike letters, letters without a width, case and blanks do not matter.
 * Only for comparing: what people see is never rewritten to it.
 */
export function plainText(text: string): string {
  const letters = text.normalize('NFKC').replace(/\p{Cf}|\p{Mn}/gu, '');
  return [...letters.toLowerCase()]
    .map((letter) => LOOKALIKES[letter] ?? letter)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

/** How a word ends in a chat: `Go!`. A question is none. */
const ENDING = /[\s.!]+$/;

/** @returns undefined if it is none of these words. */
export function statusOf(text: string): Status | undefined {
  const wanted = plainText(text).replace(ENDING, '');
  return STATUSES.find((status) => status.toLowerCase() === wanted);
}
