import type { KnownBlock, ModalView } from '@slack/types';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import type { SlackUser } from './admission.ts';

/** The only file that calls Slack. */

/** `text` is what notifications and screen readers read; blocks show the same. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export interface PostPlace {
  /** The `ts` of the message that it stands under. */
  readonly thread?: string;
  /** In the channel too. */
  readonly isBroadcast?: boolean;
}

export interface SlackApi {
  /** @returns The message's `ts`, which is its id in the channel. */
  post(channel: string, message: SlackMessage, place?: PostPlace): Promise<string>;
  update(channel: string, ts: string, message: SlackMessage): Promise<void>;
  /** To one person alone. */
  tell(channel: string, userId: string, message: SlackMessage): Promise<void>;
  user(userId: string): Promise<SlackUser>;
  openForm(triggerId: string, view: ModalView): Promise<void>;
}

export interface SlackApiOptions {
  readonly url: string;
  token(): Promise<string>;
}

/** Slack that is slow must keep nobody waiting for long: a form can be opened for three seconds. */
const TIMEOUT_MS = 1_500;

/** The caller logs what went wrong, as a line of JSON like every other. */
const nothing = () => {};
const SILENT: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR },
};

/**
 * Each call is tried once: the caller knows whether and when to try again.
 * @throws Error - Slack refused, said "slow down", or did not answer. Its message holds no token.
 */
export function createSlackApi({ url, token }: SlackApiOptions): SlackApi {
  let made: { readonly token: string; readonly client: WebClient } | undefined;
  async function client(): Promise<WebClient> {
    const now = await token();
    if (made?.token === now) return made.client;
    made = {
      token: now,
      client: new WebClient(now, {
        slackApiUrl: url,
        timeout: TIMEOUT_MS,
        rejectRateLimitedCalls: true,
        retryConfig: { retries: 0 },
        allowAbsoluteUrls: false,
        logger: SILENT,
      }),
    };
    return made.client;
  }

  return {
    async post(channel, { text, blocks }, { thread, isBroadcast = false } = {}) {
      const { chat } = await client();
      const threaded = thread === undefined ? {} : { thread_ts: thread, reply_broadcast: isBroadcast };
      const { ts = '' } = await chat.postMessage({ channel, text, blocks, ...threaded, unfurl_links: false });
      return ts;
    },
    async update(channel, ts, { text, blocks }) {
      await (await client()).chat.update({ channel, ts, text, blocks });
    },
    async tell(channel, user, { text, blocks }) {
      await (await client()).chat.postEphemeral({ channel, user, text, blocks });
    },
    async user(user) {
      return (await (await client()).users.info({ user })).user ?? {};
    },
    async openForm(trigger_id, view) {
      await (await client()).views.open({ trigger_id, view });
    },
  };
}
