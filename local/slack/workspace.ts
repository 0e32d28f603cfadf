import type { SlackConfig } from '../../config/schema.ts';
import { SlackRefusal } from './errors.ts';
import { peopleOf, type SlackPersonFacts } from './people.ts';

/** What there is in the workspace of one app: people, channels, messages. */

export interface SlackBlock {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly elements?: readonly {
    readonly action_id: string;
    readonly value?: string;
    readonly style?: string;
    readonly text: { readonly text: string };
  }[];
}

export interface PostedMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread?: string;
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  /** How often it was changed. */
  readonly changes: number;
}

/** What one person alone sees. */
export interface EphemeralMessage {
  readonly channel: string;
  readonly to: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

export interface OpenView {
  readonly id: string;
  readonly userId: string;
  readonly view: Readonly<Record<string, unknown>>;
}

export interface Workspace {
  readonly team: string;
  readonly people: readonly SlackPersonFacts[];
  readonly messages: readonly PostedMessage[];
  readonly ephemerals: readonly EphemeralMessage[];
  readonly views: readonly OpenView[];
  requireChannel(channel: string): void;
  post(channel: string, message: Pick<PostedMessage, 'text' | 'blocks'>, thread?: string): PostedMessage;
  change(channel: string, ts: string, message: Pick<PostedMessage, 'text' | 'blocks'>): PostedMessage;
  tell(channel: string, to: string, message: Pick<PostedMessage, 'text' | 'blocks'>): EphemeralMessage;
  /** A trigger of a person's own doing: good once, for three seconds. */
  trigger(userId: string): string;
  open(triggerId: string, view: OpenView['view']): OpenView;
  closeView(id: string): OpenView | undefined;
  onChange(listener: () => void): () => void;
}

/** Of the machine, not of the local clock: a person's click is a moment. */
const TRIGGER_MS = 3_000;
const MOST_KEPT = 500;

export function createWorkspace({ workspaces, channels }: SlackConfig, now: () => number): Workspace {
  const team = workspaces[0] ?? '';
  const people = peopleOf(team);
  const messages: PostedMessage[] = [];
  const ephemerals: EphemeralMessage[] = [];
  const views: OpenView[] = [];
  const triggers = new Map<string, { userId: string; until: number; isUsed: boolean }>();
  const listeners = new Set<() => void>();
  let counted = 0;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const keep = <T>(list: T[], one: T): T => {
    list.push(one);
    if (list.length > MOST_KEPT) list.shift();
    changed();
    return one;
  };
  const nextTs = (): string => {
    counted += 1;
    return `${Math.floor(now() / 1_000)}.${String(counted).padStart(6, '0')}`;
  };
  const requireChannel = (channel: string): void => {
    if (!channels.includes(channel)) throw new SlackRefusal('channel_not_found');
  };

  return {
    team,
    people,
    messages,
    ephemerals,
    views,
    requireChannel,
    post(channel, message, thread) {
      requireChannel(channel);
      return keep(messages, { channel, ts: nextTs(), ...(thread ? { thread } : {}), ...message, changes: 0 });
    },
    change(channel, ts, message) {
      const at = messages.findIndex((one) => one.channel === channel && one.ts === ts);
      const before = messages[at];
      if (!before) throw new SlackRefusal('message_not_found');
      const next = { ...before, ...message, changes: before.changes + 1 };
      messages[at] = next;
      changed();
      return next;
    },
    tell: (channel, to, message) => keep(ephemerals, { channel, to, ts: nextTs(), ...message }),
    trigger(userId) {
      counted += 1;
      const id = `${Math.floor(now())}.${counted}.0123456789abcdef`;
      triggers.set(id, { userId, until: Date.now() + TRIGGER_MS, isUsed: false });
      return id;
    },
    open(triggerId, view) {
      const trigger = triggers.get(triggerId);
      if (!trigger) throw new SlackRefusal('invalid_trigger_id');
      if (trigger.isUsed) throw new SlackRefusal('exchanged_trigger_id');
      if (Date.now() > trigger.until) throw new SlackRefusal('expired_trigger_id');
      trigger.isUsed = true;
      return keep(views, { id: `V${views.length + 1}`, userId: trigger.userId, view });
    },
    closeView(id) {
      const at = views.findIndex((one) => one.id === id);
      const [closed] = at < 0 ? [] : views.splice(at, 1);
      changed();
      return closed;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
