import type { ServiceConfig } from '../../../config/schema.ts';
import type { Observation } from './evidence.ts';
import type { Probe } from './probe.ts';
import { probedTargets } from './probes.ts';

/** What one page that is probed answers at the moment. */
export interface AskedPage {
  readonly target: string;
  readonly url: string;
  readonly seen: Observation;
}

/** Asks every page that would be probed, once. Proves nothing: it shows whether there is somebody to ask. */
export const askOnce = (probe: Probe, service: Pick<ServiceConfig, 'targets'>): Promise<AskedPage[]> =>
  Promise.all(
    probedTargets(service).flatMap(({ name, urls }) =>
      urls.map(async (url) => ({ target: name, url, seen: await probe(url, 0, 'past-caches') })),
    ),
  );
