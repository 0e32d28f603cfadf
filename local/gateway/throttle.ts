export interface ThrottleOptions {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/**
 * A token bucket, as API Gateway's stages have [1]. `now` in milliseconds.
 * @returns whether one more request may pass.
 * @see [1] https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export function createThrottle({ ratePerSecond, burst }: ThrottleOptions, now: () => number): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * ratePerSecond);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
