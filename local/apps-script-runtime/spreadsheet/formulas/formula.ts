import type { Value } from '../value.ts';
import { parseFormula } from './formula-parser.ts';
import { FormulaError, type Node, type Scope } from './formula-scope.ts';

/** A formula as it was typed. References are part of its text: they do not follow rows that are moved. */
export interface Formula {
  readonly formula: string;
  readonly node: Node;
}

/** @throws SheetError - It uses what is not supported. */
export const formulaOf = (formula: string): Formula => ({ formula, node: parseFormula(formula) });

/** What it comes to now; an error as Sheets shows it. */
export function compute({ node }: Formula, scope: Scope): Value {
  try {
    return node.value(scope);
  } catch (error) {
    if (error instanceof FormulaError) return error.message;
    throw error;
  }
}
