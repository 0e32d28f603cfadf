import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/** Which file imports which, read out of the source. Type imports count: to read a file is to know those too. */

export interface SourceFile {
  /** Below the root of the repository, with slashes. */
  readonly path: string;
  readonly lines: number;
  /** Paths like its own. */
  readonly imports: readonly string[];
  /** What it imports from packages and from Node. */
  readonly packages: readonly string[];
  /** Of those, what is there when it runs: not only types. */
  readonly uses: readonly string[];
}

const SPECIFIER = /^(?:import|export)\s(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'/gm;

export function readSources(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(root, path), 'utf8');
      const found = [...text.matchAll(SPECIFIER)].map(([, type, specifier = '']) => ({ type, specifier }));
      const specifiers = found.map(({ specifier }) => specifier);
      const used = found.flatMap(({ type, specifier }) => (type ? [] : [specifier]));
      return {
        path: slashed(path),
        lines: text.split('\n').length - 1,
        imports: specifiers.filter(isRelative).map((one) => slashed(normalize(join(dirname(path), one)))),
        packages: specifiers.filter((one) => !isRelative(one)),
        uses: used.filter((one) => !isRelative(one)),
      };
    });
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const slashed = (path: string): string => path.split(sep).join('/');

/** The top of a folder's files: `operate` for `lambda/src/operate/checks.ts`, the file itself at the root. */
export function roomOf(folder: string, path: string): string {
  const [first = ''] = slashed(relative(folder, path)).split('/');
  return first;
}

/** Pairs of rooms of one tree, in which the first imports the second. */
export function arrowsOf(folder: string, files: readonly SourceFile[]): Set<string> {
  const arrows = files.flatMap(({ path, imports }) =>
    imports
      .filter((one) => one.startsWith(`${folder}/`) && roomOf(folder, one) !== roomOf(folder, path))
      .map((one) => `${roomOf(folder, path)} → ${roomOf(folder, one)}`),
  );
  return new Set(arrows);
}

/** Files that import each other, the first one again at the end. One circle for each import that closes it. */
export function circlesOf(files: readonly SourceFile[]): string[][] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const from = way.indexOf(path);
    if (from >= 0) circles.push([...way.slice(from), path]);
    if (from >= 0 || done.has(path)) return;
    for (const next of importsOf.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return circles;
}

/** The Lambda's folders, the ones that decide above the ones that they use: imports run down this list. */
export const LAMBDA_FLOORS = [
  'chat',
  'slack',
  'api',
  'schedule',
  'reconcile',
  'rundown',
  'operate',
  'proof',
  'waf',
  'store',
  'notify',
  'invoke',
  'words',
  'model',
] as const;

const LAMBDA = 'lambda/src';

/** -1 for what stands above all folders: handlers, wiring, settings. */
const floorOf = (path: string): number => LAMBDA_FLOORS.indexOf(roomOf(LAMBDA, path) as (typeof LAMBDA_FLOORS)[number]);

/** Imports of the Lambda that run against the list. */
export const upwardImports = (files: readonly SourceFile[]): string[] =>
  files.flatMap(({ path, imports }) =>
    imports
      .filter((one) => one.startsWith(`${LAMBDA}/`) && floorOf(one) < floorOf(path))
      .map((one) => `${path} → ${one}`),
  );
