import { notSupported } from '../../not-supported.ts';
import { parseA1 } from '../a1.ts';
import { SheetError } from '../sheet-error.ts';
import { fromSerial, isWallDate, type Value } from '../value.ts';
import { FUNCTIONS } from './formula-functions.ts';
import { compare, FormulaError, type Node, type Scope, toNumber, toText } from './formula-scope.ts';

const TOKENS =
  /\s+|"(?:[^"]|"")*"|(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!|[A-Za-z][\w.]*(?=\s*\()|\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d*)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\d+(?:\.\d+)?|[A-Za-z_][\w.]*|<>|<=|>=|./gy;

/** Loosest first; those of one level from left to right. */
const LEVELS = [['=', '<>', '<', '<=', '>', '>='], ['&'], ['+', '-'], ['*', '/']];

const OPERATORS: Readonly<Record<string, (left: Value, right: Value) => Value>> = {
  '=': (left, right) => compare(left, right) === 0,
  '<>': (left, right) => compare(left, right) !== 0,
  '<': (left, right) => compare(left, right) < 0,
  '<=': (left, right) => compare(left, right) <= 0,
  '>': (left, right) => compare(left, right) > 0,
  '>=': (left, right) => compare(left, right) >= 0,
  '&': (left, right) => toText(left) + toText(right),
  '+': (left, right) => dated(isWallDate(left) !== isWallDate(right), toNumber(left) + toNumber(right)),
  '-': (left, right) => dated(isWallDate(left) && !isWallDate(right), toNumber(left) - toNumber(right)),
  '*': (left, right) => toNumber(left) * toNumber(right),
  '/': (left, right) => divided(toNumber(left), toNumber(right)),
};

/** A date and so many days is a date again. */
const dated = (isDate: boolean, days: number): Value => (isDate ? fromSerial(days) : days);

function divided(left: number, right: number): number {
  if (right === 0) throw new FormulaError('#DIV/0!');
  return left / right;
}

/** @throws SheetError - It uses what is not supported, which the message names. */
export function parseFormula(formula: string): Node {
  const tokens = (formula.slice(1).match(TOKENS) ?? []).filter((token) => token.trim() !== '');
  let at = 0;

  const refuse = (what: string): never => {
    throw new SheetError(notSupported(`${what} in the formula ${formula}`), { field: 'values' });
  };
  const isNext = (token: string) => tokens[at] === token;
  const take = () => tokens[at++] ?? refuse('An open end');
  const skip = (token: string) => {
    if (take() !== token) refuse(`"${tokens[at - 1]}"`);
  };

  /** Sheets takes a semicolon in every locale, and a comma where that is no decimal sign. */
  const skipSeparator = () => skip(isNext(';') ? ';' : ',');

  function binary(level: number): Node {
    const operators = LEVELS[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    while (operators.includes(tokens[at] ?? '')) left = operation(take(), left, binary(level + 1));
    return left;
  }

  function operation(operator: string, left: Node, right: Node): Node {
    const run = OPERATORS[operator] ?? refuse(operator);
    return { value: (scope) => run(left.value(scope), right.value(scope)) };
  }

  function unary(): Node {
    if (!isNext('-')) return primary();
    take();
    const node = unary();
    return { value: (scope) => -toNumber(node.value(scope)) };
  }

  function primary(): Node {
    const token = take();
    if (token === '(') {
      const inner = binary(0);
      skip(')');
      return inner;
    }
    if (token.startsWith('"')) return constant(token.slice(1, -1).replaceAll('""', '"'));
    if (/^\d/.test(token)) return constant(Number(token));
    if (/^(true|false)$/i.test(token)) return constant(token.toLowerCase() === 'true');
    if (token.endsWith('!')) return reference(tabName(token.slice(0, -1)), take());
    return isNext('(') ? call(token.toUpperCase()) : reference(undefined, token);
  }

  function call(name: string): Node {
    const { least, most, run } = (Object.hasOwn(FUNCTIONS, name) && FUNCTIONS[name]) || refuse(name);
    const args: Node[] = [];
    skip('(');
    while (!isNext(')')) {
      if (args.length > 0) skipSeparator();
      args.push(binary(0));
    }
    skip(')');
    if (args.length < least || args.length > most) refuse(`${name} with ${args.length} arguments`);
    return { value: (scope) => run(scope, ...args) };
  }

  function reference(tab: string | undefined, text: string): Node {
    if (!/^\$?[A-Z]{1,3}(\$?\d|:)/i.test(text)) return refuse(`"${text}"`);
    const area = parseA1(text);
    return { value: (scope) => single(scope.values(tab, area)) };
  }

  const whole = binary(0);
  return at < tokens.length ? refuse(`"${tokens[at]}"`) : whole;
}

const ERROR = /^#(REF!|VALUE!|DIV\/0!|N\/A|NUM!)$/;

const constant = (value: Value): Node => ({ value: (_scope: Scope) => value });

const tabName = (token: string): string => (token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token);

function single(values: Value[][]): Value {
  const [[value] = []] = values;
  if (values.length !== 1 || values[0]?.length !== 1 || value === undefined) throw new FormulaError('#VALUE!');
  if (typeof value === 'string' && ERROR.test(value)) throw new FormulaError(value);
  return value;
}
