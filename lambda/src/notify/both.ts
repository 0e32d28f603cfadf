import type { Notify } from './sns.ts';

/**
 * Kept for Slack first: whatever becomes of the other, neither is lost, nor waits for Slack.
 *
 * @param keep - Left out where there is no Slack.
 */
export const createNotifyBoth =
  (keep: Notify | undefined, publish: Notify): Notify =>
  async (notice) => {
    if (!notice.isMailOnly) await keep?.(notice);
    await publish(notice);
  };
