import type { AuditEntry } from '../../../contract/audit.ts';
import type { RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { type Known, knownServices, membersOf } from '../model/service-names.ts';
import type { Exited, ServiceState } from '../model/service-state.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { noteEntry } from './note-entry.ts';
import { applyEffect } from './plan/apply-effects.ts';
import { disarm } from './plan/plan-scheduled.ts';
import { rowOfRecord } from './row-of-record.ts';

/** A person who opens a service means it: what was armed for it before, in whichever sheet, is not run any more. */

export type OpenedSince = (services: readonly string[], since: string) => string | undefined;

/** @returns Who opened one of these services by hand since then, in words. */
export async function openedSinceOf(
  { rundowns }: Pick<RundownDependencies, 'rundowns'>,
  spreadsheetId: string,
  states: ReadonlyMap<string, ServiceState>,
): Promise<OpenedSince> {
  const others = [...states.values()].flatMap(({ exited }) =>
    exited?.spreadsheetId !== undefined && exited.spreadsheetId !== spreadsheetId ? [exited.spreadsheetId] : [],
  );
  const ids = [...new Set(others)];
  const names = new Map(await Promise.all(ids.map(async (id) => [id, await rundowns.nameOf(id)] as const)));
  const whereOf = ({ where, spreadsheetId: id }: Exited): string => {
    const name = id === undefined ? undefined : names.get(id);
    return name ? `${where} of ${name}` : where;
  };
  return (services, since) => {
    const opened = services
      .map((name) => states.get(name)?.exited)
      .find((exited) => exited !== undefined && exited.at >= since);
    return opened && stepMessages.disarmedByExit(whereOf(opened), opened.by);
  };
}

export const armedServices = ({ steps }: RundownRecord, known: Known): string[] => [
  ...new Set(steps.flatMap(({ armed }) => (armed ? membersOf(known, armed.service) : []))),
];

/** The armed steps of a rundown that were opened behind, disarmed, with what the audit tells of it. */
export async function disarmOpened(
  deps: RundownDependencies,
  rundown: RundownRecord,
  states: ReadonlyMap<string, ServiceState>,
): Promise<{ readonly steps: ReadonlyMap<string, StepRecord>; readonly audit: readonly AuditEntry[] }> {
  const known = knownServices(deps.config);
  const services = armedServices(rundown, known);
  if (services.length === 0) return { steps: new Map(), audit: [] };
  const { sheet } = rundown;
  const ofArmed = new Map([...states].filter(([name]) => services.includes(name)));
  const openedSince = await openedSinceOf(deps, sheet.spreadsheetId, ofArmed);
  const now = deps.now();
  const inputs = { known, sheet, rows: [], syncId: '', readAt: now, now, newId: deps.newId };
  const applied = rundown.steps.flatMap((step) => {
    const opened = step.armed && openedSince(membersOf(known, step.armed.service), step.armed.armedAt);
    if (opened === undefined) return [];
    const effect = disarm(step, 'Planned', opened, '');
    return [applyEffect(inputs, { row: rowOfRecord(step), record: step, effect })];
  });
  return {
    steps: new Map(applied.map(({ record }) => [record.key, record])),
    audit: applied.flatMap(({ record, notes }, at) => notes.map((note) => noteEntry(note, record, sheet, now, at))),
  };
}
