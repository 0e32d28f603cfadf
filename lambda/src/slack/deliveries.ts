import { createHash } from 'node:crypto';
import type { SlackRecord } from '../model/slack-record.ts';
import { UNKNOWN_SERVICE } from '../store/audit.ts';
import type { SlackDependencies } from './dependencies.ts';
import type { Asking } from './request.ts';

/** What is delivered again does nothing twice: its id follows from Slack's. */

const HEX_DIGITS = 8;

/** Like every operation's: the environment's name, and eight hex digits. */
export const idFrom = (environment: string, ...parts: readonly string[]): string =>
  `${environment}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, HEX_DIGITS)}`;

/** An execution that fails is tried once more, about a minute later. */
const CLAIM_MS = 30_000;

/** @returns undefined if another execution is at it, or has been. */
export async function claim(
  { store, environment, now }: Pick<SlackDependencies, 'store' | 'environment' | 'now'>,
  { workspace, userId, channel, triggerId }: Asking,
): Promise<SlackRecord | undefined> {
  const id = idFrom(environment, workspace, triggerId);
  const before = await store.slackRecord(id);
  if (before && (before.state !== 'received' || Date.parse(before.workUntil ?? '') > now())) return undefined;
  const at = new Date(now()).toISOString();
  const by = { userId, email: '' };
  const workUntil = new Date(now() + CLAIM_MS).toISOString();
  return store.putSlackRecord(before, { id, at, channel, by, state: 'received', ...before, workUntil });
}

/** It changes nothing, or has come to its end. */
export async function finish({ store }: Pick<SlackDependencies, 'store'>, record: SlackRecord): Promise<void> {
  const { workUntil: _until, ...rest } = record;
  await store.putSlackRecord(record, { ...rest, state: 'over' });
}

/** Somebody was not let in. @param by - Their address, once it is known. */
export async function auditRefusal(
  { store, log }: Pick<SlackDependencies, 'store' | 'log'>,
  { id, at, channel, by: { userId, email } }: SlackRecord,
  message: string,
): Promise<void> {
  const by = email || `Slack user ${userId}`;
  log('warn', 'not let in', { operationId: id, userId, channel, message });
  const source = { kind: 'slack', channel };
  const entry = { service: UNKNOWN_SERVICE, revision: 0, operationId: id, kind: 'not-admitted' as const, by, source };
  await store.addAudit({ ...entry, at, message });
}
