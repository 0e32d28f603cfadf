import { createHmac } from 'node:crypto';
import { send } from '../outside-network.ts';

/** How Slack sends: signed, waited for three seconds, and once more where no good answer came. */

export interface Delivery {
  readonly url: string;
  readonly body: string;
  readonly secret: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Delivered {
  /** undefined: no answer within three seconds. */
  readonly status: number | undefined;
  readonly body: string;
}

const PATIENCE_MS = 3_000;

export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signedHeaders(secret: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signatureOf(secret, timestamp, body),
  };
}

export async function deliver(delivery: Delivery): Promise<Delivered> {
  const first = await once(delivery, {});
  const isFailed = first.status === undefined || first.status >= 500;
  if (!isFailed) return first;
  const reason = first.status === undefined ? 'http_timeout' : 'http_error';
  return once(delivery, { 'x-slack-retry-num': '1', 'x-slack-retry-reason': reason });
}

async function once({ url, body, secret, now }: Delivery, more: Record<string, string>): Promise<Delivered> {
  const headers = { ...signedHeaders(secret, body, now()), ...more };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Delivered>((resolve) => {
    timer = setTimeout(() => resolve({ status: undefined, body: '' }), PATIENCE_MS);
  });
  try {
    const sent = send({ url, method: 'POST', headers, body });
    return await Promise.race([sent.then((answer) => ({ status: answer.status, body: answer.body })), late]);
  } catch {
    return { status: undefined, body: '' };
  } finally {
    clearTimeout(timer);
  }
}
