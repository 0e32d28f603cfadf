import type { Clock } from '../clock.ts';
import type { OutsideRequest, OutsideResponse } from '../outside-network.ts';
import type { Trace } from '../trace.ts';
import { applyEdit, createEvents, type PersonsEdit } from './events.ts';
import type { Execution } from './execution.ts';
import { type CutOrder, Executions } from './executions.ts';
import type { Hostility } from './hostility.ts';
import { ScriptLock } from './script-lock.ts';
import type { World } from './service.ts';
import { Spreadsheets } from './sheet-model.ts';
import type { Tab } from './sheet-tab.ts';

export interface RuntimeOptions {
  /** The built Code.js. */
  readonly code: string;
  /** The built appsscript.json. */
  readonly manifest: {
    readonly timeZone?: string;
    readonly oauthScopes?: readonly string[];
    readonly urlFetchWhitelist?: readonly string[];
  };
  readonly clock: Clock;
  /** The account that installed the triggers: every execution runs as it. */
  readonly owner: string;
  /** The bundled worker.ts. */
  readonly workerFile: URL | string;
  /** Where UrlFetchApp leads; it must refuse what is not of this machine. */
  readonly network: (request: OutsideRequest) => Promise<OutsideResponse>;
  readonly hostility?: Hostility;
  /** Whether an execution sees what it has read until it flushes; it does if left out. */
  readonly cachedReads?: boolean;
  readonly trace?: Trace;
}

export type { PersonsEdit } from './events.ts';

export type SheetChange = { readonly spreadsheetId: string; readonly sheet: string; readonly by: 'person' | 'script' };

export type Runtime = ReturnType<typeof createRuntime>;

/** Google's side on this machine: spreadsheets, triggers, properties, and executions of one script. */
export function createRuntime(options: RuntimeOptions) {
  const { code, manifest, workerFile, trace, cachedReads = true } = options;
  const listeners = new Set<(change: SheetChange) => void>();
  const notify = (change: SheetChange) => {
    for (const listener of listeners) listener(change);
  };
  const world = newWorld(options);
  const executions = new Executions({
    code,
    workerFile,
    scopes: manifest.oauthScopes ?? [],
    timeZone: manifest.timeZone ?? 'Etc/UTC',
    cachedReads,
    world,
    trace,
    changed: (spreadsheetId, sheet) => notify({ spreadsheetId, sheet, by: 'script' }),
  });
  const events = createEvents(world, (functionName, event) => executions.start({ functionName, event }));

  /** Inserting, deleting and sorting rows are changes, not edits: no onEdit trigger hears of them. */
  function restructure(spreadsheetId: string, sheet: string, change: (tab: Tab) => void): void {
    change(world.spreadsheets.get(spreadsheetId).tab(sheet));
    notify({ spreadsheetId, sheet, by: 'person' });
  }

  return {
    spreadsheets: world.spreadsheets,
    /**
     * As a person typed or pasted it. Returns when it is in the sheet; `executions` resolves when what it started has
     * come to rest.
     * @throws SheetError - It does not fit the sheet; nothing was changed.
     */
    edit(edit: PersonsEdit): { readonly executions: Promise<Execution[]> } {
      const { spreadsheetId, sheet } = edit;
      const facts = applyEdit(world.spreadsheets.get(spreadsheetId), edit);
      notify({ spreadsheetId, sheet, by: 'person' });
      const what = `edit ${edit.range} = ${edit.values.flat().slice(0, 3).join(', ')}`;
      trace?.({ at: world.clock.now(), part: 'sheet', what, said: `by ${edit.user || 'nobody named'}`, ok: true });
      return { executions: events.edited(facts) };
    },
    insertRows: (spreadsheetId: string, sheet: string, before: number, count = 1) =>
      restructure(spreadsheetId, sheet, (tab) => tab.insertRows(before, count)),
    deleteRows: (spreadsheetId: string, sheet: string, first: number, count = 1) =>
      restructure(spreadsheetId, sheet, (tab) => tab.deleteRows(first, count)),
    sort: (spreadsheetId: string, sheet: string, column: number, ascending = true) =>
      restructure(spreadsheetId, sheet, (tab) => tab.sort(column, ascending)),
    /** Fires every clock trigger once; when a minute has passed is for the caller to say. */
    tick: (): Promise<Execution[]> => events.tick(),
    /** The editor's Run button: no arguments. */
    run: (functionName: string): Promise<Execution> => executions.start({ functionName }),
    setScriptProperty: (key: string, value: string): void => void world.properties.script.set(key, value),
    scriptProperty: (key: string): string | undefined => world.properties.script.get(key),
    /** The next execution (of that function, if one is named) is cut there. */
    cutNext: (order: CutOrder): void => executions.cutNext(order),
    executions: (): readonly Execution[] => executions.kept,
    /** Resolves when nothing runs, and no event is on its way. */
    async idle(): Promise<void> {
      await events.idle();
      await executions.idle();
    },
    /** Returns a function that ends it. */
    onChange(listener: (change: SheetChange) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Kills what runs; what is still on its way starts nothing any more. */
    close: (): Promise<void> => executions.close(),
  };
}

function newWorld({ clock, owner, network, trace, hostility = {}, manifest }: RuntimeOptions): World {
  return {
    clock,
    owner,
    network,
    trace,
    hostility,
    spreadsheets: new Spreadsheets(),
    properties: { script: new Map(), user: new Map() },
    cache: new Map(),
    triggers: new Map(),
    lock: new ScriptLock(clock),
    urlFetchWhitelist: manifest.urlFetchWhitelist,
  };
}
