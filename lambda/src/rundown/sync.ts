import { problem } from '../../../contract/problem.ts';
import { FUTURE_READ_MS, OLDEST_READ_MS, PROTOCOL } from '../../../contract/sync.ts';
import type { RowAnswer, SyncAnswer } from '../../../contract/sync-answer.ts';
import type { SyncRequest } from '../../../contract/sync-request.ts';
import { hasIntents, isRehearsing, isRunning, type RundownRecord } from '../model/rundown-record.ts';
import { commitPlan } from './commit-plan.ts';
import type { RundownDependencies } from './dependencies.ts';
import { retire } from './disarm-all.ts';
import { finishOwnRehearsals } from './finish-rehearsals.ts';
import { connectedUntil, isOver, nextSyncMs, PROVING_POLL_MS } from './next-sync.ts';
import { nowOf } from './now.ts';
import type { Reading } from './plan/read-rows.ts';
import { readRows } from './plan/read-rows.ts';
import type { Row } from './plan/row.ts';
import { rowAnswer } from './render.ts';
import { nameHash, serviceNames } from './service-names.ts';
import { type Settled, settle } from './settle.ts';
import { startIntents } from './start-intents.ts';

/**
 * One exchange with the script of a release sheet: commits what was read and who was seen to edit it, starts what that
 * asks for, and answers what the cells should say by now.
 *
 * Safe to repeat with the same `syncId`, late, and beside others: rows that are older than what was committed commit
 * nothing, and an event that was answered starts nothing a second time.
 *
 * @param known - The rundown as it was just read. Who was faster since then is found out by writing.
 * @throws ProblemError READ_AGAIN - Newer rows were committed: read the sheet again and send those.
 */
export async function syncRundown(
  deps: RundownDependencies,
  spreadsheetId: string,
  request: SyncRequest,
  known?: RundownRecord,
): Promise<SyncAnswer> {
  checkProtocol(request);
  if (request.cause === 'retire') await retire(deps, spreadsheetId, request.by ?? '');
  if (request.cause === 'poll' || request.cause === 'retire') {
    const isPoll = request.cause === 'poll';
    const settled = await settle(deps, spreadsheetId, { canProve: isPoll, known: isPoll ? known : undefined });
    const { rundown, changed } = settled;
    // Nobody asks after a retired sheet again: each of its rows is told to its end, however often this was asked.
    const told = isPoll ? changed : new Set(rundown.steps.map(({ key }) => key));
    return answerOf(deps, request, settled, answersOf(rundown, told));
  }
  checkReadAt(request, deps.now());
  const reading = readRows(request, deps.environment);
  const planned = await commitPlan(deps, spreadsheetId, request, reading, known);
  await startIntents(deps, planned.rundown, { convergeMs: CONVERGE_MS });
  await finishOwnRehearsals(deps, planned.rundown, request.syncId);
  // What was started or rehearsed has changed it since.
  const isQuiet = !planned.rundown.steps.some((step) => hasIntents(step) || isRehearsing(step));
  const settled = await settle(deps, spreadsheetId, { canProve: false, known: isQuiet ? planned.rundown : undefined });
  return answerOf(deps, request, settled, answersTo(settled.rundown, planned.rowOf), reading.ignored);
}

/** A sync answers once its commits are made, with what WAF says by then. */
const CONVERGE_MS = 3_000;

function checkProtocol({ protocol }: SyncRequest): void {
  if (protocol === PROTOCOL) return;
  throw problem(
    'INVALID_FIELD',
    `The field protocol is ${protocol}. This server speaks ${PROTOCOL}: push the script that belongs to it.`,
    { field: 'protocol' },
  );
}

function checkReadAt({ readAt }: SyncRequest, now: number): void {
  const age = now - Date.parse(readAt);
  const clock = `The clock here says ${new Date(now).toISOString()}.`;
  if (age > OLDEST_READ_MS) {
    throw problem('READ_AGAIN', `The rows were read at ${readAt}, more than a minute ago. ${clock}`, {
      field: 'readAt',
    });
  }
  if (age < -FUTURE_READ_MS) {
    throw problem('INVALID_FIELD', `The field readAt is ${readAt}, which is still to come. ${clock}`, {
      field: 'readAt',
    });
  }
}

function answersTo(rundown: RundownRecord, rowOf: ReadonlyMap<string, Row>): RowAnswer[] {
  return rundown.steps.flatMap((step) => {
    const row = rowOf.get(step.key);
    return (row && rowAnswer(step, row)) ?? [];
  });
}

/** A poll reads no rows: what changed since the last answer is told, and what still runs. */
function answersOf(rundown: RundownRecord, changed: ReadonlySet<string>): RowAnswer[] {
  return rundown.steps.flatMap((step) => {
    return (changed.has(step.key) || isRunning(step) ? rowAnswer(step, undefined) : undefined) ?? [];
  });
}

async function answerOf(
  deps: RundownDependencies,
  { namesHash, cause }: SyncRequest,
  { rundown, isProving, states }: Settled,
  rows: readonly RowAnswer[],
  ignored: Reading['ignored'] = [],
): Promise<SyncAnswer> {
  const now = deps.now();
  const afterMs = isProving ? PROVING_POLL_MS : nextSyncMs(rundown, now);
  const { sheet } = rundown;
  // Polls follow each other within seconds while a step runs: the last one tells how things stand.
  const isFollowed = cause === 'poll' && rundown.steps.some(isRunning);
  return {
    protocol: PROTOCOL,
    environment: deps.environment,
    production: deps.config.production,
    sequence: sheet.version,
    rows: [...rows],
    ignored,
    banner: { connectedUntil: connectedUntil(afterMs, now), ...(isFollowed ? {} : await nowOf(deps, rundown, states)) },
    again: { afterMs },
    tables: { version: sheet.version },
    ...(namesHash === nameHash(deps.config) ? {} : { names: serviceNames(deps.config) }),
    retired: sheet.retiredAt !== undefined || isOver(rundown, now),
  };
}
