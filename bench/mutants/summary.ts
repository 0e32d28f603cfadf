import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { table } from '../report/table.ts';
import { isInSample } from './sample.ts';

/** What Stryker reports of one mutant. @see https://github.com/stryker-mutator/mutation-testing-elements */
interface Reported {
  readonly mutatorName: string;
  readonly status:
    | 'Killed'
    | 'Timeout'
    | 'Survived'
    | 'NoCoverage'
    | 'RuntimeError'
    | 'Ignored'
    | 'CompileError'
    | 'Pending';
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
  readonly replacement?: string;
}

export interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Reported[] }>>;
}

export interface Score {
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly noCoverage: number;
  /** Of those that were tried, in percent. */
  readonly score: number;
  /** One in so many mutants was tried. */
  readonly oneIn: number;
  readonly at: string;
}

const NEVER_TRIED = ['RuntimeError', 'Ignored', 'CompileError', 'Pending'];

export function scoreOf({ files }: Report, oneIn: number, at: string): Score {
  const tried = Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.filter((mutant) => !NEVER_TRIED.includes(mutant.status) && isInSample(file, fromZero(mutant), oneIn)),
  );
  const count = (status: Reported['status']) => tried.filter((mutant) => mutant.status === status).length;
  const [killed, timeout] = [count('Killed'), count('Timeout')];
  const score = tried.length === 0 ? 0 : Math.round((1_000 * (killed + timeout)) / tried.length) / 10;
  return { killed, timeout, survived: count('Survived'), noCoverage: count('NoCoverage'), score, oneIn, at };
}

/** Reports count lines and columns from 1, Stryker itself from 0. */
function fromZero({ location: { start }, replacement }: Reported) {
  return { replacement, location: { start: { line: start.line - 1, column: start.column - 1 } } };
}

export interface Summary {
  readonly machine: { readonly node: string; readonly platform: string; readonly arch: string; readonly cores: number };
  readonly stryker: string;
  readonly folders: Readonly<Record<string, Score>>;
}

/** Adds what was tried now to what was tried before. */
export function keep(file: string, { folders, ...told }: Summary): Summary {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Summary).folders : {};
  const summary = { ...told, folders: { ...before, ...folders } };
  writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
  return summary;
}

export const tableOf = (folders: Summary['folders']): string =>
  table(
    ['folder', 'score', 'killed', 'timeout', 'survived', 'no test', 'tried'],
    Object.entries(folders).map(([name, { score, killed, timeout, survived, noCoverage, oneIn }]) => [
      name,
      `${score.toFixed(1)} %`,
      ...[killed, timeout, survived, noCoverage].map(String),
      oneIn === 1 ? 'all' : `1 in ${oneIn}`,
    ]),
  );
