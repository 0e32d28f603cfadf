import { type Config, type ServiceConfig, targetName } from '../../contract/config.ts';
import config from '../../drawbridge.config.ts';
import { capacityOf } from './capacity.ts';
import { renderRules } from './maintenance-rules.ts';
import type { Pages } from './pages.ts';

/** As many WCU as every rule group is created with; it can never be changed. */
export const RULE_GROUP_CAPACITY = 250;
/** WAF's quota for one custom response body, in bytes. */
const MAX_BODY_BYTES = 4_096;

/** The committed config and the pages do not fit into WAF. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
}

/** Checks at build what WAF would refuse at night. @returns what the Lambdas read as config.json. */
export function checkConfig(pages: Pages): { config: Config; pages: Pages } {
  for (const { services, retryAfterSeconds } of Object.values(config.environments)) {
    for (const service of services) checkRules(service, pages, retryAfterSeconds);
  }
  return { config, pages };
}

/** @throws RulesError - Names the service, the size and the remedy. */
export function checkRules(service: ServiceConfig, pages: Pages, retryAfterSeconds: number): void {
  for (const target of service.targets) {
    // The most that the rules can ever be: testers let in by both kinds of addresses, and a plan of another day.
    const { Rules, CustomResponseBodies = {} } = renderRules({
      service,
      target,
      state: { mode: 'maintenance-allowlist', revision: 1, allowlist: [], plannedEnd: '2999-12-31T23:59:59Z' },
      pages,
      retryAfterSeconds,
      allowlistArns: ['ipv4', 'ipv6'],
      now: 0,
    });
    for (const [key, { Content = '' }] of Object.entries(CustomResponseBodies)) {
      const size = Buffer.byteLength(Content);
      if (size > MAX_BODY_BYTES)
        throw new RulesError(tooLarge(key === 'page' ? 'page.html' : 'api.json', size, service.name));
    }
    const wcu = capacityOf(Rules);
    if (wcu > RULE_GROUP_CAPACITY) {
      throw new RulesError(
        `drawbridge.config.ts: the rules of service "${service.name}" (${targetName(target)}) need ${wcu} WCU, and its ` +
          `rule group has ${RULE_GROUP_CAPACITY}. Name fewer exemptPaths with a prefix, or fewer apiOrigins.`,
      );
    }
  }
}

const tooLarge = (file: string, size: number, service: string): string =>
  `maintenance-page/${file} is ${size} bytes for service "${service}". WAF takes ${MAX_BODY_BYTES} at most: ` +
  `make it ${size - MAX_BODY_BYTES} bytes shorter.`;
