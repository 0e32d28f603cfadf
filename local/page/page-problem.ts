import { BodyTooLargeError } from '../http-server.ts';

/** What the page's HTTP face can answer besides success, and the status that goes with it. */
export const PROBLEM_STATUS = {
  MALFORMED_JSON: 400,
  INVALID_FIELD: 400,
  FOREIGN_HOST: 403,
  FOREIGN_ORIGIN: 403,
  UNKNOWN_ROUTE: 404,
  UNKNOWN_SPREADSHEET: 404,
  UNKNOWN_SHEET: 404,
  UNKNOWN_SERVICE: 404,
  UNKNOWN_ENVIRONMENT: 404,
  UNKNOWN_FUNCTION: 404,
  METHOD_NOT_ALLOWED: 405,
  CLOCK_BACKWARD: 409,
  ROWS_MOVED: 409,
  TOO_LARGE: 413,
  NOT_JSON: 415,
  INTERNAL: 500,
} as const;

export type PageProblemCode = keyof typeof PROBLEM_STATUS;

export interface PageProblemBody {
  readonly code: PageProblemCode;
  readonly message: string;
  readonly field?: string;
}

export class PageProblem extends Error {
  override readonly name = 'PageProblem';
  readonly code: PageProblemCode;
  readonly field?: string;

  constructor(code: PageProblemCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

const isKnown = (code: unknown): code is PageProblemCode =>
  typeof code === 'string' && Object.hasOwn(PROBLEM_STATUS, code);

/** An error as its answer. Unforeseen ones keep their text to themselves: it may hold a token or a path. */
export function problemOf(error: unknown): PageProblemBody {
  if (error instanceof BodyTooLargeError)
    return { code: 'TOO_LARGE', message: `${error.message} Send fewer cells at once.` };
  const { code, message, field, problem } = Object(error) as Partial<PageProblem> & { problem?: { field?: string } };
  if (isKnown(code) && code !== 'INTERNAL') return { code, message: String(message), field: field ?? problem?.field };
  return { code: 'INTERNAL', message: 'The local stack could not do this. The terminal that runs it says why.' };
}
