import {
  AssociateWebACLCommand,
  CreateRuleGroupCommand,
  CreateWebACLCommand,
  DeleteWebACLCommand,
  GetRuleGroupCommand,
  GetWebACLCommand,
  type Rule,
  UpdateRuleGroupCommand,
  UpdateWebACLCommand,
} from '@aws-sdk/client-wafv2';
import { REAL_QUOTAS } from '../../local/waf/throttle.ts';
import type { VirtualAws } from './virtual-aws.ts';

/** WAF for one who knows its rates and never asks too early: nothing that is compared with Drawbridge loses time to throttling. */

const Scope = 'REGIONAL' as const;
const MARGIN_MS = 1;

const visibility = (MetricName: string) => ({
  SampledRequestsEnabled: false,
  CloudWatchMetricsEnabled: false,
  MetricName,
});

/** What each contender closes with: one rule that answers 503 to everybody. */
export const closing = (action: 'Block' | 'Count'): Rule => ({
  Name: 'maintenance',
  Priority: 0,
  Statement: { NotStatement: { Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: 'drawbridge:tester' } } } },
  Action: action === 'Block' ? { Block: { CustomResponse: { ResponseCode: 503 } } } : { Count: {} },
  VisibilityConfig: visibility('maintenance'),
});

export const reference = (ARN: string): Rule => ({
  Name: 'drawbridge',
  Priority: 0,
  Statement: { RuleGroupReferenceStatement: { ARN } },
  OverrideAction: { None: {} },
  VisibilityConfig: visibility('drawbridge'),
});

export interface Named {
  readonly Name: string;
  readonly Id: string;
  readonly ARN: string;
}

export type PacedWaf = ReturnType<typeof createPacedWaf>;

export function createPacedWaf({ time, wafClient }: VirtualAws) {
  const client = wafClient();
  const nextAt = new Map<string, number>();

  /** At most so often a second. */
  async function turn(operation: string, rate: number): Promise<void> {
    const at = Math.max(time.now(), nextAt.get(operation) ?? 0);
    nextAt.set(operation, at + 1_000 / rate + MARGIN_MS);
    if (at > time.now()) await time.sleep(at - time.now());
  }
  const { writesPerSecond: writes, readsPerSecond: reads, associationsPerSecond: associations } = REAL_QUOTAS;
  const placed = ({ Name, Id }: Named) => ({ Name, Id, Scope });

  return {
    async createGroup(Name: string): Promise<Named> {
      await turn('CreateRuleGroup', writes);
      const input = { Name, Scope, Capacity: 250, VisibilityConfig: visibility(Name) };
      const { Summary } = await client.send(new CreateRuleGroupCommand(input));
      return Summary as Named;
    },
    async createWebAcl(Name: string, Rules: Rule[] = []): Promise<Named> {
      await turn('CreateWebACL', writes);
      const input = { Name, Scope, Rules, DefaultAction: { Allow: {} }, VisibilityConfig: visibility(Name) };
      const { Summary } = await client.send(new CreateWebACLCommand(input));
      return Summary as Named;
    },
    /** A get, and the update that follows it. */
    async setRules(webAcl: Named, Rules: Rule[]): Promise<void> {
      await turn('GetWebACL', reads);
      const { LockToken } = await client.send(new GetWebACLCommand(placed(webAcl)));
      await turn('UpdateWebACL', writes);
      const rest = { DefaultAction: { Allow: {} }, VisibilityConfig: visibility(webAcl.Name) };
      await client.send(new UpdateWebACLCommand({ ...placed(webAcl), LockToken, Rules, ...rest }));
    },
    /** The same of a rule group. */
    async setGroupRules(group: Named, Rules: Rule[]): Promise<void> {
      await turn('GetRuleGroup', reads);
      const { LockToken } = await client.send(new GetRuleGroupCommand(placed(group)));
      await turn('UpdateRuleGroup', writes);
      const rest = { VisibilityConfig: visibility(group.Name) };
      await client.send(new UpdateRuleGroupCommand({ ...placed(group), LockToken, Rules, ...rest }));
    },
    async associate({ ARN: WebACLArn }: Named, ResourceArn: string): Promise<void> {
      await turn('AssociateWebACL', associations);
      await client.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn }));
    },
    async remove(webAcl: Named): Promise<void> {
      await turn('GetWebACL', reads);
      const { LockToken } = await client.send(new GetWebACLCommand(placed(webAcl)));
      await turn('DeleteWebACL', writes);
      await client.send(new DeleteWebACLCommand({ ...placed(webAcl), LockToken }));
    },
  };
}
