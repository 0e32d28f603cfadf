import type { EphemeralMessage, PostedMessage } from '../slack/workspace.ts';

/** What the page shows of a Slack channel, and what a person can do there. */

export interface ChannelPerson {
  readonly id: string;
  readonly name: string;
}

export interface ChannelForm {
  readonly userId: string;
  readonly view: Readonly<Record<string, unknown>>;
}

export interface Channel {
  readonly environment: string;
  readonly channel: string;
  readonly command: string;
  readonly people: readonly ChannelPerson[];
  readonly messages: readonly PostedMessage[];
  /** Each for one person alone. */
  readonly ephemerals: readonly EphemeralMessage[];
  readonly forms: readonly ChannelForm[];
}

export type ChannelAct =
  | { readonly kind: 'command'; readonly environment: string; readonly userId: string; readonly text: string }
  | {
      readonly kind: 'press';
      readonly environment: string;
      readonly userId: string;
      readonly ts: string;
      readonly button: string;
    }
  | {
      readonly kind: 'submit';
      readonly environment: string;
      readonly userId: string;
      readonly fields: Readonly<Record<string, string>>;
    };
