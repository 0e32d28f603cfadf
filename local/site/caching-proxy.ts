import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type Listening, listen } from '../http-server.ts';
import { endToEnd, forward, forwardedFor } from './forward.ts';

export interface CachingProxyOptions {
  readonly port?: number;
  /** The URL of what stands behind it. */
  readonly origin: string;
  /** How long it serves a page that it was given, whatever became of the site since. */
  readonly keepsForMs: number;
  now(): number;
}

export interface CachingProxy extends Listening {
  /** As people do it in a CDN's console: what was kept is forgotten. */
  invalidate(): void;
}

interface Kept {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly until: number;
}

/**
 * A CDN of somebody else, before the site's firewall: it keeps good answers to GET by their URL, and asks anew only for what
 * it does not have, or for who says no-cache. What says no-store is not kept.
 */
export async function startCachingProxy({ port, origin, keepsForMs, now }: CachingProxyOptions): Promise<CachingProxy> {
  const kept = new Map<string, Kept>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const key = `${request.headers.host} ${request.url}`;
    const copy = kept.get(key);
    const mayKeep = request.method === 'GET' && !/no-cache|no-store/.test(request.headers['cache-control'] ?? '');
    if (!mayKeep) return forward(request, response, origin, 'CDN');
    if (copy && copy.until > now()) return answer(response, copy, 'Hit');
    request.resume();
    fetchFrom(origin, request).then(
      (fresh) => {
        const isKept = fresh.status === 200 && !/no-store|private/.test(fresh.headers['cache-control'] ?? '');
        if (isKept) kept.set(key, { ...fresh, until: now() + keepsForMs });
        answer(response, fresh, 'Miss');
      },
      () => {
        response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' });
        response.end('Bad Gateway');
      },
    );
  };
  const listening = await listen(onRequest, port, { ipv6: true });
  return { ...listening, invalidate: () => kept.clear() };
}

function answer(response: ServerResponse, { status, headers, body }: Omit<Kept, 'until'>, cache: 'Hit' | 'Miss'): void {
  response.writeHead(status, { ...endToEnd(headers), 'content-length': body.length, 'x-cache': cache });
  response.end(body);
}

function fetchFrom(origin: string, request: IncomingMessage): Promise<Omit<Kept, 'until'>> {
  const { hostname, port } = new URL(origin);
  const headers = { ...endToEnd(request.headers), 'x-forwarded-for': forwardedFor(request) };
  return new Promise((resolve, reject) => {
    const outgoing = send({ hostname, port, path: request.url, method: 'GET', headers, agent: false }, (fresh) => {
      const chunks: Buffer[] = [];
      fresh.on('data', (chunk: Buffer) => chunks.push(chunk));
      fresh.on('error', reject);
      fresh.on('end', () =>
        resolve({ status: fresh.statusCode ?? 502, headers: fresh.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
