/** An error as SNS answers it, with its own code. */
export class SnsError extends Error {
  override readonly name = 'SnsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
