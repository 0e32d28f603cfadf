import * as z from 'zod/mini';

/** What the maintenance page says, by language: maintenance-page/sentences.json. */

const PLACEHOLDER = /\{[^{}]*\}/g;

/** The page fills in these and no others; `{time}` only once. */
const sentence = (...placeholders: string[]) =>
  z
    .string()
    .check(
      z.refine(
        (text) => text.trim() !== '' && (text.match(PLACEHOLDER) ?? []).join() === placeholders.join(),
        placeholders.length === 0
          ? 'It must be a sentence without {…}.'
          : `It must be a sentence that has ${placeholders.join(' and ')} once, and no other {…}.`,
      ),
    );

const ofOneLanguage = z.strictObject({
  heading: sentence('{title}'),
  /** How the time stands in it is the reader's language's. */
  planned: sentence('{time}'),
  noPlan: sentence(),
  overdue: sentence(),
  /** Only where scripts run: the page does so by itself. */
  retry: sentence(),
  status: sentence(),
  contact: sentence(),
});

export const sentencesSchema = z
  .catchall(
    z.object({
      /** The language of the page where no script runs: then nobody tries again but the reader. */
      en: z.extend(ofOneLanguage, { later: sentence() }),
    }),
    ofOneLanguage,
  )
  .check(
    z.refine(
      (all) => Object.keys(all).every((tag) => /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag)),
      'Its languages must be named as browsers name them, such as de or pt-BR.',
    ),
  );

export type Sentences = z.output<typeof sentencesSchema>;
