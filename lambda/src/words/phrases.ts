/** What several doors say in the same words. */

export const NOTHING_RUN = 'Nothing was run.';

export const didYouMean = (meant: string | undefined): string => (meant === undefined ? '' : ` Did you mean ${meant}?`);
