import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { type RequestOptions, request } from 'node:https';
import type { Observation } from './evidence.ts';

/** One request to a site from outside, at its host's n-th address (they are taken in turn). Never throws: see `unknown`. */
export type Probe = (url: string, nth: number) => Promise<Observation>;

/** For the whole request, name resolution included. */
const PROBE_TIMEOUT_MS = 5_000;

/** Asks over a fresh connection, without following redirects and past any cache. */
export const probe: Probe = async (url, nth) => {
  const deadline = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const tooLate = new Promise<never>((_resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new Error('TIMEOUT')), { once: true });
  });
  try {
    return await Promise.race([resolveAndAsk(url, nth, deadline), tooLate]);
  } catch (error) {
    return { kind: 'unknown', why: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
  }
};

async function resolveAndAsk(url: string, nth: number, signal: AbortSignal): Promise<Observation> {
  const { hostname } = new URL(url);
  const addresses = await lookup(hostname, { all: true });
  const chosen = addresses[nth % addresses.length];
  if (!chosen) return { kind: 'unknown', why: `${hostname} has no address` };
  return ask(url, chosen, signal);
}

type Address = Readonly<{ address: string; family: number }>;

function ask(url: string, { address, family }: Address, signal: AbortSignal): Promise<Observation> {
  const target = new URL(url);
  target.searchParams.set('drawbridge-probe', randomBytes(6).toString('hex'));
  const options: RequestOptions = {
    agent: false,
    signal,
    headers: { 'cache-control': 'no-cache', accept: 'text/html', 'user-agent': 'drawbridge-probe' },
    lookup: (_hostname, wanted, done) => {
      if (wanted.all) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  };
  return new Promise((resolve, reject) => {
    const asking = request(target, options, (response) => {
      const header = response.headers['x-maintenance-mode'];
      response.destroy();
      resolve({ kind: 'answered', status: response.statusCode ?? 0, maintenanceMode: header?.toString() });
    });
    asking.on('error', reject);
    asking.end();
  });
}
