/** What several doors say in the same words. */

export const NOTHING_RUN = 'Nothing was run.';

/** To a person, who cannot send the same request again. */
export const BUSY = 'Drawbridge has too much to write just now. Ask again in a moment; or use the release sheet.';

export const didYouMean = (meant: string | undefined): string => (meant === undefined ? '' : ` Did you mean ${meant}?`);
