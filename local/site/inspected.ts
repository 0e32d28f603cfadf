import type { IncomingMessage } from 'node:http';
import type { InspectedRequest } from '../waf/match.ts';

/** The address at the other end of the connection; an IPv4 address is told as one. */
export const clientAddress = ({ socket }: IncomingMessage): string =>
  (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');

/** The path and query as they were sent; a request for a whole URL means that URL's. */
export function splitTarget(target: string): { path: string; query: string } {
  const local = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const at = local.indexOf('?');
  const path = at < 0 ? local : local.slice(0, at);
  return { path: path || '/', query: at < 0 ? '' : local.slice(at + 1) };
}

/** What WAF gets to see of a request: line and headers as they arrived. */
export function inspected(request: IncomingMessage): InspectedRequest {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values ?? []] as const);
  return {
    method: request.method ?? 'GET',
    ...splitTarget(request.url ?? '/'),
    headers: Object.fromEntries(headers),
    sourceIp: clientAddress(request),
  };
}
