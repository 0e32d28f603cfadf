import { type Config, type TargetConfig, targetName, titleOf } from '../config/schema.ts';
import type { Account } from './accounts.ts';
import type { Opened } from './cleanup.ts';
import { startCachingProxy } from './site/caching-proxy.ts';
import { startEdge } from './site/edge.ts';
import { startShop } from './site/shop.ts';
import type { Trace } from './trace.ts';
import type { DataPlane } from './waf/start.ts';

/** One door of a service, as the outside reaches it. */
export interface Site {
  readonly environment: string;
  readonly service: string;
  readonly target: string;
  readonly url: string;
  readonly port: number;
  /** The names in the config's probe URLs that lead here. */
  readonly hosts: readonly string[];
  /** Empties the cache before it, if there is one. */
  invalidate(): void;
}

export interface SitesOptions {
  readonly config: Config;
  readonly accounts: Readonly<Record<string, Account>>;
  readonly dataPlane: DataPlane;
  /** Of the first service's outermost door; the others' are the machine's choice. */
  readonly firstPort: number;
  readonly opened: Opened;
  readonly now: () => number;
  readonly trace: Trace;
  /** Somebody's CDN stands before the outermost door of each service and keeps pages for so long. Left out: none does. */
  readonly cachedForMs?: number | undefined;
}

const hostsOf = ({ verification }: TargetConfig): string[] =>
  verification === 'none' ? [] : [...new Set(verification.urls.map((url) => new URL(url).hostname))];

/** The load balancers first: CloudFront stands in front of one. */
const innermostFirst = (targets: readonly TargetConfig[]): TargetConfig[] =>
  [...targets].sort((a, b) => Number(a.scope === 'CLOUDFRONT') - Number(b.scope === 'CLOUDFRONT'));

/** A proof sends hundreds of probes: each answer is told once a second at most. */
function newsOnly(now: () => number, tell: (said: string) => void): (said: string) => void {
  const told = new Map<string, number>();
  return (said) => {
    if (now() - (told.get(said) ?? 0) < 1_000) return;
    told.set(said, now());
    tell(said);
  };
}

/** A demo shop for every service, behind one edge for each of its targets. */
export async function startSites({
  config,
  accounts,
  dataPlane,
  firstPort,
  opened,
  now,
  trace,
  cachedForMs,
}: SitesOptions): Promise<Site[]> {
  const sites: Site[] = [];
  let port = firstPort;
  for (const [environment, { services }] of Object.entries(config.environments)) {
    for (const service of services) {
      const { name, targets } = service;
      let origin = opened(await startShop({ title: titleOf(service) })).url;
      const doors: Site[] = [];
      const ordered = innermostFirst(targets);
      for (const target of ordered) {
        const outermost = target === ordered.at(-1);
        const edge = opened(
          await startEdge({
            port: outermost && cachedForMs === undefined ? port : 0,
            name: target.scope === 'CLOUDFRONT' ? 'CloudFront' : 'load balancer',
            dataPlane,
            corner: {
              account: (accounts[environment] as Account).accountId,
              region: target.region,
              scope: target.scope,
            },
            ruleGroup: `drawbridge-${name}`,
            origin,
            onProbe: newsOnly(now, (said) =>
              trace({
                at: now(),
                part: 'probe',
                what: `${name} at ${targetName(target)}`,
                said,
                ok: true,
                environment,
              }),
            ),
          }),
        );
        const isCached = outermost && cachedForMs !== undefined;
        const cdn = isCached
          ? opened(await startCachingProxy({ port, origin: edge.url, keepsForMs: cachedForMs, now }))
          : undefined;
        const { url, port: own } = cdn ?? edge;
        doors.unshift({
          environment,
          service: name,
          target: targetName(target),
          url,
          port: own,
          hosts: hostsOf(target),
          invalidate: () => cdn?.invalidate(),
        });
        origin = url;
      }
      sites.push(...doors);
      port = 0;
    }
  }
  return sites;
}
