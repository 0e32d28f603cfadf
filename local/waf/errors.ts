/** An error as WAF answers it: HTTP 400 (500 for its own) with a `__type` that the SDK turns into a class. */
export class WafFault extends Error {
  override readonly name = 'WafFault';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export const notSupported = (what: string): WafFault =>
  new WafFault('UnknownOperationException', `${what} is not supported by the local WAF`);

/** As WAF words it: the field and the reason are in the message. */
export const invalidParameter = (field: string, reason: string): WafFault =>
  new WafFault('WAFInvalidParameterException', `Error reason: ${reason}, field: ${field}`);
