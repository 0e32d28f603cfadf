import { WebClient } from '@slack/web-api';

/** What Slack says of a bot token. */
export interface SlackIdentity {
  readonly workspace: string;
  readonly scopes: readonly string[];
}

const TIMEOUT_MS = 10_000;

/** @throws Error - Slack does not take the token, or does not answer. Its message holds no token. */
export async function slackIdentity(token: string): Promise<SlackIdentity> {
  const client = new WebClient(token, {
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  const { team_id = '', response_metadata } = await client.auth.test();
  return { workspace: team_id, scopes: response_metadata?.scopes ?? [] };
}
