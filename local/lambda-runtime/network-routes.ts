import type { RequestOptions } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Hosts } from './messages.ts';

/** Where a request goes. */
export type Route =
  | { readonly kind: 'loopback' }
  | { readonly kind: 'mapped'; readonly name: string; readonly address: string; readonly port: number }
  | { readonly kind: 'nowhere'; readonly name: string };

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(name: string): boolean {
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(bare);
  return version === 0 ? bare === 'localhost' : loopback.check(bare, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * A name in `hosts` is mapped, also when the caller has resolved it already and names it only as
 * `servername` or in the Host header.
 */
export function routeOf(hosts: Hosts, options: RequestOptions & { servername?: string }): Route {
  const asked = withoutPort(String(options.hostname ?? options.host ?? 'localhost'));
  const names = isLoopback(asked) ? [options.servername, hostHeader(options), asked] : [asked];
  const name = names.find((one): one is string => one !== undefined && hosts[one] !== undefined);
  if (name !== undefined) {
    const { port, address = '127.0.0.1' } = hosts[name] as Hosts[string];
    return { kind: 'mapped', name, address, port };
  }
  return isLoopback(asked) ? { kind: 'loopback' } : { kind: 'nowhere', name: asked };
}

function hostHeader({ headers }: RequestOptions): string | undefined {
  const found = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'host')?.[1];
  return found === undefined ? undefined : withoutPort(String(found));
}

function withoutPort(host: string): string {
  return /^(\[.*\]|[^:]*)(:\d+)?$/.exec(host)?.[1]?.toLowerCase() ?? host.toLowerCase();
}

/** As the resolver of the machine says it. */
export function notFound(hostname: string): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  return Object.assign(error, { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname });
}

export function unreachable(address: string, port: number): NodeJS.ErrnoException {
  const error = new Error(`connect ENETUNREACH ${address}:${port}`);
  return Object.assign(error, { code: 'ENETUNREACH', errno: -101, syscall: 'connect', address, port });
}
