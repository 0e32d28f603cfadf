import type { SlackRecord } from '../model/slack-record.ts';
import type { Table, Write } from './table.ts';

/** What was asked in Slack. What is under way can be found without its id: another execution carries on what one has left. */
export interface SlackRecords {
  slackRecord(id: string): Promise<SlackRecord | undefined>;
  /** @returns undefined if somebody else has written it since. */
  putSlackRecord(before: SlackRecord | undefined, next: Omit<SlackRecord, 'version'>): Promise<SlackRecord | undefined>;
  /** Ids of those that are running. */
  runningInSlack(): Promise<string[]>;
}

const pkOf = (id: string): string => `SLACK-RECORD#${id}`;
const RUNNING = 'SLACK-RUNNING';
/** Its id is known for so long: longer than anything can be delivered again. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

export const createSlackRecords = (table: Table): SlackRecords => ({
  slackRecord: (id) => table.get<SlackRecord>({ pk: pkOf(id), sk: 'RECORD' }),

  async putSlackRecord(before, next) {
    const version = (before?.version ?? 0) + 1;
    const record: SlackRecord = { ...next, version };
    const expiresAt = Math.floor(Date.parse(next.at) / 1_000) + KEPT_SECONDS;
    const put = { pk: pkOf(next.id), sk: 'RECORD', ...record, expiresAt };
    const writes: Write[] = [{ put, ifVersion: before?.version ?? 'absent', label: 'slack record' }];
    const key = { pk: RUNNING, sk: next.id };
    const wasRunning = before?.state === 'running';
    if (next.state === 'running' && !wasRunning) writes.push({ put: key, label: 'running in slack' });
    if (next.state !== 'running' && wasRunning) writes.push({ remove: key, label: 'running in slack' });
    return (await table.commit(writes)).ok ? record : undefined;
  },

  async runningInSlack() {
    return (await table.query(RUNNING)).map(({ sk }) => sk);
  },
});
