import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { OutsideRequest, OutsideResponse } from '../outside-network.ts';
import type { Trace } from '../trace.ts';
import { createEvents } from './events.ts';
import type { Execution } from './execution.ts';
import { type CutOrder, Executions } from './executions.ts';
import type { FaultInjection } from './fault-injection.ts';
import { quirksOf } from './quirks.ts';
import { ScriptLock } from './script-lock.ts';
import { storeOf, type Trigger, type World } from './service.ts';
import type { Changed } from './sheet-view.ts';
import { toA1 } from './spreadsheet/a1.ts';
import { type AppliedEdit, applyEdit, type PersonsEdit } from './spreadsheet/persons-edit.ts';
import { createRowChanges } from './spreadsheet/row-changes.ts';
import { SheetError } from './spreadsheet/sheet-error.ts';
import { type Copy, Spreadsheets } from './spreadsheet/sheet-model.ts';
import { createHistory, type Made } from './spreadsheet/undo.ts';
import type { Threads } from './threads.ts';

export interface RuntimeOptions {
  /** The built Code.js. */
  readonly code: string;
  /** The built appsscript.json. */
  readonly manifest: {
    readonly oauthScopes?: readonly string[];
    readonly urlFetchWhitelist?: readonly string[];
  };
  readonly clock: Clock;
  /** The account that owns the script: executions run as it, unless another account runs them or made their trigger. */
  readonly owner: string;
  /** Of new spreadsheets; UTC if left out. */
  readonly accountTimeZone?: string;
  /** The bundled worker.ts. */
  readonly workerFile: URL | string;
  /** Of that file; lent by who has several runtimes one after the other, and ends them. */
  readonly threads?: Threads;
  /** What another one came to: it begins with that, beside it. */
  readonly from?: Kept;
  /** Where UrlFetchApp leads; it must refuse what is not of this machine. */
  readonly network: (request: OutsideRequest) => Promise<OutsideResponse>;
  readonly faultInjection?: FaultInjection;
  /** A recording of the controller's self-test, which takes the place of what is believed, see {@link QUIRKS}. */
  readonly quirks?: unknown;
  /** Whether an execution sees what it has read until it flushes; as the quirks say if left out. */
  readonly cachedReads?: boolean;
  readonly trace?: Trace;
}

export type { PersonsEdit } from './spreadsheet/persons-edit.ts';

export interface SheetChange {
  readonly spreadsheetId: string;
  readonly sheet: string;
  readonly by: 'person' | 'script';
  readonly what: Changed;
}

/** All that outlives an execution. */
export type Kept = Pick<World, 'spreadsheets' | 'properties' | 'cache' | 'triggers'>;

export type Runtime = ReturnType<typeof createRuntime>;

