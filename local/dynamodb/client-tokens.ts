import { isDeepStrictEqual } from 'node:util';
import { inProgress, tokenReused } from './errors.ts';

const KEPT_MS = 10 * 60_000;

/** Transactions by their `ClientRequestToken`: those that run, and those that went through in the last ten minutes. */
export interface ClientTokens {
  /**
   * @returns Whether this very request went through already.
   * @throws DynamodbError - The token is another request's, or its request still runs.
   */
  isRepeat(token: string | undefined, content: object): boolean;
  /** One that fails may be tried again with its token. */
  during(token: string | undefined, content: object, run: () => Promise<void>): Promise<void>;
}

interface Known {
  readonly content: object;
  /** Left out while it runs. */
  readonly doneAt?: number;
}

export function createClientTokens(now: () => number): ClientTokens {
  const known = new Map<string, Known>();
  const forgetOld = () => {
    for (const [token, { doneAt = Infinity }] of known) if (now() - doneAt >= KEPT_MS) known.delete(token);
  };
  return {
    isRepeat(token, content) {
      forgetOld();
      const earlier = token === undefined ? undefined : known.get(token);
      if (!earlier) return false;
      if (!isDeepStrictEqual(earlier.content, content)) throw tokenReused();
      if (earlier.doneAt === undefined) throw inProgress();
      return true;
    },
    async during(token, content, run) {
      if (token === undefined) return run();
      known.set(token, { content });
      try {
        await run();
        known.set(token, { content, doneAt: now() });
      } catch (error) {
        known.delete(token);
        throw error;
      }
    },
  };
}
