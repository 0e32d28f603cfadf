import { titleOf } from '../config/names.ts';
import type { ServiceConfig } from '../config/schema.ts';

/** All states of the maintenance page beside each other, as files that a browser opens without a server. */

export interface Preview {
  readonly state: string;
  readonly links: string;
  /** As WAF would send it. */
  readonly html: string;
}

/** @returns File names and what is in them; `index.html` shows the others. */
export function galleryOf(
  service: Pick<ServiceConfig, 'name' | 'title'>,
  languages: readonly string[],
  previews: readonly Preview[],
): ReadonlyMap<string, string> {
  const pages = previews.flatMap((preview) => [
    { preview, language: 'no script', file: fileOf(preview, 'no-script'), html: withoutScript(preview.html) },
    ...languages.map((language) => ({
      preview,
      language,
      file: fileOf(preview, language),
      html: inLanguage(preview.html, language),
    })),
  ]);
  const rows = ['no script', ...languages].map((language) => {
    const figures = pages.filter((one) => one.language === language).map(figureOf);
    return `<h2>${language}</h2><div class="row">${figures.join('')}</div>`;
  });
  return new Map([['index.html', index(titleOf(service), rows)], ...pages.map((one) => [one.file, one.html] as const)]);
}

const fileOf = ({ state, links }: Preview, language: string): string =>
  `${[language, state, links].join('-').replaceAll(' ', '-')}.html`;

/** As for a reader whose browser asks for this language. What it reads first stands before. */
const inLanguage = (html: string, language: string): string =>
  html.replace(
    '<script>',
    () => `<script>Object.defineProperty(navigator, 'languages', { value: ['${language}'] })</script><script>`,
  );

const withoutScript = (html: string): string => html.replace(/<script>.*?<\/script>/gs, '');

const figureOf = ({ preview, file }: { preview: Preview; file: string }): string =>
  `<figure><iframe src="${file}" title="${file}"></iframe>` +
  `<figcaption><a href="${file}">${preview.state}, ${preview.links}</a></figcaption></figure>`;

const index = (title: string, rows: readonly string[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Maintenance page</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 1.5rem }
.row { display: flex; gap: 1rem; overflow-x: auto }
figure { margin: 0 0 1rem }
iframe { width: 360px; height: 560px; border: 1px solid #8888; border-radius: 8px }
</style>
<h1>Maintenance page of ${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</h1>
<p>In each language as in the browser of a reader who asks for it; light or dark as yours is.</p>
${rows.join('\n')}
</html>
`;