/** Google's side on this machine: spreadsheets, triggers, properties, and executions of one script. */
export function createRuntime(options: RuntimeOptions) {
  const { code, manifest, workerFile, threads, trace, owner } = options;
  const changes = listeners<SheetChange>();
  const spreadsheetChanges = listeners<string>();
  const world = newWorld(options, spreadsheetChanges.tell);
  const { spreadsheets, quirks } = world;
  const executions = new Executions({
    code,
    workerFile,
    threads,
    scopes: manifest.oauthScopes ?? [],
    cachedReads: options.cachedReads ?? quirks.readsCachedUntilFlush,
    world,
    trace,
    changed: ({ spreadsheetId, sheet, what, written, account }) => {
      changes.tell({ spreadsheetId, sheet, by: 'script', what });
      if (written && quirks.scriptWriteFiresEdit) void events.edited({ kind: 'edit', place: written, user: account });
    },
  });
  const events = createEvents(world, (functionName, account, event) =>
    executions.start({ functionName, account, event }),
  );
  const history = createHistory();
  const rows = createRowChanges(world, {
    history,
    changed: (spreadsheetId, sheet) => changes.tell({ spreadsheetId, sheet, by: 'person', what: 'cells' }),
    edited: events.edited,
  });

  function rememberEdit(
    edit: PersonsEdit,
    { tab, area, before }: Pick<AppliedEdit, 'tab' | 'area' | 'before'>,
  ): string {
    const after = tab.contents(area);
    return history.remember({ spreadsheetId: edit.spreadsheetId, tab }, (user) => {
      if (!isDeepStrictEqual(tab.contents(area), after)) throw changedSince(toA1(area));
      return runtime.edit({ ...edit, contents: before, how: 'undone', user, account: user || edit.account });
    });
  }

  const runtime = {
    spreadsheets,
    /** What the runtime believes of the platform, and what was recorded. */
    quirks,
    /**
     * As a person typed or pasted it. Returns when it is in the sheet; `executions` resolves when what it started has
     * come to rest. `warnings` are what Sheets would tell that person.
     * @throws SheetError - It does not fit the sheet, or they may not; nothing was changed.
     */
    edit(edit: PersonsEdit): Made & { readonly executions: Promise<Execution[]> } {
      const { spreadsheetId, sheet, how } = edit;
      const { facts, warnings, ...done } = applyEdit(spreadsheets.get(spreadsheetId), edit, quirks);
      changes.tell({ spreadsheetId, sheet, by: 'person', what: 'cells' });
      const typed = how === 'undone' ? 'taken back' : `= ${edit.values.flat().slice(0, 3).join(', ')}`;
      const what = `edit ${edit.range} ${typed}`;
      trace?.({ at: world.clock.now(), part: 'sheet', what, said: `by ${edit.user || 'nobody named'}`, ok: true });
      const isSilent = how === 'undone' && !quirks.undoFiresEdit;
      const executions = isSilent ? Promise.resolve([]) : events.edited(facts);
      return { executions, warnings, undo: rememberEdit(edit, done) };
    },
    ...rows,
    /**
     * As Ctrl+Z of the person who did it. Cells that somebody has changed since stay as they are.
     * @throws SheetError - It would not come to the same cells any more; nothing was changed.
     */
    undo: (spreadsheetId: string, id: string, user: string): Made => history.undo(id, spreadsheetId, user),
    /** Make a copy, as a person does. @returns The id of the copy; its owner is who copied. */
    copySpreadsheet: (id: string, copy: Copy): string => spreadsheets.copy(id, copy).id,
    /** Deletes a protection, as a person does. @throws SheetError - They may not, or there is none of that description. */
    unprotect(spreadsheetId: string, description: string, user: string): void {
      const sheet = spreadsheets.get(spreadsheetId).unprotect(description, user);
      changes.tell({ spreadsheetId, sheet, by: 'person', what: 'formatting' });
    },
    /** Fires every clock trigger once; when a minute has passed is for the caller to say. */
    tick: (): Promise<Execution[]> => events.tick(),
    /** The editor's Run button: no arguments. Anybody who can see a script can run it, as themselves. */
    run: (functionName: string, { user = owner }: { user?: string } = {}): Promise<Execution> =>
      executions.start({ functionName, account: user }),
    setScriptProperty(key: string, value: string): void {
      const store = storeOf('script', owner);
      world.properties.set(store, new Map([...(world.properties.get(store) ?? []), [key, value]]));
    },
    scriptProperty: (key: string): string | undefined => world.properties.get(storeOf('script', owner))?.get(key),
    /** The next execution (of that function, if one is named) is cut there. */
    cutNext: (order: CutOrder): void => executions.cutNext(order),
    executions: (): readonly Execution[] => executions.kept,
    /** For another one, as long as nothing runs here. */
    kept: (): Kept => world,
    /** Those that are installed now, of all accounts. */
    triggers: (): readonly Trigger[] => [...world.triggers.values()],
    /** Resolves when nothing runs, and no event is on its way. */
    async idle(): Promise<void> {
      await events.idle();
      await executions.idle();
    },
    /** Of cells, notes and formatting. Returns a function that ends it. */
    onChange: changes.listen,
    /** Of which spreadsheets there are, their names and zones, and their tabs; hears the spreadsheet's id. */
    onSpreadsheets: spreadsheetChanges.listen,
    /** Kills what runs; what is still on its way starts nothing any more. */
    close: (): Promise<void> => executions.close(),
  };
  return runtime;
}

const changedSince = (range: string) =>
  new SheetError(`${range} was changed since by Drawbridge or somebody else, so nothing was undone.`, {
    field: 'undo',
  });

function listeners<T>() {
  const all = new Set<(news: T) => void>();
  return {
    tell(news: T): void {
      for (const listener of all) listener(news);
    },
    listen(listener: (news: T) => void): () => void {
      all.add(listener);
      return () => all.delete(listener);
    },
  };
}

function newWorld(options: RuntimeOptions, spreadsheetChanged: (id: string) => void): World {
  const { clock, owner, network, trace, faultInjection = {}, manifest, accountTimeZone = 'Etc/UTC', from } = options;
  const quirks = quirksOf(options.quirks);
  return {
    clock,
    owner,
    network,
    trace,
    faultInjection,
    quirks,
    accountTimeZone,
    spreadsheets: new Spreadsheets({ now: clock.now, quirks, changed: spreadsheetChanged }, owner, from?.spreadsheets),
    properties: new Map(from?.properties),
    cache: new Map(from?.cache),
    triggers: new Map(from?.triggers),
    lock: new ScriptLock(clock),
    urlFetchWhitelist: manifest.urlFetchWhitelist,
  };
}
