import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isExempt } from '../../config/lets-through.ts';
import type { ServiceConfig, TargetConfig } from '../../config/schema.ts';
import { broken, type Finding, ok } from './finding.ts';

/**
 * A load balancer's own health checks go from it to its targets, behind the firewall: maintenance never meets them. But a
 * network load balancer that has this one as its target asks it through its listener, where the firewall stands: it would
 * take the whole site out of service while it is closed.
 */
export type HealthCheck = Pick<TargetGroup, 'TargetGroupName' | 'HealthCheckPath' | 'Matcher'>;

const CLOSED = 503;

/** @param checks - Of the target groups that have this load balancer as a target. */
export function judgeHealthChecks(
  loadBalancer: string,
  checks: readonly HealthCheck[],
  service: Pick<ServiceConfig, 'exemptPaths' | 'hosts'>,
): Finding[] {
  // They ask by the load balancer's address, and so for none of its hosts.
  const met = service.hosts.length > 0 ? [] : checks;
  const failing = met.filter(
    ({ HealthCheckPath = '/', Matcher }) =>
      !isExempt(service, withoutQuery(HealthCheckPath)) && !accepts(Matcher?.HttpCode, CLOSED),
  );
  if (failing.length === 0) return [ok(`No health check of ${loadBalancer} meets the maintenance page.`)];
  return failing.map(({ TargetGroupName, HealthCheckPath = '/' }) =>
    broken(
      `${TargetGroupName} asks ${loadBalancer} for ${HealthCheckPath}, which is closed during maintenance: the site would go out of service.`,
      `Add ${HealthCheckPath} to the service’s exemptPaths, and deploy.`,
    ),
  );
}

const withoutQuery = (path: string): string => path.split('?')[0] ?? path;

/** Such as `200,302` or `200-399`. */
function accepts(codes = '', status: number): boolean {
  return codes.split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number);
    return from <= status && status <= to;
  });
}

/**
 * CloudFront appends the client's address to the header; a client that reaches the load balancer past it writes all of the header
 * himself, and so a tester's address. Probes that reach it show that others can.
 */
export function judgeOrigin({ cloudFront }: ServiceConfig, { clientAddress, verification }: TargetConfig): Finding[] {
  if (!cloudFront || clientAddress === 'source-ip' || verification === 'none') return [];
  return [
    broken(
      `It can be reached past CloudFront (${verification.urls[0]} is probed): who writes ${clientAddress.header} himself is let in with the testers.`,
      'Let its security group admit CloudFront alone (prefix list com.amazonaws.global.cloudfront.origin-facing), ' +
        'and set verification of this target to "none".',
    ),
  ];
}
