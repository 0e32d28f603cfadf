import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { clientAddress, splitTarget } from './inspected.ts';

/** They belong to one connection, not to the message. @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

export function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

/** CloudFront and load balancers append the address of the connection; what the client sent stays in front. */
export function forwardedFor(request: IncomingMessage): string {
  const before = request.headers['x-forwarded-for'];
  return [...(before ? [before] : []), clientAddress(request)].join(', ');
}

/**
 * Passes a request on to the origin and its answer back, both streamed. An origin that cannot be reached is 502.
 *
 * @param via - How the answers name this proxy.
 */
export function forward(request: IncomingMessage, response: ServerResponse, origin: string, via: string): void {
  const { path, query } = splitTarget(request.url ?? '/');
  const { hostname, port } = new URL(origin);
  const headers = {
    ...endToEnd(request.headers),
    'x-forwarded-for': forwardedFor(request),
    ...(request.headers['transfer-encoding'] ? { 'transfer-encoding': 'chunked' } : {}),
  };
  const target = `${path}${query ? `?${query}` : ''}`;
  const outgoing = send({ hostname, port, path: target, method: request.method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { ...endToEnd(answer.headers), via: `1.1 ${via}` });
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy();
    else badGateway(request, response);
  });
  response.on('close', () => outgoing.destroy());
  request.pipe(outgoing);
}

function badGateway(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('Bad Gateway');
}
