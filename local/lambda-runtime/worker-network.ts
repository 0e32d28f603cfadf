import dns from 'node:dns';
import http, { type ClientRequest, type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import type { Hosts } from './messages.ts';
import { isLoopback, notFound, type Route, routeOf, unreachable } from './network-routes.ts';

/**
 * The outside network of this thread: DNS and TLS terminators in one. Names in `hosts` lead to plain HTTP on
 * this machine with their Host header kept; loopback stays loopback; everything else does not exist.
 */
export function installNetwork(hosts: Hosts): void {
  installDns(hosts);
  installRequests(hosts);
  installFetch(hosts);
  syncBuiltinESMExports();
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address?: unknown, family?: number) => void;

function installDns(hosts: Hosts): void {
  const find = (name: string): string | undefined => {
    if (hosts[name]) return hosts[name].address ?? '127.0.0.1';
    if (isIP(name)) return name;
    return isLoopback(name) ? '127.0.0.1' : undefined;
  };
  const lookup = (name: string, options: unknown, given?: LookupCallback) => {
    const callback = (typeof options === 'function' ? options : given) as LookupCallback;
    const all = typeof options === 'object' && (options as { all?: boolean } | null)?.all === true;
    const address = find(name);
    process.nextTick(() => {
      if (!address) callback(notFound(name));
      else if (all) callback(null, [{ address, family: isIP(address) }]);
      else callback(null, address, isIP(address));
    });
  };
  const lookupPromise = async (name: string, options?: unknown) => {
    const address = find(name);
    if (!address) throw notFound(name);
    const found = { address, family: isIP(address) };
    return (options as { all?: boolean } | undefined)?.all === true ? [found] : found;
  };
  Object.assign(dns, { lookup });
  Object.assign(dns.promises, { lookup: lookupPromise });
  for (const part of [dns, dns.promises]) refuseResolvers(part as unknown as Record<string, unknown>);
}

/** These would ask the machine's own DNS servers. */
function refuseResolvers(part: Record<string, unknown>): void {
  for (const name of Object.keys(part).filter((key) => /^(resolve|reverse|lookupService|Resolver$)/.test(key))) {
    part[name] = function refused() {
      throw new Error(`dns.${name} is not supported by the local Lambda runtime`);
    };
  }
}

type Request = (...given: unknown[]) => ClientRequest;

function installRequests(hosts: Hosts): void {
  const overHttp = http.request as Request;
  for (const [module, protocol] of [[http, 'http:'] as const, [https, 'https:'] as const]) {
    const real = module.request as Request;
    const request: Request = (...given) => {
      const { options, callback } = normalised(given);
      const route = routeOf(hosts, options);
      if (route.kind === 'loopback') return real(...given);
      return overHttp(rewritten(options, route, protocol), callback);
    };
    const get: Request = (...given) => {
      const made = request(...given);
      made.end();
      return made;
    };
    Object.assign(module, { request, get });
  }
}

/** The three ways to call `request`, as one. */
function normalised(given: unknown[]): { options: RequestOptions; callback?: unknown } {
  const [first, second] = given;
  const callback = given.find((one) => typeof one === 'function');
  const isUrl = typeof first === 'string' || first instanceof URL;
  const fromUrl = isUrl ? urlToHttpOptions(new URL(first)) : {};
  const given2 = isUrl ? second : first;
  const more = typeof given2 === 'object' && given2 !== null ? given2 : {};
  return { options: { ...fromUrl, ...more } as RequestOptions, callback };
}

function rewritten(
  options: RequestOptions,
  route: Exclude<Route, { kind: 'loopback' }>,
  protocol: string,
): RequestOptions {
  const { host: _, hostname: __, port, headers = {}, agent, protocol: ___, lookup: ____, ...kept } = options;
  if (Array.isArray(headers)) throw new Error('Headers as an array are not supported by the local Lambda runtime');
  const usualPort = protocol === 'https:' ? 443 : 80;
  const suffix = port && Number(port) !== usualPort ? `:${port}` : '';
  const hasHost = Object.keys(headers).some((name) => name.toLowerCase() === 'host');
  const common = {
    ...kept,
    protocol: 'http:',
    headers: hasHost ? headers : { ...headers, host: `${route.name}${suffix}` },
    // An agent for TLS cannot make plain connections.
    agent: agent === false ? false : undefined,
  };
  if (route.kind === 'mapped') return { ...common, host: route.address, port: route.port };
  const error = isIP(route.name) ? unreachable(route.name, Number(port ?? usualPort)) : notFound(route.name);
  const lookup = (_name: string, _options: unknown, callback: LookupCallback) => callback(error);
  return { ...common, host: 'nowhere.invalid', agent: false, lookup: lookup as RequestOptions['lookup'] };
}

function installFetch(hosts: Hosts): void {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const mapped = hosts[url.hostname];
    if (mapped) {
      throw new TypeError(`fetch of ${url.hostname} is not supported by the local Lambda runtime: use node:https`);
    }
    if (isLoopback(url.hostname)) return real(request);
    throw new TypeError('fetch failed', { cause: notFound(url.hostname) });
  };
}
