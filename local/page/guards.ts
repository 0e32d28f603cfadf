import type { IncomingMessage } from 'node:http';
import { readBody } from '../http-server.ts';
import { PageProblem } from './page-problem.ts';

export const MAX_BODY_BYTES = 1024 * 1024;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** A name of somebody else's that resolves to this machine would make their pages same-origin with this one. */
export function checkHost({ headers }: IncomingMessage): void {
  if (LOOPBACK.test(headers.host ?? '')) return;
  throw new PageProblem('FOREIGN_HOST', 'This page is for this machine only. Open it as localhost or 127.0.0.1.');
}

/** Browsers name the page that a POST comes from; other programs name none. */
export function checkOrigin({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  if (origin === undefined || origin === `http://${host}`) return;
  throw new PageProblem('FOREIGN_ORIGIN', `Pages of ${origin} may not change this sheet. Use http://${host}/ instead.`);
}

/** @throws PageProblem NOT_JSON, MALFORMED_JSON; BodyTooLargeError */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new PageProblem('NOT_JSON', 'The body must be JSON. Send it with Content-Type: application/json.');
  }
  // Destroying the request would close the connection before the answer is out.
  const body = await readBody(request.iterator({ destroyOnReturn: false }), MAX_BODY_BYTES);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new PageProblem('MALFORMED_JSON', 'The body is not well-formed JSON in UTF-8.');
  }
}
