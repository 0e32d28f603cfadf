import { CreateIPSetCommand, CreateRuleGroupCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import type { EnvironmentConfig } from '../config/schema.ts';
import { metricName, ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import type { Account } from './accounts.ts';
import type { Clock } from './clock.ts';

/** As many WCU as the stacks reserve: capacity can never be changed later. */
const RULE_GROUP_CAPACITY = 250;
/** WAF takes one create per second: on the local clock that second passes at once. */
const BETWEEN_CREATES_MS = 1_100;

/** Creates rule groups and IP sets, empty, as `cdk deploy` does: through the real protocol. */
export async function provision(
  account: Account,
  { services }: EnvironmentConfig,
  waf: { url: string },
  clock: Clock,
): Promise<void> {
  const { environment } = account;
  for (const { name, targets } of services) {
    for (const { scope, region } of targets) {
      const client = new WAFV2Client({
        region,
        endpoint: waf.url,
        credentials: { accessKeyId: account.accessKeyId, secretAccessKey: 'local' },
      });
      const group = ruleGroupName({ environment, service: name });
      await client.send(
        new CreateRuleGroupCommand({
          Name: group,
          Scope: scope,
          Capacity: RULE_GROUP_CAPACITY,
          VisibilityConfig: {
            SampledRequestsEnabled: true,
            CloudWatchMetricsEnabled: true,
            MetricName: metricName(name),
          },
        }),
      );
      for (const version of ['IPV4', 'IPV6'] as const) {
        const set = {
          Name: `${group}-${version.toLowerCase()}`,
          Scope: scope,
          IPAddressVersion: version,
          Addresses: [],
        };
        await client.send(new CreateIPSetCommand(set));
        clock.moveTo(clock.now() + BETWEEN_CREATES_MS);
      }
      client.destroy();
    }
  }
}
