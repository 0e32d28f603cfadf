import { targetName, titleOf } from '../config/names.ts';
import type { Config, ServiceConfig, TargetConfig } from '../config/schema.ts';
import { webAclKey } from '../config/web-acls.ts';
import { ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
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

interface Member {
  readonly service: ServiceConfig;
  readonly target: TargetConfig;
}

/** A proof sends hundreds of probes: each answer is told once a second at most. */
function newsOnly(now: () => number, tell: (said: string) => void): (said: string) => void {
  const told = new Map<string, number>();
  return (said) => {
    if (now() - (told.get(said) ?? 0) < 1_000) return;
    told.set(said, now());
    tell(said);
  };
}

/**
 * Whom each web ACL asks: services that share one have one door. The load balancers' first: CloudFront stands in front of
 * one.
 */
function doorsOf(environment: string, services: readonly ServiceConfig[]): [Member, ...Member[]][] {
  const members = services.flatMap((service) => service.targets.map((target) => ({ service, target })));
  members.sort((a, b) => Number(a.target.scope === 'CLOUDFRONT') - Number(b.target.scope === 'CLOUDFRONT'));
  const doors = new Map<string, [Member, ...Member[]]>();
  for (const member of members) {
    const { service, target } = member;
    const key = webAclKey(environment, service.name, target) ?? `${service.name} ${targetName(target)}`;
    const door = doors.get(key);
    if (door) door.push(member);
    else doors.set(key, [member]);
  }
  return [...doors.values()];
}

/** A demo shop for every service, behind one edge for each web ACL. */
export async function startSites(options: SitesOptions): Promise<Site[]> {
  const { config, firstPort, opened } = options;
  const sites: Site[] = [];
  for (const [environment, { services }] of Object.entries(config.environments)) {
    const origins = new Map<string, string>();
    for (const service of services) {
      origins.set(service.name, opened(await startShop({ title: titleOf(service) })).url);
    }
    const ofService = new Map<string, Site[]>();
    const doors = doorsOf(environment, services);
    const firstDoor =
      sites.length === 0 ? doors.findLast((door) => door.some(({ service }) => service === services[0])) : undefined;
    for (const door of doors) {
      const isOutermost = doors.findLast((one) => one.some(({ service }) => service === door[0].service)) === door;
      const place = { port: door === firstDoor ? firstPort : 0, isOutermost };
      const { url, port, invalidate } = await startDoor(options, environment, door, origins, place);
      for (const { service, target } of door) {
        const site = {
          environment,
          service: service.name,
          target: targetName(target),
          url,
          port,
          hosts: hostsOf(target),
          invalidate,
        };
        ofService.set(service.name, [site, ...(ofService.get(service.name) ?? [])]);
        origins.set(service.name, url);
      }
    }
    sites.push(...services.flatMap(({ name }) => ofService.get(name) ?? []));
  }
  return sites;
}

type Door = Pick<Site, 'url' | 'port' | 'invalidate'>;

async function startDoor(
  { accounts, dataPlane, now, trace, opened, cachedForMs }: SitesOptions,
  environment: string,
  door: readonly [Member, ...Member[]],
  origins: ReadonlyMap<string, string>,
  { port, isOutermost }: { readonly port: number; readonly isOutermost: boolean },
): Promise<Door> {
  const { target } = door[0];
  const { scope, region } = target;
  const what = `${door.map(({ service }) => service.name).join(', ')} at ${targetName(target)}`;
  const isCached = isOutermost && cachedForMs !== undefined;
  const edge = opened(
    await startEdge({
      port: isCached ? 0 : port,
      name: scope === 'CLOUDFRONT' ? 'CloudFront' : 'load balancer',
      dataPlane,
      corner: { account: (accounts[environment] as Account).accountId, region, scope },
      behind: door.map(({ service: { name, hosts } }) => ({
        ruleGroup: ruleGroupName({ environment, service: name }),
        hosts,
        origin: origins.get(name) as string,
      })),
      onProbe: newsOnly(now, (said) => trace({ at: now(), part: 'probe', what, said, ok: true, environment })),
    }),
  );
  if (!isCached) return { url: edge.url, port: edge.port, invalidate: () => {} };
  return opened(await startCachingProxy({ port, origin: edge.url, keepsForMs: cachedForMs, now }));
}
