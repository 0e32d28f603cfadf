import type { Notice } from '../model/ports.ts';
import { stableJson } from '../model/stable-json.ts';
import type { NoticedStep } from '../words/notice-words.ts';
import type { Table } from './table.ts';

/** What of all that happened was told in Slack, and what is still to be told there. One execution at a time tells. */
export interface SlackFeed {
  readonly version: number;
  /** The audit is told from there. */
  readonly since: string;
  /** By fact, the message that tells of it. */
  readonly told: Readonly<Record<string, ToldFact>>;
  /** By service, the message that its facts stand under. */
  readonly threads: Readonly<Record<string, ToldFact>>;
  readonly digest?: ToldNight;
  readonly leaseUntil?: string;
}

export interface ToldFact {
  readonly ts: string;
  /** A mark of what it says: not the text, as there are many. */
  readonly said: string;
  /** When it was last news. */
  readonly at: string;
  /** What called people; `service` only while it was not open. */
  readonly notice?: Notice;
}

/** What is armed for a night. */
export interface Night {
  /** What is armed for later is of another night. */
  readonly until: string;
  /** First to last; those that are over too. */
  readonly steps: readonly NightStep[];
}

export interface NightStep extends NoticedStep {
  /** Its name. */
  readonly sheet: string;
}

export interface ToldNight extends Night {
  readonly ts: string;
  /** A mark of what it says. */
  readonly said: string;
}

export interface SlackNotice extends Notice {
  readonly id: string;
}

export interface SlackFeeds {
  slackFeed(): Promise<SlackFeed | undefined>;
  /** @returns undefined if somebody else has written it since. */
  putSlackFeed(before: SlackFeed | undefined, next: Omit<SlackFeed, 'version'>): Promise<SlackFeed | undefined>;
  /** Kept until it was told; the same one twice is one. */
  addSlackNotice(notice: Notice, at: string): Promise<void>;
  /** Oldest first. */
  slackNotices(): Promise<SlackNotice[]>;
  removeSlackNotice(id: string): Promise<void>;
}

const FEED = { pk: 'SLACK-FEED', sk: 'FEED' };
const NOTICES = 'SLACK-NOTICES';

export const createSlackFeeds = (table: Table): SlackFeeds => ({
  slackFeed: () => table.get<SlackFeed>(FEED),

  async putSlackFeed(before, next) {
    const feed: SlackFeed = { ...next, version: (before?.version ?? 0) + 1 };
    const put = { ...FEED, ...feed };
    const done = await table.commit([{ put, ifVersion: before?.version ?? 'absent', label: 'slack feed' }]);
    return done.ok ? feed : undefined;
  },

  async addSlackNotice(notice, at) {
    const waiting = await table.query<Notice>(NOTICES);
    const isKnown = waiting.some(({ sk: _sk, ...one }) => stableJson(one) === stableJson({ ...notice }));
    if (isKnown) return;
    await table.commit([{ put: { pk: NOTICES, sk: `${at} ${notice.subject}`, ...notice }, label: 'slack notice' }]);
  },

  async slackNotices() {
    return (await table.query<Notice>(NOTICES)).map(({ sk, ...notice }) => ({ ...notice, id: sk }));
  },

  async removeSlackNotice(id) {
    await table.commit([{ remove: { pk: NOTICES, sk: id }, label: 'slack notice' }]);
  },
});
