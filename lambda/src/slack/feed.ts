import { createHash } from 'node:crypto';
import type { ServiceStatus } from '../../../contract/services.ts';
import type { Notice } from '../model/ports.ts';
import { knownServices, membersOf } from '../model/service-names.ts';
import { serviceStatuses } from '../operate/service-status.ts';
import { UNKNOWN_SERVICE } from '../store/audit.ts';
import type { Night, SlackFeed, ToldFact } from '../store/slack-feed.ts';
import { digestLines } from '../words/slack-words.ts';
import type { SlackDependencies } from './dependencies.ts';
import { nightOf } from './digest.ts';
import { type Fact, factsOf, nextSince, remembered, soonFacts } from './facts.ts';
import { boardMessage, linesMessage, noticeMessage, textMessage } from './messages.ts';
import type { SlackMessage } from './web-api.ts';

/**
 * Tells the first channel what happened, no matter who did it: under one message for each service, which says how it is now. What
 * changes is changed there, and not told again. Slack that is down loses nothing: what it did not take is told the next time.
 */

const LEASE_MS = 50_000;
/** After so much quiet, a service's next fact begins a message of its own: the old one is far up by then. */
const THREAD_MS = 12 * 60 * 60_000;
const MOST_ENTRIES = 500;

export async function feed(deps: SlackDependencies): Promise<void> {
  const at = new Date(deps.now()).toISOString();
  // What happened before there was a channel is in the audit. What is armed is still to happen, and told.
  const before =
    (await deps.store.slackFeed()) ?? (await deps.store.putSlackFeed(undefined, { since: at, told: {}, threads: {} }));
  if (!before) return;
  if (before.leaseUntil !== undefined && Date.parse(before.leaseUntil) > deps.now()) return;
  const leaseUntil = new Date(deps.now() + LEASE_MS).toISOString();
  const leased = await deps.store.putSlackFeed(before, { ...before, leaseUntil });
  if (!leased) return;
  const teller = createTeller(deps, leased, await serviceStatuses(deps));
  try {
    await tellAll(deps, teller);
  } catch (error) {
    deps.log('warn', 'not told in Slack yet', { message: (error as Error).message });
  }
  const { leaseUntil: _lease, ...rest } = teller.feed();
  await deps.store.putSlackFeed(teller.feed(), { ...rest, told: remembered(rest.told, deps.now()) });
}

const markOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

type Teller = ReturnType<typeof createTeller>;

async function tellAll(deps: SlackDependencies, teller: Teller): Promise<void> {
  const { store, config, rundowns } = deps;
  const [channel = ''] = deps.slack.channels;
  const { since } = teller.feed();
  const names = new Set([...config.services.map(({ name }) => name), UNKNOWN_SERVICE]);
  const { entries } = await store.auditOfAll(since, MOST_ENTRIES);
  const facts = factsOf(
    entries.filter(({ service }) => names.has(service)),
    { channel, now: deps.now() },
  );
  const known = knownServices(config);
  const waiting = await rundowns.waiting();
  const { minutes, digestHours: hours } = config.reminders;
  const soon = soonFacts(waiting, { now: deps.now(), minutes, membersOf: (named) => membersOf(known, named) });
  for (const fact of [...facts, ...soon]) await teller.tell(fact);
  await teller.advance(nextSince(facts, since));
  for (const { id, ...notice } of await store.slackNotices()) {
    await teller.alert(id, notice);
    await store.removeSlackNotice(id);
  }
  const isKnown = (named: string) => membersOf(known, named).length > 0;
  const night = nightOf(waiting, { now: deps.now(), hours, isKnown, told: teller.feed().digest });
  if (night && hours > 0) await teller.digest(night);
  await teller.refreshBoards();
}

