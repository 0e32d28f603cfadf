import * as z from 'zod/mini';
import { type Operation, operation, problemBody } from '../../contract/operation.ts';
import { type ServicesResponse, servicesResponse } from '../../contract/services.ts';
import type { Connection } from './connections.ts';
import { fromJson } from './json.ts';
import type { SignIn } from './sign-in.ts';

/** The API. Besides this, sign-in.ts asks for tokens, and controller/sharing.ts whether a sheet is open to everybody. */

export interface ApiRequest {
  readonly connection: Connection;
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  readonly body?: string;
}

export type Answer =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string; readonly status: number }
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
  readonly method: 'get' | 'post' | 'put';
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
  /** One answer for each request, in their order. Never throws. */
  ask(requests: readonly ApiRequest[]): Answer[];
  /** What each was answered with 200, as plain JSON; undefined for any other answer. Never throws. */
  read(requests: readonly ApiRequest[]): unknown[];
  /** The next call signs in anew: a token in the cache proves nothing of a new secret. */
  forget(connections: readonly Connection[]): void;
  /** What `GET /services` tells of each connection; those that could not be asked are left out. */
  services(connections: readonly Connection[]): { connection: Connection; told: ServicesResponse }[];
}

type Raw = HttpAnswer | { readonly why: string; readonly isDenied?: boolean };

export function createApiClient(signIn: SignIn, send: SendAll = sendAll): ApiClient {
  /** One look into the cache for each execution. */
  const tokens = new Map<string, string>();

  function call(requests: readonly ApiRequest[]): Raw[] {
    const answers = requests.map((): Raw => ({ why: 'not asked' }));
    const ready: { index: number; call: HttpCall }[] = [];
    requests.forEach(({ connection, method, path, body }, index) => {
      const token = tokenOf(connection);
      if ('why' in token) answers[index] = token;
      else ready.push({ index, call: { url: `${connection.apiUrl}${path}`, method, body, token: token.token } });
    });
    const sent = sendOrExplain(ready.map(({ call }) => call));
    ready.forEach(({ index }, at) => {
      answers[index] = sent[at] as Raw;
    });
    return answers;
  }

  function tokenOf(connection: Connection): { token: string } | { why: string; isDenied: boolean } {
    const known = tokens.get(connection.environment);
    if (known !== undefined) return { token: known };
    try {
      const token = signIn.token(connection);
      tokens.set(connection.environment, token);
      return { token };
    } catch (error) {
      return { why: (error as Error).message, isDenied: (error as Error).name === 'SignInRefused' };
    }
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
    for (const { request } of refused) {
      if (tokens.delete(request.connection.environment)) signIn.forget(request.connection);
    }
    const again = call(refused.map(({ request }) => request));
    refused.forEach(({ index }, at) => {
      answers[index] = again[at] as Raw;
    });
    return answers;
  }

  const read = (requests: readonly ApiRequest[]): unknown[] =>
    requests.length === 0
      ? []
      : callTwice(requests).map((answer) =>
          'status' in answer && answer.status === 200 ? fromJson(answer.text) : undefined,
        );

  return {
    ask: (requests) => (requests.length === 0 ? [] : callTwice(requests).map(understand)),
    read,
    forget(connections) {
      for (const connection of connections) {
        tokens.delete(connection.environment);
        signIn.forget(connection);
      }
    },
    services(connections) {
      const answers = read(connections.map((connection) => ({ connection, method: 'get', path: '/services' })));
      return connections.flatMap((connection, index) => {
        const told = z.safeParse(servicesResponse, answers[index]);
        return told.success ? [{ connection, told: told.data }] : [];
      });
    },
  };
}

function understand(answer: Raw): Answer {
  if ('why' in answer) return { kind: answer.isDenied ? 'denied' : 'unreachable', why: answer.why };
  const { status } = answer;
  const body = fromJson(answer.text);
  const told = z.safeParse(operation, body);
  if (told.success) return { kind: 'operation', operation: told.data };
  const refusal = z.safeParse(problemBody, body);
  const code = refusal.success ? refusal.data.code : '';
  // A gateway's own 403 carries no code of ours; NOT_OPERATOR does, and is about the person.
  if (status === 401 || code === 'FORBIDDEN' || (status === 403 && code === '')) {
    return { kind: 'denied', why: `it answered ${status}` };
  }
  if (refusal.success) return { kind: 'problem', status, code, message: refusal.data.message };
  return { kind: 'unreachable', why: `HTTP ${status}` };
}
