import * as z from 'zod/mini';
import { syncAnswer } from '../../../contract/sync.ts';
import type { Answer } from '../api/client.ts';
import type { Connection } from '../api/connection.ts';
import { type Answers, applyAnswers } from '../apply-writes.ts';
import { allowedRows, keysOf } from '../check-answer.ts';
import type { SheetRecord } from '../memory.ts';
import type { Ports } from '../ports.ts';
import { readSteps, rundownTab } from '../read-sheet.ts';
import type { ReleaseSheet } from '../sheet/spreadsheet.ts';
import { type SheetRows, syncRequest } from '../sync-request.ts';

/**
 * Every environment disarms what is armed in the sheet before its script goes: what is armed there would run without it.
 * Its rows say so: nobody syncs them any more.
 * @throws Error - One of them could not be asked, or refused. The sheet then stays as it is.
 */
export function retireAtServers(
  ports: Ports,
  connections: readonly Connection[],
  record: SheetRecord,
  by: string,
): void {
  const { id, name } = record;
  const opened = openIfThere(ports, record);
  const rows = opened?.rows ?? { readAt: ports.now() };
  const sheet = { name, timeZone: 'Etc/UTC', locale: '' };
  const requests = connections.map((one) =>
    syncRequest(connections, one, rows, { syncId: ports.newSyncId(), cause: 'retire', by, sheet }),
  );
  const answers = ports.api.ask(
    connections.map((connection, at) => ({
      connection,
      method: 'post',
      path: `/rundowns/${id}/sync`,
      body: JSON.stringify(requests[at]),
    })),
  );
  const failed = connections.flatMap(({ environment }, at) => {
    const answer = answers[at];
    if (answer === undefined || answer.kind === 'ok') return [];
    return [`${environment}: ${answer.kind === 'problem' ? answer.message : answer.why}`];
  });
  if (failed.length > 0) {
    throw new Error(
      `The sheet is still connected, as not every environment could be told: ${failed.join('; ')}. ` +
        'What is armed in it may still run.',
    );
  }
  if (!opened) return;
  const told = connections.flatMap((connection, at) => toldBy(connection, answers[at], keysOf(requests[at] ?? {})));
  tellRows(ports, opened, told);
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

function toldBy({ environment }: Connection, answer: Answer | undefined, sent: readonly string[]): Answers[] {
  const parsed = z.safeParse(syncAnswer, answer?.kind === 'ok' ? answer.body : undefined);
  if (!parsed.success || parsed.data.environment !== environment) return [];
  return [{ environment, sequence: parsed.data.sequence, rows: allowedRows(parsed.data, new Set(sent)) }];
}

/** It is disarmed, whether its rows can be written or not. */
function tellRows(ports: Ports, { sheet, tabId }: Opened, told: readonly Answers[]): void {
  try {
    applyAnswers(ports, sheet, tabId, told);
  } catch (error) {
    console.error(`The release sheet ${sheet.id} could not be written: ${(error as Error).message}`);
  }
}
