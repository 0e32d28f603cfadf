/**
 * What one call takes on the real platforms, in milliseconds. None of it is measured there: nothing of this project has
 * run against a real account yet. Each figure says where it comes from, and is meant to be replaced once somebody has measured.
 */
export const LATENCY = {
  dynamodb: {
    /** "Single-digit millisecond" [1]; 5 is the middle of it. */
    readMs: 5,
    /** Assumed: a transaction reads its items before it writes them, so twice a read. */
    writeMs: 10,
  },
  waf: {
    /** Assumed; nothing is published. A control plane answers slower than a table. */
    readMs: 50,
    /** Assumed, likewise. */
    writeMs: 100,
  },
  /** Assumed: HTTP API with a JWT authorizer in front of a warm function, without the function's own time. */
  gatewayMs: 20,
  /** Assumed: from the first packet to the handler's first line, of 60 to 100 ms of module loading and the runtime's own start. */
  coldStartMs: 600,
  /** Assumed: one request to Cognito's token endpoint, once an hour. */
  tokenMs: 150,
  google: {
    /** Assumed: from the edit to the first line of an installable trigger; 1 to 2 s are told of [2]. */
    triggerMs: 1_500,
    /** Assumed: of any execution, before the first line of a script runs. */
    startMs: 400,
    /** Opening a spreadsheet: 300 to 1,000 ms are told of. */
    openMs: 600,
    /** Assumed: one read or write of a range. */
    rangeMs: 250,
    /** Assumed. */
    flushMs: 400,
    /** Assumed. */
    lockMs: 100,
    /** Assumed: one read or write of a property or of the cache. */
    propertyMs: 60,
    /** Assumed: one request of UrlFetchApp, with what the other side needs. */
    requestMs: 500,
    /** Assumed: of that, what UrlFetchApp adds to what the other side needs. */
    fetchMs: 200,
  },
} as const;

/**
 * [1] https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html
 * [2] docs/platform-facts.md
 */

/** Of one call of an AWS SDK client. */
export function latencyOf(service: 'dynamodb' | 'waf', operation: string): number {
  const { readMs, writeMs } = LATENCY[service];
  return /^(Get|List|Query|BatchGet|Describe|Check)/.test(operation) ? readMs : writeMs;
}
