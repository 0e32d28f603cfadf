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

const INLINE = {
  '<style>': { loader: 'css' },
  '<script>': { loader: 'js', format: 'iife' },
};

async function minify(html) {
  const parts = html.replace(/<!--.*?-->/gs, '').split(/(?<=<(?:style|script)>)|(?=<\/(?:style|script)>)/);
  const small = parts.map(async (part, index) => {
    const [, opened] = /(<\w+>)$/.exec(parts[index - 1] ?? '') ?? [];
    const inline = INLINE[opened];
    if (!inline) return minifyMarkup(part);
    const { code } = await transform(part, { ...inline, minify: true, target: 'es2020' });
    return code.trim();
  });
  return (await Promise.all(small)).join('').trim();
}

/** Tags that HTML implies. */
const IMPLIED = /<\/?(head|body)>|<\/html>/g;

/** Line breaks between tags go, those inside text become one; so what must stay apart stands on one line. */
const minifyMarkup = (text) =>
  text
    .replace(IMPLIED, '')
    .replace(/\s*\n\s*/g, '\n')
    .replaceAll('>\n<', '><')
    .replace(/<[a-z][^<>]*>/g, (tag) => tag.replace(/="([\w.#-]+)"(?!\/)/g, '=$1'));
