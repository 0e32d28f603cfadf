import { type Refusal, UnreadableError } from '../aws-json.ts';
import type { Item } from './dynalite.ts';

const SERVICE = 'com.amazonaws.dynamodb.v20120810';
const CORAL = 'com.amazon.coral.service';
const VALIDATION = 'com.amazon.coral.validate#ValidationException';

/** An answer other than 200, as it goes over the wire. dynalite's own errors have the same body. */
export class DynamodbError extends Error implements Refusal {
  override readonly name = 'DynamodbError';
  readonly status: number;
  readonly body: ErrorBody;

  constructor(body: ErrorBody, status = 400) {
    super(body.message ?? body.Message);
    this.body = body;
    this.status = status;
  }
}

export interface ErrorBody {
  readonly __type: string;
  readonly message?: string;
  /** The newer exceptions of the model spell it so. */
  readonly Message?: string;
  readonly CancellationReasons?: readonly CancellationReason[];
  readonly Item?: Item;
}

/** One for each item of a cancelled transaction, in its order. */
export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'TransactionConflict' | 'ThrottlingError' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Item;
}

/** @returns undefined for what neither dynalite nor we meant to say. */
export function asDynamodbError(error: unknown): DynamodbError | undefined {
  if (error instanceof DynamodbError) return error;
  const { body, statusCode } = error as { body?: ErrorBody; statusCode?: number };
  return body && statusCode ? new DynamodbError(body, statusCode) : undefined;
}

export const isOfType = ({ body }: DynamodbError, type: string): boolean => body.__type.endsWith(`#${type}`);

export const invalid = (message: string): DynamodbError => new DynamodbError({ __type: VALIDATION, message });

/** The real service may well take it: what is missing is missing here. */
export const notSupported = (what: string): DynamodbError => invalid(`${what} is not supported by the local DynamoDB`);

export function cancelled(reasons: readonly CancellationReason[]): DynamodbError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new DynamodbError({
    __type: `${SERVICE}#TransactionCanceledException`,
    CancellationReasons: reasons,
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
  });
}

export const CONFLICT: CancellationReason = {
  Code: 'TransactionConflict',
  Message: 'Transaction is ongoing for the item',
};

export const THROTTLED: CancellationReason = {
  Code: 'ThrottlingError',
  Message:
    'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or ' +
    'index so please try again shortly.',
};

export const conflictException = (): DynamodbError =>
  new DynamodbError({ __type: `${SERVICE}#TransactionConflictException`, message: CONFLICT.Message as string });

export const throttlingException = (): DynamodbError =>
  new DynamodbError({ __type: `${SERVICE}#ThrottlingException`, message: THROTTLED.Message as string });

export const tokenReused = (): DynamodbError =>
  new DynamodbError({
    __type: `${SERVICE}#IdempotentParameterMismatchException`,
    Message: 'The parameters of this request differ from an earlier one with the same client request token',
  });

export const inProgress = (): DynamodbError =>
  new DynamodbError({
    __type: `${SERVICE}#TransactionInProgressException`,
    Message: 'The transaction with the given request token is already in progress.',
  });

export const notSigned = (): DynamodbError =>
  new DynamodbError({
    __type: `${CORAL}#MissingAuthenticationTokenException`,
    message: 'Request is missing Authentication Token',
  });

/** An unforeseen error is the service's own: 500, as the SDK expects it. */
export function refusalOf(error: unknown): DynamodbError {
  const { message } = error as Error;
  if (error instanceof UnreadableError) {
    return new DynamodbError({ __type: `${CORAL}#SerializationException`, message });
  }
  const internal = { __type: `${SERVICE}#InternalServerError`, message: `the local DynamoDB failed: ${message}` };
  return asDynamodbError(error) ?? new DynamodbError(internal, 500);
}