/** Keeps what was told: written after each message, so that an execution that dies repeats one at most. */
function createTeller(deps: SlackDependencies, leased: SlackFeed, statuses: readonly ServiceStatus[]) {
  const { slackApi, store } = deps;
  const [channel = ''] = deps.slack.channels;
  let feed = leased;
  const statusOf = (service: string) => statuses.find((one) => one.service === service);
  const nowIso = () => new Date(deps.now()).toISOString();

  async function keep(next: Partial<SlackFeed>): Promise<void> {
    const stored = await store.putSlackFeed(feed, { ...feed, ...next });
    if (!stored) throw new Error('Another execution tells of it.');
    feed = stored;
  }

  const board = (service: string): SlackMessage => {
    const status = statusOf(service);
    return status
      ? boardMessage(status, deps.environment, deps.now())
      : textMessage(`${service} (${deps.environment})`);
  };

  /** The message that the facts of a service stand under. */
  async function threadOf(service: string): Promise<string> {
    const found = feed.threads[service];
    const isFresh = found !== undefined && deps.now() - Date.parse(found.at) < THREAD_MS;
    const message = board(service);
    const ts = isFresh ? found.ts : await slackApi.post(channel, message);
    const thread: ToldFact = { ts, said: isFresh ? found.said : markOf(message.text), at: nowIso() };
    await keep({ threads: { ...feed.threads, [service]: thread } });
    return ts;
  }

  /** Somebody may have deleted it. */
  async function changedOrGone(ts: string, message: SlackMessage): Promise<'changed' | 'gone'> {
    try {
      await slackApi.update(channel, ts, message);
      return 'changed';
    } catch (error) {
      if (!(error as Error).message.includes('message_not_found')) throw error;
      return 'gone';
    }
  }

  return {
    feed: () => feed,

    async tell({ id, service, text, isCall = false }: Fact): Promise<void> {
      const known = feed.told[id];
      if (known?.said === markOf(text)) return;
      const message = textMessage(text);
      // The person who deleted it does not want it back.
      if (known) await changedOrGone(known.ts, message);
      const ts =
        known?.ts ?? (await slackApi.post(channel, message, { thread: await threadOf(service), isBroadcast: isCall }));
      await keep({ told: { ...feed.told, [id]: { ts, said: markOf(text), at: nowIso() } } });
    },

    /** Somebody must do something: it is in the channel too, not only under its service. */
    async alert(id: string, { service, ...words }: Notice): Promise<void> {
      const key = `notice ${id}`;
      if (feed.told[key]) return;
      const isClosed = service !== undefined && (statusOf(service)?.mode ?? 'normal') !== 'normal';
      const notice = isClosed ? { ...words, service } : words;
      const message = noticeMessage(notice, id);
      const thread = service === undefined ? undefined : await threadOf(service);
      const ts = await slackApi.post(channel, message, thread === undefined ? {} : { thread, isBroadcast: true });
      await keep({ told: { ...feed.told, [key]: { ts, said: markOf(message.text), at: nowIso(), notice } } });
    },

    /** One message for a night, changed where the night is. */
    async digest(night: Night): Promise<void> {
      const told = feed.digest?.until === night.until ? feed.digest : undefined;
      const message = linesMessage(digestLines(deps.environment, night.steps));
      if (told?.said === markOf(message.text)) return;
      const isChanged = told !== undefined && (await changedOrGone(told.ts, message)) === 'changed';
      const ts = isChanged ? told.ts : await slackApi.post(channel, message);
      await keep({ digest: { ...night, ts, said: markOf(message.text) } });
    },

    async advance(since: string): Promise<void> {
      if (since !== feed.since) await keep({ since });
    },

    async refreshBoards(): Promise<void> {
      for (const [service, { ts, said, at }] of Object.entries(feed.threads)) {
        const message = board(service);
        if (said === markOf(message.text) || deps.now() - Date.parse(at) > THREAD_MS) continue;
        const { [service]: _gone, ...others } = feed.threads;
        const isChanged = (await changedOrGone(ts, message)) === 'changed';
        await keep({ threads: isChanged ? { ...others, [service]: { ts, said: markOf(message.text), at } } : others });
      }
    },
  };
}
