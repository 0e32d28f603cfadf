/** Problems: a stable code, the HTTP status that goes with it, and a sentence for a person. */

export const PROBLEM_STATUS = {
  MALFORMED_JSON: 400,
  INVALID_FIELD: 400,
  STALE_REQUEST: 400,
  FUTURE_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_OPERATOR: 403,
  UNKNOWN_ROUTE: 404,
  UNKNOWN_SERVICE: 404,
  UNKNOWN_OPERATION: 404,
  ILLEGAL_MOVE: 409,
  HELD_BY_OTHER: 409,
  OVERTAKEN: 409,
  ORPHANED: 409,
  DISARMED_BY_EXIT: 409,
  READ_AGAIN: 409,
  STEP_RUNNING: 409,
  TOO_LARGE: 413,
  ID_REUSED: 422,
  SLOW_DOWN: 429,
  INTERNAL: 500,
  TRY_AGAIN: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** What a caller gets instead of an operation. Never carries a secret or a stack. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** The path of the field that is wrong, such as `allowlist[2]`. */
  readonly field?: string;
  readonly operationId?: string;
}

/** A problem on its way up to the one place that turns it into HTTP. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }

  get code(): ProblemCode {
    return this.problem.code;
  }
}

export const problem = (code: ProblemCode, message: string, more: Partial<Problem> = {}): ProblemError =>
  new ProblemError({ code, message, ...more });
