/** What the Lambda service says about a failed invocation. */
export interface FunctionErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** The function threw, crashed, was cut, or ran out of time. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;
  readonly payload: FunctionErrorPayload;

  constructor(payload: FunctionErrorPayload) {
    super(`${payload.errorType}: ${payload.errorMessage}`);
    this.errorType = payload.errorType;
    this.payload = payload;
  }
}

/** All instances are busy; named as the Lambda service names it. */
export class ThrottlingError extends Error {
  override readonly name = 'TooManyRequestsException';
  readonly statusCode = 429;

  constructor(functionName: string, concurrency: number) {
    super(`Rate Exceeded. All ${concurrency} instances of ${functionName} are busy.`);
  }
}
