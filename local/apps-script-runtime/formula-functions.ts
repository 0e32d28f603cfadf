import { FormulaError, type Node, type Scope, toBoolean, toNumber } from './formula-scope.ts';
import { notSupported } from './not-supported.ts';
import { checkNumberFormat } from './number-format.ts';
import { fromSerial, isWallDate, shown, type Value } from './value.ts';

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
  AND: { least: 1, most: 30, run: (scope, ...nodes) => nodes.every((node) => toBoolean(node.value(scope))) },
  OR: { least: 1, most: 30, run: (scope, ...nodes) => nodes.some((node) => toBoolean(node.value(scope))) },
  NOT: { least: 1, most: 1, run: (scope, node) => !toBoolean(arg(node, scope)) },
  ISBLANK: {
    least: 1,
    most: 1,
    run: (scope, node) => node?.reference !== undefined && scope.isBlank(node.reference.tab, node.reference.area),
  },
  TEXT: {
    least: 2,
    most: 2,
    run: (scope, node, format) => inFormat(arg(node, scope), String(arg(format, scope))),
  },
  COUNTIF: { least: 2, most: 2, run: countIf },
};

function inFormat(value: Value, format: string): string {
  try {
    checkNumberFormat(format);
  } catch (error) {
    throw new FormulaError((error as Error).message);
  }
  return isWallDate(value) || typeof value === 'string' || typeof value === 'boolean'
    ? shown(value, format)
    : shown(/[ymdhs]/i.test(format) ? fromSerial(value) : value, format);
}

/** Counts what is that text or number; case does not matter. */
function countIf(scope: Scope, range?: Node, criterion?: Node): Value {
  const wanted = arg(criterion, scope);
  if (typeof wanted === 'string' && /^[<>=]|[*?~]/.test(wanted))
    throw new FormulaError(notSupported(`COUNTIF with ${wanted}`));
  if (!range?.reference) throw new FormulaError('#N/A');
  const { tab, area } = range.reference;
  const same = (value: Value) =>
    typeof wanted === 'string'
      ? shown(value).toLowerCase() === wanted.toLowerCase()
      : value !== '' && typeof value !== 'boolean' && toNumberOrNothing(value) === toNumber(wanted);
  return scope.values(tab, area).flat().filter(same).length;
}

const toNumberOrNothing = (value: Value): number | undefined =>
  typeof value === 'string' ? undefined : toNumber(value);
