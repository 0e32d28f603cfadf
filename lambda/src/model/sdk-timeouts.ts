const CONNECT_MS = 1_000;

/**
 * For an SDK client: a call that hangs is cut off. Without `throwOnRequestTimeout` the SDK only warns [1].
 * @see [1] https://github.com/smithy-lang/smithy-typescript/tree/main/packages/node-http-handler
 */
export const timeouts = (answerMs: number) => ({
  connectionTimeout: CONNECT_MS,
  requestTimeout: answerMs,
  throwOnRequestTimeout: true,
});
