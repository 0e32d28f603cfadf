import { type Node, type Scope, toBoolean } from './formula-scope.ts';
import type { Value } from './value.ts';

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
  NOW: { least: 0, most: 0, run: (scope) => scope.now() },
  LEFT: {
    least: 2,
    most: 2,
    run: (scope, text, count) => String(arg(text, scope)).slice(0, Number(arg(count, scope))),
  },
  AND: { least: 1, most: 30, run: (scope, ...nodes) => nodes.every((node) => toBoolean(node.value(scope))) },
};
