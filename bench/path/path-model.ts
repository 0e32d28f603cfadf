import { secondsOf, type WakeUp } from '../costs/wake-up.ts';
import { BenchSheet, configOf, deploy, nightOn, provisionVirtually } from '../deployment/deployment.ts';
import { startVirtualAws } from '../deployment/virtual-aws.ts';
import { LATENCY } from '../latency.ts';

/** What an edit would take on the real platforms, put together from what was counted and what calls are assumed to take. */

/** Parts of a path, in milliseconds, one after another. */
export interface Parts {
  readonly script: number;
  readonly server: number;
  readonly waf: number;
  readonly row: number;
}

interface Counted {
  readonly sent: WakeUp;
  readonly shown: WakeUp;
}

export async function modelledPath({ sent, shown }: Counted): Promise<{ readonly warm: Parts; readonly cold: Parts }> {
  const { google, waf, gatewayMs, coldStartMs, tokenMs } = LATENCY;
  const { closedMs, answeredMs } = await virtualSync();
  const wafMs = waf.readMs + waf.writeMs;
  const warm = {
    // Its request is told apart, as what the other side needs is counted here.
    script: google.triggerMs + 1_000 * secondsOf(sent) - google.requestMs,
    server: google.fetchMs + gatewayMs + closedMs - wafMs,
    waf: wafMs,
    row: answeredMs - closedMs + 1_000 * (secondsOf(shown) - secondsOf(sent)),
  };
  return { warm, cold: { ...warm, server: warm.server + coldStartMs + tokenMs } };
}

/** One warm sync with a Go in it, by the virtual clock. */
async function virtualSync(): Promise<{ readonly closedMs: number; readonly answeredMs: number }> {
  const aws = await startVirtualAws('bucket');
  try {
    return await aws.time.run(async () => {
      const config = configOf(1);
      await provisionVirtually(aws, config);
      const api = deploy(aws, config).instance();
      const sheet = (id: string) => new BenchSheet(aws, api, nightOn(config), id);
      const before = sheet('release-41');
      await before.go('Enter maintenance');
      await before.go('Exit maintenance');
      await aws.time.sleep(60_000);
      const [from, first] = [aws.time.now(), aws.calls.length];
      const night = sheet('release-42');
      await night.begin(night.lines.slice(0, 1));
      const update = aws.calls.slice(first).find(({ operation }) => operation === 'UpdateRuleGroup');
      if (!update) throw new Error('The sync was answered before WAF was written to.');
      return { closedMs: update.at - from, answeredMs: aws.time.now() - from };
    });
  } finally {
    await aws.close();
  }
}
