import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { networkInterfaces } from 'node:os';
import type { Observation, Way } from './evidence.ts';

/** One request to a site from outside, at its host's n-th address (they are taken in turn). Never throws: see `unknown`. */
export type Probe = (url: string, nth: number, way: Way) => Promise<Observation>;

type Address = Readonly<{ address: string; family: number }>;

/** The way out of this machine. */
export interface WayOut {
  addressesOf(hostname: string): Promise<readonly Address[]>;
  request(url: URL, options: RequestOptions, onAnswer: (response: IncomingMessage) => void): ClientRequest;
  readonly hasIpv6: boolean;
  /** Name resolution included. */
  readonly timeoutMs: number;
}

/** Asks over a fresh connection, without following redirects. */
export const createProbe =
  (out: WayOut): Probe =>
  async (url, nth, way) => {
    const deadline = AbortSignal.timeout(out.timeoutMs);
    const tooLate = new Promise<never>((_resolve, reject) => {
      deadline.addEventListener('abort', () => reject(new Error('TIMEOUT')));
    });
    try {
      return await Promise.race([resolveAndAsk(out, url, nth, way, deadline), tooLate]);
    } catch (error) {
      return { kind: 'unknown', why: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
    }
  };

async function resolveAndAsk(
  out: WayOut,
  url: string,
  nth: number,
  way: Way,
  signal: AbortSignal,
): Promise<Observation> {
  const target = new URL(url);
  const addresses = within(out, await out.addressesOf(target.hostname));
  const chosen = addresses[nth % addresses.length];
  if (!chosen) return { kind: 'unknown', why: `${target.hostname} has no address` };
  return ask(out, target, chosen, way, signal);
}

/** Whether one of these has an address that reaches further than its own link. */
export const reachesIpv6 = (interfaces: ReturnType<typeof networkInterfaces>): boolean =>
  Object.values(interfaces).some((own) =>
    own?.some(({ family, internal, scopeid }) => family === 'IPv6' && !internal && !scopeid),
  );

/** Lambda has no way to IPv6: half the probes of a host with both would never get an answer. */
function within({ hasIpv6 }: WayOut, addresses: readonly Address[]): readonly Address[] {
  const ipv4 = addresses.filter(({ family }) => family === 4);
  return hasIpv6 || ipv4.length === 0 ? addresses : ipv4;
}

/** The internet, over TLS. */
export const probe: Probe = createProbe({
  addressesOf: (hostname) => lookup(hostname, { all: true }),
  request,
  hasIpv6: reachesIpv6(networkInterfaces()),
  timeoutMs: 5_000,
});

/** Browsers' own, so that a cache answers as it answers them; and a name, for readers of the site's logs. */
const HEADERS: Readonly<Record<Way, Readonly<Record<string, string>>>> = {
  'past-caches': { 'cache-control': 'no-cache', accept: 'text/html', 'user-agent': 'drawbridge-probe' },
  'as-visitor': {
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'accept-encoding': 'gzip, deflate, br',
    'accept-language': 'en',
    'user-agent': 'Mozilla/5.0 (compatible; drawbridge-probe)',
  },
};

function ask(
  out: WayOut,
  target: URL,
  { address, family }: Address,
  way: Way,
  signal: AbortSignal,
): Promise<Observation> {
  if (way === 'past-caches') target.searchParams.set('drawbridge-probe', randomBytes(6).toString('hex'));
  const options: RequestOptions = {
    agent: false,
    signal,
    headers: HEADERS[way],
    // With its family it is asked for as one address, not as a list.
    family,
    lookup: (_hostname, _wanted, done) => done(null, address, family),
  };
  return new Promise((resolve, reject) => {
    const asking = out.request(target, options, (response) => {
      const header = response.headers['x-maintenance-mode'];
      response.destroy();
      resolve({ kind: 'answered', status: response.statusCode as number, maintenanceMode: header?.toString() });
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** The same probe, so many at once at most; the others wait for their turn. */
export function atOnce(most: number, one: Probe): Probe {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (...asked) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await one(...asked);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
