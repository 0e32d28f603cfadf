import * as z from 'zod/mini';
import { type ProblemError, problem } from './problem.ts';

// One sentence a field: zod/mini ships no wording of its own, and its JIT needs `Function`,
// which neither Apps Script nor a strict CSP allows.
z.config({ jitless: true });

type Issue = z.core.$ZodIssue;

const LONGEST_ECHO = 80;

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Thousands of lists in each other: JSON is read deeper than it is written.
    return 'nested too deeply';
  }
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : textOf(value);
  return text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO)}…` : text;
}

export function pathOf(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at ? '.' : ''}${String(key)}`)).join('');
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((here, key) => (here as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters long', array: ' entries long' };

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_big':
      return `at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'too_small':
      return `at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'invalid_format':
      return `the format ${issue.format === 'regex' ? issue.pattern : issue.format}`;
    default:
      return 'another value';
  }
}

/** Field, what it was, what would be right: for the first thing that is wrong. */
export function explain(error: z.core.$ZodError, input: unknown): { field: string; message: string } {
  const issue = deepest(error.issues[0] as Issue);
  if (issue.code === 'unrecognized_keys') {
    const field = pathOf([...issue.path, issue.keys[0] as string]);
    return { field, message: `The field ${field} is not known. Leave it out.` };
  }
  const field = pathOf(issue.path) || '(the whole body)';
  const got = at(input, issue.path);
  // Schemas that say what would be right carry it as their message.
  const wanted =
    issue.message && issue.message !== 'Invalid input' ? issue.message : `It must be ${expectation(issue)}.`;
  if (got === undefined && issue.code !== 'custom')
    return { field, message: `The field ${field} is missing. ${wanted}` };
  return { field, message: `The field ${field} is ${show(got)}. ${wanted}` };
}

/** Of a union's alternatives, the one that got furthest is the one that was meant. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.map((alternative) => alternative[0]).filter((one) => one !== undefined);
  const furthest = inner.sort((a, b) => b.path.length - a.path.length)[0];
  // None of them got anywhere: what the union says of all of them is more than what one of them would say.
  if (issue.message !== 'Invalid input' && furthest?.path.length === 0) return issue;
  return furthest ? deepest({ ...furthest, path: [...issue.path, ...furthest.path] } as Issue) : issue;
}

/**
 * Parses at the border: past this call nothing is `unknown`.
 * @throws ProblemError INVALID_FIELD - names the field, what it was, and what would be right.
 */
export function parse<T extends z.ZodMiniType>(schema: T, input: unknown): z.output<T> {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  throw invalidField(result.error, input);
}

export function invalidField(error: z.core.$ZodError, input: unknown): ProblemError {
  const { field, message } = explain(error, input);
  return problem('INVALID_FIELD', message, { field });
}
