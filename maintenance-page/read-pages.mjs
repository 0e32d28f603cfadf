import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

/** What is in this folder, as small as it goes: WAF counts every byte. */
/** @returns {Promise<{ html: string, json: string, sentences: unknown }>} */
export async function readPages() {
  const read = (name) => readFile(new URL(name, import.meta.url), 'utf8');
  return {
    html: await minify(await read('page.html')),
    json: await read('api.json'),
    sentences: parse(await read('sentences.json')),
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`maintenance-page/sentences.json is not JSON: ${error.message}`);
  }
}

/** Tags that HTML implies. */
const IMPLIED = /<\/?(head|body)>|<\/html>/g;

/** Line breaks between tags go, those inside text become one; so what must stay apart stands on one line. */
async function minify(html) {
  let text = html.replace(/<!--.*?-->/gs, '');
  for (const [, open, inside, loader] of text.matchAll(/(<(?:style|script)>)(.*?)<\/(style|script)>/gs)) {
    const isStyle = loader === 'style';
    const as = isStyle ? { loader: 'css' } : { loader: 'js', format: 'iife' };
    const { code } = await transform(inside, { ...as, minify: true, target: 'es2020' });
    text = text.replace(`${open}${inside}`, () => `${open}${code.trim()}`);
  }
  return text
    .replace(IMPLIED, '')
    .replace(/\s*\n\s*/g, '\n')
    .replaceAll('>\n<', '><')
    .trim();
}
