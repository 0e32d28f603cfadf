import * as z from 'zod/mini';
import type { StoredConnection } from './connection.ts';
import { parseJson } from './parse-json.ts';

/** Access tokens of the machine clients, from the cache or fresh: client credentials grant [1]. */

/** @see [1] https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
export interface AccessTokens {
  /** One for each environment. Never throws, and never carries a secret. */
  get(connections: readonly StoredConnection[]): ReadonlyMap<string, Token>;
  forget(connections: readonly StoredConnection[]): void;
}

export type Token = { readonly token: string } | { readonly why: string; readonly isDenied: boolean };

/** Clocks differ, and the request still has to travel. */
const MARGIN_SECONDS = 120;
const LONGEST_CACHE_SECONDS = 21_600;

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });

const cacheKey = ({ environment }: StoredConnection): string => `token:${environment}`;

/** One look into the cache for all of them; what is not there is asked for together. */
export const accessTokens: AccessTokens = {
  get(connections) {
    const cache = CacheService.getUserCache();
    const cached = cache.getAll(connections.map(cacheKey));
    const isCached = (one: StoredConnection) => typeof cached[cacheKey(one)] === 'string';
    const missing = connections.filter((one) => !isCached(one));
    const fetched = fetchTokens(missing);
    const tokens = new Map<string, Token>();
    for (const one of connections) {
      if (isCached(one)) tokens.set(one.environment, { token: cached[cacheKey(one)] });
    }
    missing.forEach((one, at) => {
      const fresh = fetched[at] as Fetched;
      tokens.set(one.environment, fresh);
      const seconds = 'seconds' in fresh ? Math.min(fresh.seconds - MARGIN_SECONDS, LONGEST_CACHE_SECONDS) : 0;
      if ('token' in fresh && seconds > 0) cache.put(cacheKey(one), fresh.token, seconds);
    });
    return tokens;
  },
  forget(connections) {
    CacheService.getUserCache().removeAll(connections.map(cacheKey));
  },
};

type Fetched =
  | { readonly token: string; readonly seconds: number }
  | { readonly why: string; readonly isDenied: boolean };

/** One host that cannot be reached must not keep the others' tokens away. */
function fetchTokens(connections: readonly StoredConnection[]): Fetched[] {
  if (connections.length === 0) return [];
  try {
    const responses = UrlFetchApp.fetchAll(connections.map(tokenRequest));
    return connections.map((one, at) => understand(one, responses[at] as GoogleAppsScript.URL_Fetch.HTTPResponse));
  } catch (error) {
    if (connections.length > 1) return connections.flatMap((one) => fetchTokens([one]));
    return [{ why: (error as Error).message, isDenied: false }];
  }
}

const tokenRequest = ({ tokenUrl, clientId, clientSecret }: StoredConnection) =>
  ({
    url: tokenUrl,
    method: 'post',
    headers: { Authorization: `Basic ${Utilities.base64Encode(`${clientId}:${clientSecret}`)}` },
    contentType: 'application/x-www-form-urlencoded',
    payload: 'grant_type=client_credentials&scope=drawbridge%2Foperate+drawbridge%2Fread',
    muteHttpExceptions: true,
  }) as const;

function understand({ environment }: StoredConnection, response: GoogleAppsScript.URL_Fetch.HTTPResponse): Fetched {
  const status = response.getResponseCode();
  if (status !== 200) {
    // Busy is not refused: that may be over in a moment.
    const isDenied = status >= 400 && status < 500 && status !== 429;
    return { why: `the sign-in to ${environment} answered ${status}`, isDenied };
  }
  const answer = z.safeParse(tokenAnswer, parseJson(response.getContentText()));
  if (answer.success) return { token: answer.data.access_token, seconds: answer.data.expires_in };
  // What came must not be quoted: it may be a token.
  return { why: `the sign-in to ${environment} answered something else than a token`, isDenied: false };
}
