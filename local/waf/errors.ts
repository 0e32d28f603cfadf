import { type Refusal, UnreadableError } from '../aws-json.ts';

/**
 * An answer other than 200, in the shape of AWS JSON 1.1.
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/CommonErrors.html
 */
export class WafError extends Error implements Refusal {
  override readonly name = 'WafError';
  readonly type: string;
  readonly status: number;
  /** The members that this type of error has in the service's model, besides the message. */
  readonly members: Readonly<Record<string, string>>;

  constructor(type: string, message: string, members: Readonly<Record<string, string>> = {}, status = 400) {
    super(message);
    this.type = type;
    this.members = members;
    this.status = status;
  }

  get body(): object {
    const { type, message, members } = this;
    return { __type: type, message, Message: message, ...members };
  }
}

/** An unforeseen error is the service's own: 500, as the SDK expects it. */
export function refusalOf(error: unknown): WafError {
  if (error instanceof WafError) return error;
  const { message } = error as Error;
  if (error instanceof UnreadableError) return new WafError('SerializationException', message);
  return new WafError('WAFInternalErrorException', `the local WAF failed: ${message}`, {}, 500);
}

/** WAF understood the shape and refuses the value. The wording is WAF's own. */
export function invalidParameter(field: string, parameter: string, reason: string): WafError {
  const message = `Error reason: ${reason}, field: ${field}, parameter: ${parameter}`;
  return new WafError('WAFInvalidParameterException', message, {
    Field: field,
    Parameter: parameter,
    Reason: reason,
  });
}

export const REASONS = {
  format: 'The parameter contains formatting that is not valid.',
  capacity: 'You exceeded the capacity limit for a rule group or web ACL.',
  reference: 'A reference in your rule statement is not valid.',
  scope: 'The scope is not valid.',
  exactlyOne: 'You have used none or multiple values for a field that requires exactly one value.',
  arn: 'The ARN is not valid, or is of a resource that a web ACL cannot be associated with.',
  minimum:
    "You haven't met a minimum requirement for a threshold setting. Examples include a rule group capacity setting " +
    "that's too low and an OR statement with only one nested statement.",
} as const;

/** The real service may well take it: what is missing is missing here. */
export const notSupported = (what: string): WafError =>
  new WafError('WAFInvalidOperationException', `${what} is not supported by the local WAF.`);

export const invalidShape = (at: string, constraint: string): WafError =>
  new WafError(
    'ValidationException',
    `1 validation error detected: Value at '${at}' failed to satisfy constraint: ${constraint}`,
  );

export const nonexistent = (what: string): WafError =>
  new WafError('WAFNonexistentItemException', `AWS WAF couldn't find ${what}.`);

export const duplicate = (name: string): WafError =>
  new WafError('WAFDuplicateItemException', `AWS WAF couldn't create ${name}: there is one of that name already.`);

export const staleLock = (): WafError =>
  new WafError(
    'WAFOptimisticLockException',
    "AWS WAF couldn't save your changes because someone changed the resource after you started to edit it. " +
      'Reapply your changes.',
  );

export const associated = (name: string): WafError =>
  new WafError('WAFAssociatedItemException', `AWS WAF couldn't delete ${name}: something still refers to it.`);

/** Of what was made a moment ago: it has not reached every part of the service yet. */
export const unavailable = (name: string): WafError =>
  new WafError(
    'WAFUnavailableEntityException',
    `AWS WAF couldn't retrieve ${name}. If you have just created it, wait and retry.`,
  );

export const limitExceeded = (what: string): WafError =>
  new WafError('WAFLimitsExceededException', `AWS WAF couldn't perform the operation: you exceeded ${what}.`);
