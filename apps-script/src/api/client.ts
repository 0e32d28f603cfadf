import * as z from 'zod/mini';
import { problemBody } from '../../../contract/operation-answer.ts';
import { type ServicesResponse, servicesResponse } from '../../../contract/services.ts';
import type { AccessTokens, Token } from './access-token.ts';
import type { StoredConnection } from './connection.ts';
import { parseJson } from './parse-json.ts';

/** The API. Besides this, access-token.ts asks for tokens, and controller/sharing.ts whether a sheet is open to all. */

export interface ApiRequest {
  readonly connection: StoredConnection;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly body?: string;
}

export type Answer =
  /** 200 or 202, as plain JSON. */
  | { readonly kind: 'ok'; readonly body: unknown }
  /** It was understood, and refused. */
  | { readonly kind: 'problem'; readonly code: string; readonly message: string }
  /** We were not let in: this request was not looked at. */
  | { readonly kind: 'denied'; readonly why: string }
  /** Nothing came back, or nothing that we understand: it may or may not have been done. */
  | { readonly kind: 'unreachable'; readonly why: string };

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface HttpCall {
  readonly url: string;
  readonly method: 'get' | 'post';
  readonly token: string;
  readonly body?: string;
}

/** Sends all at once. @throws Error - The network failed for at least one of them. */
export type SendAll = (calls: readonly HttpCall[]) => HttpAnswer[];

export const sendAll: SendAll = (calls) => {
  const requests = calls.map(({ url, method, token, body }) => ({
    url,
    method,
    headers: { Authorization: `Bearer ${token}` },
    muteHttpExceptions: true,
    followRedirects: false,
    ...(body === undefined ? {} : { payload: body, contentType: 'application/json' }),
  }));
  return UrlFetchApp.fetchAll(requests).map((response) => ({
    status: response.getResponseCode(),
    text: response.getContentText(),
  }));
};

export interface ApiClient {
  /** One answer for each request, in their order; all are sent at once. Never throws. */
  ask(requests: readonly ApiRequest[]): Answer[];
  /** The next call signs in anew: a token in the cache proves nothing of a new secret. */
  forget(connections: readonly StoredConnection[]): void;
  /** What `GET /services` tells of each connection; those that could not be asked are left out. */
  services(connections: readonly StoredConnection[]): { environment: string; told: ServicesResponse }[];
}

type Raw = HttpAnswer | { readonly why: string; readonly isDenied?: boolean };

export function createApiClient(accessTokens: AccessTokens, send: SendAll = sendAll): ApiClient {
  /** One look into the cache for each execution. */
  const tokens = new Map<string, string>();

  function tokensFor(requests: readonly ApiRequest[]): ReadonlyMap<string, Token> {
    const connections = [...new Map(requests.map(({ connection }) => [connection.environment, connection])).values()];
    const missing = connections.filter(({ environment }) => !tokens.has(environment));
    const asked = missing.length > 0 ? accessTokens.get(missing) : new Map<string, Token>();
    for (const [environment, answer] of asked) if ('token' in answer) tokens.set(environment, answer.token);
    return asked;
  }

  function call(requests: readonly ApiRequest[]): Raw[] {
    const asked = tokensFor(requests);
    const answers = requests.map(({ connection: { environment } }): Raw => {
      const refused = asked.get(environment);
      return refused && 'why' in refused ? refused : { why: 'not asked' };
    });
    const ready = requests.flatMap(({ connection: { environment, apiUrl }, method, path, body }, index) => {
      const token = tokens.get(environment);
      return token === undefined ? [] : [{ index, call: { url: `${apiUrl}${path}`, method, token, body } }];
    });
    const sent = sendOrExplain(ready.map(({ call }) => call));
    ready.forEach(({ index }, at) => {
      answers[index] = sent[at] as Raw;
    });
    return answers;
  }

  /** One host that cannot be reached must not hide the others' answers. */
  function sendOrExplain(calls: readonly HttpCall[]): Raw[] {
    if (calls.length === 0) return [];
    try {
      return send(calls);
    } catch (error) {
      if (calls.length > 1) return calls.map((call) => sendOrExplain([call])[0] as Raw);
      return [{ why: (error as Error).message }];
    }
  }

  /** A token that was refused is taken anew, once. */
  function callTwice(requests: readonly ApiRequest[]): Raw[] {
    const answers = call(requests);
    const refused = requests.flatMap((request, index) => {
      const answer = answers[index] as Raw;
      return 'status' in answer && answer.status === 401 ? [{ request, index }] : [];
    });
    if (refused.length === 0) return answers;
    forget(refused.map(({ request }) => request.connection));
    const again = call(refused.map(({ request }) => request));
    refused.forEach(({ index }, at) => {
      answers[index] = again[at] as Raw;
    });
    return answers;
  }

  function forget(connections: readonly StoredConnection[]): void {
    for (const { environment } of connections) tokens.delete(environment);
    accessTokens.forget(connections);
  }

  const ask = (requests: readonly ApiRequest[]): Answer[] =>
    requests.length === 0 ? [] : callTwice(requests).map(understand);

  return {
    ask,
    forget,
    services(connections) {
      const answers = ask(connections.map((connection) => ({ connection, method: 'get', path: '/services' })));
      return connections.flatMap(({ environment }, index) => {
        const answer = answers[index] as Answer;
        const told = z.safeParse(servicesResponse, answer.kind === 'ok' ? answer.body : undefined);
        return told.success ? [{ environment, told: told.data }] : [];
      });
    },
  };
}

function understand(answer: Raw): Answer {
  if ('why' in answer) return { kind: answer.isDenied ? 'denied' : 'unreachable', why: answer.why };
  const { status } = answer;
  const body = parseJson(answer.text);
  if (status === 200 || status === 202) {
    return body === undefined ? { kind: 'unreachable', why: 'the answer was cut off' } : { kind: 'ok', body };
  }
  const refusal = z.safeParse(problemBody, body);
  const code = refusal.success ? refusal.data.code : '';
  // A gateway's own 403 carries no code of ours.
  if (status === 401 || code === 'FORBIDDEN' || (status === 403 && code === '')) {
    return { kind: 'denied', why: `it answered ${status}` };
  }
  // Busy, or broken: the same bytes may be taken in a moment.
  if (status === 429 || status >= 500 || !refusal.success) return { kind: 'unreachable', why: `HTTP ${status}` };
  return { kind: 'problem', code, message: refusal.data.message };
}
