import {
  CreateRuleGroupCommand,
  GetRuleGroupCommand,
  UpdateRuleGroupCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { createClock } from '../local/clock.ts';
import { startWaf } from '../local/waf/start.ts';
import { seconds, table } from './table.ts';

/**
 * Closing a service that stands behind N web ACLs, at WAF's own pace of one write a second for an account and region: one
 * rule group that all of them refer to, beside one write for each. The local WAF has no web ACLs to write to; a rule group of
 * its own stands for each, as it takes the same two calls and the same pace.
 */

const SIZES = [1, 5, 25];
const RULE = {
  Name: 'closed',
  Priority: 0,
  Action: { Block: { CustomResponse: { ResponseCode: 503 } } },
  Statement: {
    NotStatement: { Statement: { LabelMatchStatement: { Scope: 'LABEL' as const, Key: 'drawbridge:allowlisted' } } },
  },
  VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'closed' },
};
const VISIBILITY = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'group' };

export async function benchClosing(): Promise<string> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const one = await close(1);
    const each = await close(size);
    rows.push([`${size} web ACLs`, seconds(one), seconds(each)]);
  }
  return table(['closing behind', 'one rule group', 'one write for each'], rows);
}

/** @returns How long it took on the local clock, in milliseconds. */
async function close(groups: number): Promise<number> {
  const clock = createClock();
  const waf = await startWaf({ port: 0, clock });
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'local' };
  const client = new WAFV2Client({ region: 'eu-west-1', endpoint: waf.url, credentials, maxAttempts: 1 });
  try {
    const ids: string[] = [];
    for (let at = 0; at < groups; at += 1) {
      const made = await client.send(
        new CreateRuleGroupCommand({
          Name: `group-${at}`,
          Scope: 'REGIONAL',
          Capacity: 10,
          VisibilityConfig: VISIBILITY,
        }),
      );
      ids.push(made.Summary?.Id as string);
      clock.moveTo(clock.now() + 1_100);
    }
    const from = clock.now();
    for (const [at, Id] of ids.entries()) {
      const place = { Name: `group-${at}`, Scope: 'REGIONAL' as const, Id };
      const { LockToken } = await client.send(new GetRuleGroupCommand(place));
      await patiently(clock, () =>
        client.send(new UpdateRuleGroupCommand({ ...place, LockToken, Rules: [RULE], VisibilityConfig: VISIBILITY })),
      );
    }
    return clock.now() - from;
  } finally {
    client.destroy();
    await waf.close();
  }
}

/** Waits out the pace on the local clock, which passes at once. */
async function patiently(clock: ReturnType<typeof createClock>, send: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await send();
      return;
    } catch (error) {
      if (!/Throttl|TooMany/i.test((error as Error).name)) throw error;
      clock.moveTo(clock.now() + 100);
    }
  }
  throw new Error('WAF kept refusing the write.');
}
