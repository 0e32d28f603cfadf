import * as z from 'zod/mini';

/** What Slack sends, as far as it is read. Pure. Its signature must have been checked. */

/** Where and by whom it was asked: as Slack says, and as it signed. */
export interface Asking {
  readonly appId: string;
  readonly workspace: string;
  readonly enterprise?: string | undefined;
  readonly channel: string;
  readonly userId: string;
  /** Slack gives each request one of its own; a form can be opened with it for three seconds. */
  readonly triggerId: string;
}

export type SlackRequest =
  | (Asking & { readonly kind: 'command'; readonly text: string })
  | (Asking & {
      readonly kind: 'button';
      readonly button: string;
      readonly value: string;
      /** Of the message that the button is in. */
      readonly ts: string;
    })
  | (Asking & { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> });

const commandForm = z.object({
  command: z.string(),
  text: z._default(z.string(), ''),
  api_app_id: z.string(),
  team_id: z.string(),
  enterprise_id: z.optional(z.string()),
  channel_id: z.string(),
  user_id: z.string(),
  trigger_id: z.string(),
});

const withId = z.object({ id: z.string() });
const common = {
  api_app_id: z.string(),
  /** null for an app that is installed in a whole organisation. */
  team: z.optional(z.nullable(withId)),
  enterprise: z.optional(z.nullable(withId)),
  user: z.object({ id: z.string(), team_id: z.optional(z.string()) }),
  trigger_id: z.string(),
};
const buttonPayload = z.object({
  ...common,
  type: z.literal('block_actions'),
  container: z.object({ message_ts: z.optional(z.string()) }),
  channel: z.optional(withId),
  actions: z.array(z.object({ action_id: z.string(), value: z._default(z.string(), '') })).check(z.minLength(1)),
});
const fieldState = z.object({
  value: z.optional(z.nullable(z.string())),
  selected_option: z.optional(z.nullable(z.object({ value: z.string() }))),
});
const formPayload = z.object({
  ...common,
  type: z.literal('view_submission'),
  view: z.object({
    /** The channel in which the form was asked for: a form is in none. */
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), fieldState)) }),
  }),
});
const payload = z.union([buttonPayload, formPayload]);

/** @returns undefined for what we never asked Slack to send. */
export function readSlackRequest(body: string): SlackRequest | undefined {
  const form = Object.fromEntries(new URLSearchParams(body));
  if (form.payload === undefined) return readForm(form);
  const read = z.safeParse(payload, json(form.payload));
  if (!read.success) return undefined;
  const asked = read.data;
  const asking = (channel: string): Asking => ({
    appId: asked.api_app_id,
    workspace: asked.team?.id ?? asked.user.team_id ?? '',
    enterprise: asked.enterprise?.id,
    channel,
    userId: asked.user.id,
    triggerId: asked.trigger_id,
  });
  if (asked.type === 'view_submission') {
    const blocks = Object.entries(asked.view.state.values);
    const fields = blocks.map(([name, block]) => {
      const [state] = Object.values(block);
      return [name, state?.selected_option?.value ?? state?.value ?? ''] as const;
    });
    return { kind: 'form', ...asking(asked.view.private_metadata), fields: Object.fromEntries(fields) };
  }
  const [pressed] = asked.actions;
  if (!pressed) return undefined;
  const ts = asked.container.message_ts ?? '';
  return { kind: 'button', ...asking(asked.channel?.id ?? ''), button: pressed.action_id, value: pressed.value, ts };
}

function readForm(form: unknown): SlackRequest | undefined {
  const read = z.safeParse(commandForm, form);
  if (!read.success) return undefined;
  const { text, api_app_id, team_id, enterprise_id, channel_id, user_id, trigger_id } = read.data;
  return {
    kind: 'command',
    text,
    appId: api_app_id,
    workspace: team_id,
    enterprise: enterprise_id || undefined,
    channel: channel_id,
    userId: user_id,
    triggerId: trigger_id,
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
