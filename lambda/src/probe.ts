import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { type RequestOptions, request } from 'node:https';
import type { Observation } from './proof.ts';

/** One look at a site from outside. Never throws: what cannot be seen is unknown. */
export type Probe = (url: string, attempt: number) => Promise<Observation>;

const PROBE_TIMEOUT_MS = 5_000;

/**
 * Asks one of the host's addresses (in turn) over a fresh connection, without following redirects and past any cache.
 */
export const probe: Probe = async (url, attempt) => {
  try {
    const { hostname } = new URL(url);
    const addresses = await lookup(hostname, { all: true });
    const chosen = addresses[attempt % addresses.length];
    if (!chosen) return { kind: 'unknown', why: `${hostname} has no address` };
    return await look(url, chosen);
  } catch (error) {
    return { kind: 'unknown', why: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
  }
};

function look(url: string, { address, family }: { address: string; family: number }): Promise<Observation> {
  const target = new URL(url);
  target.searchParams.set('drawbridge-probe', randomBytes(6).toString('hex'));
  const options: RequestOptions = {
    agent: false,
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
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
