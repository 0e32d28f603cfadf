import { isDeepStrictEqual } from 'node:util';
import { newScopes, readManifest } from './manifest.ts';

/** What a push would change. Pure. */

export const CODE = 'Code.js';
export const MANIFEST = 'appsscript.json';

/** By name, as clasp names them. */
export type Files = Readonly<Record<string, string>>;

export interface Changes {
  /** For a person; empty if there are none. */
  readonly lines: readonly string[];
  readonly newScopes: readonly string[];
  /** Gone, and a trigger may still call them. */
  readonly lostHandlers: readonly string[];
}

/** Google finds functions at the top level; the build writes them one to a line. */
const functionsOf = (files: Files): string[] =>
  Object.entries(files).flatMap(([name, text]) =>
    name.endsWith('.js') ? [...text.matchAll(/^function (\w+)\s*\(/gm)].map(([, found]) => found as string) : [],
  );

/** By our naming: the others are for people. */
const isHandler = (name: string): boolean => /^on[A-Z]/.test(name);

const gone = (before: readonly string[], after: readonly string[]) => before.filter((one) => !after.includes(one));
const listed = (sign: '+' | '-', what: string, names: readonly string[]): string[] =>
  names.map((name) => `  ${sign} ${what} ${name}`);
const bytes = (text: string): string => `${Buffer.byteLength(text).toLocaleString('en')} bytes`;

export function changesOf(deployed: Files, next: Files): Changes {
  const before = functionsOf(deployed);
  const after = functionsOf(next);
  const old = readManifest(deployed[MANIFEST] ?? '{}', 'The deployed');
  const now = readManifest(next[MANIFEST] ?? '{}', 'The built');
  const files = [...new Set([...Object.keys(next), ...Object.keys(deployed)])];
  return {
    lines: [
      ...files.flatMap((name) => fileLine(name, deployed[name], next[name])),
      ...listed('+', 'function', gone(after, before)),
      ...listed('-', 'function', gone(before, after)),
      ...listed('+', 'may', gone(now.oauthScopes, old.oauthScopes)),
      ...listed('-', 'may', gone(old.oauthScopes, now.oauthScopes)),
      ...listed('+', 'talks to', gone(now.urlFetchWhitelist, old.urlFetchWhitelist)),
      ...listed('-', 'talks to', gone(old.urlFetchWhitelist, now.urlFetchWhitelist)),
    ],
    newScopes: newScopes(old, now),
    lostHandlers: gone(before, after).filter(isHandler),
  };
}

function fileLine(name: string, before: string | undefined, after: string | undefined): string[] {
  if (isSame(name, before, after)) return [];
  if (before === undefined) return [`${name} is new: ${bytes(after ?? '')}.`];
  if (after === undefined) return [`${name} goes: ${bytes(before)}.`];
  return [`${name} changes: ${bytes(before)} → ${bytes(after)}.`];
}

/** Google may write the manifest in a way of its own. */
function isSame(name: string, before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  if (name !== MANIFEST) return before === after;
  return isDeepStrictEqual(readManifest(before, 'The deployed'), readManifest(after, 'The built'));
}
