import * as z from 'zod/mini';
import { type SyncAnswer, syncAnswer } from '../../../contract/sync-answer.ts';
import type { Answer } from '../api/client.ts';
import { type Answers, applyAnswers } from '../apply-writes.ts';
import { allowedRows, keysOf } from '../check-answer.ts';
import type { Memory, SheetRecord } from '../memory.ts';
import type { Ports } from '../ports.ts';
import { readSteps, rundownTab } from '../read-sheet.ts';
import { letGo } from '../retire.ts';
import { says } from '../sentences.ts';
import type { ReleaseSheet } from '../sheet/spreadsheet.ts';
import { type SheetRows, syncRequest } from '../sync-request.ts';

/**
 * Every environment disarms what is armed in the sheet before its script goes: what is armed there would run without it.
 * Its rows say so: nobody syncs them any more. An execution that dies in between leaves it to the next minute.
 * @throws Error - A step runs, or one of them could not be asked. The sheet then stays as it is.
 */
export function retireSheet(ports: Ports, memory: Memory, record: SheetRecord, by: string): void {
  const { connections } = memory;
  const opened = openIfThere(ports, record);
  const about = { by, sheet: { name: record.name, timeZone: 'Etc/UTC', locale: '' } };
  const ask = (cause: 'poll' | 'retire', rows: SheetRows): Asked[] => {
    const requests = connections.map((one) =>
      syncRequest(connections, one, rows, { syncId: ports.newSyncId(), cause, ...about }),
    );
    const path = `/rundowns/${record.id}/sync`;
    const answers = ports.api.ask(
      connections.map((connection, at) => ({ connection, method: 'post', path, body: JSON.stringify(requests[at]) })),
    );
    return connections.map(({ environment }, at) => {
      return { environment, answer: answers[at], sent: keysOf(requests[at] ?? {}) };
    });
  };
  const { retiredBy: _by, ...kept } = record;
  try {
    // Nothing is disarmed in one environment while another one refuses.
    requireNothingRuns(allTold(ask('poll', { readAt: ports.now() })));
    ports.memory.putSheet({ ...kept, retiredBy: by });
    const told = allTold(ask('retire', opened?.rows ?? { readAt: ports.now() }));
    if (opened) tellRows(ports, opened, told);
  } catch (error) {
    ports.memory.putSheet(kept);
    throw error;
  }
  letGo(ports, memory, record.id);
}

interface Asked {
  readonly environment: string;
  readonly answer: Answer | undefined;
  /** Its rows. */
  readonly sent: readonly string[];
}

interface Told extends Asked {
  readonly told?: SyncAnswer;
}

/** @throws Error - Not every environment could be asked, or one refused. */
function allTold(asked: readonly Asked[]): Told[] {
  const failed = asked.flatMap(({ environment, answer }) => {
    if (answer === undefined || answer.kind === 'ok') return [];
    return [`${environment}: ${answer.kind === 'problem' ? answer.message : answer.why}`];
  });
  if (failed.length > 0) throw new Error(says.notRetired(failed));
  return asked.map((one) => {
    const parsed = z.safeParse(syncAnswer, one.answer?.kind === 'ok' ? one.answer.body : undefined);
    return parsed.success && parsed.data.environment === one.environment ? { ...one, told: parsed.data } : one;
  });
}

/** @throws Error - A step runs: once the sheet is gone its row would say so for ever. */
function requireNothingRuns(told: readonly Told[]): void {
  const running = told.flatMap((one) => one.told?.rows ?? []).filter(({ cells }) => cells.status === 'Running');
  if (running.length > 0) throw new Error(says.stillRuns(running.map(({ basis }) => basis)));
}

interface Opened {
  readonly sheet: ReleaseSheet;
  readonly tabId: number;
  readonly rows: SheetRows;
}

/** One that was deleted or locked away has no rows to be told. */
function openIfThere(ports: Ports, { id, tabId }: SheetRecord): Opened | undefined {
  try {
    const sheet = ports.open(id);
    const tab = rundownTab(sheet, tabId);
    return tab && { sheet, tabId: tab.id, rows: { readAt: ports.now(), ...readSteps(tab) } };
  } catch (error) {
    console.warn(`The release sheet ${id}: ${(error as Error).message}`);
    return undefined;
  }
}

/** It is disarmed, whether its rows can be written or not. */
function tellRows(ports: Ports, { sheet, tabId }: Opened, all: readonly Told[]): void {
  const answers = all.flatMap(({ environment, told, sent }): Answers[] =>
    told ? [{ environment, sequence: told.sequence, rows: allowedRows(told, new Set(sent)) }] : [],
  );
  try {
    applyAnswers(ports, sheet, tabId, answers);
  } catch (error) {
    console.error(`The release sheet ${sheet.id} could not be written: ${(error as Error).message}`);
  }
}
