import { type AllowlistEntry, testerOf } from '../../../contract/allowlist.ts';
import { isReached } from '../../../contract/status.ts';
import type { TablesAnswer } from '../../../contract/sync-answer.ts';
import type { RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { type Known, membersOf } from '../model/service-names.ts';
import type { ServiceState } from '../model/service-state.ts';
import { lineMessages } from '../words/allowlist-words.ts';
import { checkLines, isFor } from './plan/allowlist-lines.ts';
import { actionOf, instantOf } from './plan/row.ts';

/** What is said beside each line of the tab Allowlist. Pure. */

type Check = TablesAnswer['check'];

/** @param states - Of all services; those that this sheet holds and whose testers are in tell what was let in. */
export function allowlistCheck(
  { sheet, steps }: RundownRecord,
  states: ReadonlyMap<string, ServiceState>,
  known: Known,
  now: number,
): Check {
  const names = known.filter(({ isGroup }) => !isGroup).map(({ name }) => name);
  const live = new Map(
    [...states].filter(
      ([, { mode, holder }]) => mode === 'maintenance-allowlist' && holder?.spreadsheetId === sheet.spreadsheetId,
    ),
  );
  return checkLines(sheet.allowlist, now, names).map(({ line, cidr, says, note }) => {
    const on = [...live].filter(([name]) => isFor(name, line));
    const told = cidr === undefined || on.length === 0 ? says + note : liveWords(line.until, cidr, on, steps, known);
    return { row: line.row, address: line.address, says: told };
  });
}

/** Whether a line that can be sent was sent to every service that lets testers in now. */
function liveWords(
  until: { text: string; at?: string | undefined },
  cidr: string,
  on: readonly (readonly [string, ServiceState])[],
  steps: readonly StepRecord[],
  known: Known,
): string {
  const end = instantOf(until);
  const isLetIn = (entry: AllowlistEntry) => {
    const tester = testerOf(entry);
    const ends = tester.until === undefined ? undefined : Date.parse(tester.until);
    return tester.range === cidr && ends === end;
  };
  const missing = on.find(([, { allowlist }]) => !allowlist.some(isLetIn));
  return missing === undefined ? lineMessages.sent(cidr) : lineMessages.notYet(cidr, stepFor(steps, missing[0], known));
}

/** The next open step that sends the list of this service, else the last one that did. */
function stepFor(steps: readonly StepRecord[], service: string, known: Known): string | undefined {
  const sending = steps.filter(
    ({ tab, seen }) =>
      tab === 'rundown' &&
      actionOf(seen.action) === 'enable-allowlist' &&
      membersOf(known, seen.service).includes(service),
  );
  const open = sending.find(({ decided }) => decided.status !== 'Skipped' && !isReached(decided.status));
  return (open ?? sending[sending.length - 1])?.seen.step;
}
