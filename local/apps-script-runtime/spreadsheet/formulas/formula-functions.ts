import type { Value } from '../value.ts';
import { type Node, type Scope, toBoolean, toNumber, toText } from './formula-scope.ts';

export interface FormulaFunction {
  readonly least: number;
  readonly most: number;
  run(scope: Scope, ...args: readonly Node[]): Value;
}

const arg = (node: Node | undefined, scope: Scope): Value => node?.value(scope) ?? false;

/** By name, upper case: all that formulas may call. */
export const FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  IF: {
    least: 2,
    most: 3,
    run: (scope, condition, yes, no) => arg(toBoolean(arg(condition, scope)) ? yes : no, scope),
  },
  LEFT: {
    least: 1,
    most: 2,
    run: (scope, text, count) =>
      toText(arg(text, scope)).slice(0, count === undefined ? 1 : toNumber(arg(count, scope))),
  },
  // Every place where it stands, letter by letter.
  SUBSTITUTE: {
    least: 3,
    most: 3,
    run: (scope, text, from, to) => {
      const [all, old, next] = [text, from, to].map((node) => toText(arg(node, scope))) as [string, string, string];
      return old === '' ? all : all.replaceAll(old, () => next);
    },
  },
  CHAR: { least: 1, most: 1, run: (scope, code) => String.fromCodePoint(toNumber(arg(code, scope))) },
  // Halves go away from zero, as in Sheets.
  ROUND: {
    least: 1,
    most: 2,
    run: (scope, number, places) => {
      const scale = 10 ** (places === undefined ? 0 : toNumber(arg(places, scope)));
      const value = toNumber(arg(number, scope));
      return (Math.sign(value) * Math.round(Math.abs(value) * scale)) / scale;
    },
  },
  // A part of a day.
  TIME: {
    least: 3,
    most: 3,
    run: (scope, hours, minutes, seconds) => {
      const [h = 0, m = 0, s = 0] = [hours, minutes, seconds].map((node) => Math.trunc(toNumber(arg(node, scope))));
      return (((((h * 60 + m) * 60 + s) / 86_400) % 1) + 1) % 1;
    },
  },
  NOW: { least: 0, most: 0, run: (scope) => scope.now() },
  AND: { least: 1, most: 30, run: (scope, ...nodes) => nodes.every((node) => toBoolean(node.value(scope))) },
};
