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

/**
 * A bucket for the stage, and one more for each route with settings of its own: what is sent to one route leaves the others
 * their share.
 */
export function createThrottles<R extends { readonly throttle?: ThrottleOptions }>(
  stage: ThrottleOptions,
  routes: readonly R[],
  now: () => number,
): (route?: R) => boolean {
  const ofStage = createThrottle(stage, now);
  const own = new Map(
    routes.flatMap((route) => (route.throttle ? [[route, createThrottle(route.throttle, now)]] : [])),
  );
  return (route) => (route && own.get(route) ? (own.get(route) as () => boolean)() : ofStage());
}
