import type { Clock } from '../clock.ts';
import type { OutsideRequest, OutsideResponse } from '../outside-network.ts';
import type { Trace } from '../trace.ts';
import { parseA1 } from './a1.ts';
import { type Cut, type Execution, execute, type Running } from './execution.ts';
import { type Hostility, happens } from './hostility.ts';
import type { EventFacts } from './protocol.ts';
import { ScriptLock } from './script-lock.ts';
import type { Trigger, World } from './services.ts';
import { type Cell, Spreadsheets, typed } from './sheet-model.ts';

export interface RuntimeOptions {
  /** The built Code.js. */
  readonly code: string;
  readonly manifest: { readonly oauthScopes?: readonly string[]; readonly urlFetchWhitelist?: readonly string[] };
  readonly clock: Clock;
  /** The account that installed the triggers: every execution runs as it. */
  readonly owner: string;
  readonly workerFile: URL;
  readonly network: (request: OutsideRequest) => Promise<OutsideResponse>;
  readonly hostility?: Hostility;
  readonly trace?: Trace;
}

export interface PersonsEdit {
  readonly spreadsheetId: string;
  readonly sheet: string;
  /** A1, such as `G3` or `G3:H4`. */
  readonly range: string;
  readonly values: readonly (readonly unknown[])[];
  /** Blank if Google would not name them. */
  readonly user: string;
}

export type SheetChange = { readonly spreadsheetId: string; readonly sheet: string; readonly by: 'person' | 'script' };

export type Runtime = ReturnType<typeof createRuntime>;

const MOST_AT_ONCE = 30;
const MOST_KEPT = 500;

/** Google's side on this machine: spreadsheets, triggers, properties, and executions of one script. */
export function createRuntime(options: RuntimeOptions) {
  const { code, manifest, clock, owner, workerFile, network, trace, hostility = {} } = options;
  const listeners = new Set<(change: SheetChange) => void>();
  const notify = (change: SheetChange) => {
    for (const listener of listeners) listener(change);
  };
  const world: World = {
    clock,
    owner,
    network,
    hostility,
    spreadsheets: new Spreadsheets(),
    properties: { script: new Map(), user: new Map() },
    cache: new Map(),
    triggers: new Map(),
    lock: new ScriptLock(clock),
    urlFetchWhitelist: manifest.urlFetchWhitelist,
    changed: (spreadsheetId, sheet) => notify({ spreadsheetId, sheet, by: 'script' }),
  };
  const running = new Set<Running>();
  const executions: Execution[] = [];
  let nextCut: (Cut & { function?: string }) | undefined;

  function run(functionName: string, event?: EventFacts): Promise<Execution> {
    if (running.size >= MOST_AT_ONCE) {
      const now = clock.now();
      const refused = { id: 'none', function: functionName, startedAt: now, endedAt: now, calls: [], log: [] };
      return Promise.resolve({
        ...refused,
        error: 'There are too many scripts running simultaneously for this Google user account.',
      });
    }
    const isMeant = nextCut && (nextCut.function === undefined || nextCut.function === functionName);
    const cut = isMeant ? nextCut : undefined;
    if (isMeant) nextCut = undefined;
    const one = execute({
      code,
      workerFile,
      functionName,
      event,
      scopes: manifest.oauthScopes ?? [],
      world,
      trace,
      cut,
    });
    running.add(one);
    executions.push(one.execution);
    executions.splice(0, executions.length - MOST_KEPT);
    return one.done.finally(() => running.delete(one));
  }

  const triggersOf = (source: Trigger['source'], sourceId: string | null) =>
    [...world.triggers.values()].filter(
      (one) => one.source === source && (sourceId === null || one.sourceId === sourceId),
    );

  /** The event of an edit comes to every onEdit trigger of its spreadsheet; a hostile platform does not promise how. */
  async function deliver(
    edit: PersonsEdit,
    facts: Omit<EventFacts & { kind: 'edit' }, 'kind' | 'triggerUid'>,
  ): Promise<Execution[]> {
    const deliveries = triggersOf('SPREADSHEETS', edit.spreadsheetId).flatMap(({ id, handler }) => {
      if (happens(hostility, hostility.dropEvent)) return [];
      const user = happens(hostility, hostility.blankUser) ? '' : facts.user;
      const value = happens(hostility, hostility.noValue) ? undefined : facts.value;
      const event: EventFacts = { ...facts, kind: 'edit', user, value, triggerUid: id };
      const times = happens(hostility, hostility.doubleEvent) ? 2 : 1;
      return Array.from({ length: times }, async () => {
        const late = (hostility.lateMs ?? 0) * (hostility.random ?? Math.random)();
        if (late > 0) await clock.sleep(late);
        return run(handler, event);
      });
    });
    return Promise.all(deliveries);
  }

  return {
    spreadsheets: world.spreadsheets,
    /** As a person typed or pasted it. Returns when it is in the sheet; `executions` resolves when the script has come to rest. */
    edit(edit: PersonsEdit): { readonly executions: Promise<Execution[]> } {
      const { spreadsheetId, sheet, range, values, user } = edit;
      const spreadsheet = world.spreadsheets.get(spreadsheetId);
      const area = parseA1(range);
      const before = spreadsheet.values(sheet, area)[0]?.[0] ?? '';
      const cells = values.map((line) => line.map((value): Cell => typed(value, spreadsheet.timeZone)));
      spreadsheet.set(sheet, area, cells);
      notify({ spreadsheetId, sheet, by: 'person' });
      const isSingle = area.rows === 1 && area.columns === 1;
      const after = cells[0]?.[0] ?? '';
      const place = { spreadsheetId, sheet, ...area };
      const value = isSingle && after !== '' ? String(after) : undefined;
      const oldValue = isSingle && before !== '' ? String(before) : undefined;
      return { executions: deliver(edit, { place, user, value, oldValue }) };
    },
    /** Inserting, deleting and sorting rows are changes, not edits: no onEdit trigger hears of them. */
    insertRows(spreadsheetId: string, sheet: string, before: number, count = 1): void {
      world.spreadsheets.get(spreadsheetId).insertRows(sheet, before, count);
      notify({ spreadsheetId, sheet, by: 'person' });
    },
    deleteRows(spreadsheetId: string, sheet: string, first: number, count = 1): void {
      world.spreadsheets.get(spreadsheetId).deleteRows(sheet, first, count);
      notify({ spreadsheetId, sheet, by: 'person' });
    },
    sort(spreadsheetId: string, sheet: string, column: number, ascending = true): void {
      world.spreadsheets.get(spreadsheetId).sort(sheet, column, ascending);
      notify({ spreadsheetId, sheet, by: 'person' });
    },
    /** Fires every clock trigger once. */
    tick: (): Promise<Execution[]> =>
      Promise.all(triggersOf('CLOCK', null).map(({ id, handler }) => run(handler, { kind: 'clock', triggerUid: id }))),
    /** The editor's Run button: no arguments. */
    run: (functionName: string) => run(functionName),
    setScriptProperty(key: string, value: string): void {
      world.properties.script.set(key, value);
    },
    scriptProperty: (key: string): string | undefined => world.properties.script.get(key),
    /** The next execution (of that function, if one is named) is cut there. */
    cutNext(cut: Cut & { function?: string }): void {
      nextCut = cut;
    },
    executions: (): readonly Execution[] => executions,
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all([...running].map(({ done }) => done));
    },
    onChange(listener: (change: SheetChange) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close(): Promise<void> {
      await Promise.all([...running].map(({ kill }) => kill()));
    },
  };
}
