import * as z from 'zod/mini';
import type { Connection } from './connections.ts';
import { fromJson } from './json.ts';

/** An access token of the machine client, from the cache or fresh. */
export interface SignIn {
  /** @throws Error - The token endpoint could not be reached, or (name `SignInRefused`) refused us. Never carries a secret. */
  token(connection: Connection): string;
  forget(connection: Connection): void;
}

/** Clocks differ, and the request still has to travel. */
const MARGIN_SECONDS = 120;
const LONGEST_CACHE_SECONDS = 21_600;

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });

const cacheKey = ({ environment }: Connection): string => `token:${environment}`;

/** Client credentials grant. @see https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
export const signIn: SignIn = {
  token(connection) {
    const cache = CacheService.getUserCache();
    const cached = cache.get(cacheKey(connection));
    if (cached) return cached;
    const { access_token, expires_in } = fetchToken(connection);
    const seconds = Math.min(expires_in - MARGIN_SECONDS, LONGEST_CACHE_SECONDS);
    if (seconds > 0) cache.put(cacheKey(connection), access_token, seconds);
    return access_token;
  },
  forget(connection) {
    CacheService.getUserCache().remove(cacheKey(connection));
  },
};

function fetchToken({ environment, tokenUrl, clientId, clientSecret }: Connection): z.output<typeof tokenAnswer> {
  const response = UrlFetchApp.fetch(tokenUrl, {
    method: 'post',
    headers: { Authorization: `Basic ${Utilities.base64Encode(`${clientId}:${clientSecret}`)}` },
    contentType: 'application/x-www-form-urlencoded',
    payload: 'grant_type=client_credentials&scope=drawbridge%2Foperate+drawbridge%2Fread',
    muteHttpExceptions: true,
  });
  const status = response.getResponseCode();
  if (status !== 200) {
    const error = new Error(`the sign-in to ${environment} answered ${status}`);
    // Busy is not refused: that may be over in a moment.
    if (status >= 400 && status < 500 && status !== 429) error.name = 'SignInRefused';
    throw error;
  }
  const answer = z.safeParse(tokenAnswer, fromJson(response.getContentText()));
  // What came must not be quoted: it may be a token.
  if (!answer.success) throw new Error(`the sign-in to ${environment} answered something else than a token`);
  return answer.data;
}
