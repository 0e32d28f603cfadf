/**
 * What WAF does to a part of the request before it compares. Text is one character a byte.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
 */
export const TRANSFORMATIONS = {
  NONE: (text: string) => text,
  LOWERCASE: (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  URL_DECODE: (text: string) =>
    text.replace(/%([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  NORMALIZE_PATH: normalizePath,
} as const;

/** Without doubled slashes, self-references, and back-references except at the very beginning. */
function normalizePath(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const up = part === '..';
    if (!up) parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!absolute) parts.push(part);
  }
  const trailing = parts.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : '';
  return `${absolute ? '/' : ''}${parts.join('/')}${trailing}`;
}
