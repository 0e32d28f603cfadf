import { createHmac, timingSafeEqual } from 'node:crypto';

/** What is wrong with a request's signature, or nothing. */
export type SignatureFault = 'missing' | 'old' | 'wrong';

export interface Signed {
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature`: `v0=` and 64 hex digits. */
  readonly signature: string | undefined;
  /** As it came: one byte that was decoded and encoded again is another body. */
  readonly body: Buffer;
}

/** Older than this it may be somebody's who listened; as far ahead it is no clock of Slack's. */
const LONGEST_MS = 5 * 60_000;

/**
 * Whether Slack signed this, with one of our secrets: two live while one is replaced.
 * @param now - Milliseconds since the epoch.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function signatureFault(
  { timestamp, signature, body }: Signed,
  secrets: readonly string[],
  now: number,
): SignatureFault | undefined {
  if (!timestamp || !signature) return 'missing';
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return 'wrong';
  if (Math.abs(now - Number(timestamp) * 1_000) > LONGEST_MS) return 'old';
  const given = Buffer.from(signature);
  // Each is compared, so that the time tells nothing of which one it was.
  const matches = secrets.map((secret) => timingSafeEqual(given, Buffer.from(signatureOf(timestamp, body, secret))));
  return matches.includes(true) ? undefined : 'wrong';
}

const signatureOf = (timestamp: string, body: Buffer, secret: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
