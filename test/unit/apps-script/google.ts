import vm from 'node:vm';

/**
 * As much of Google as the script needs, in one thread and with real state: cells, properties, cache, lock, triggers.
 * Each run is a fresh bare context. Every read or write of values, properties, cache, lock, URL or trigger is counted,
 * and a run can be cut at any of them; from there on nothing that it does has an effect.
 */
export type Cell = string | number | boolean | Date;

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly payload?: string;
}
export type Network = (request: HttpRequest) => { status: number; body: string };

export interface Cut {
  readonly at: number;
  /** Where it is killed; or the call alone fails, before it has an effect or after; is answered late; or is made twice. */
  readonly side: 'before' | 'after' | 'fails' | 'unanswered' | 'slow' | 'twice';
}

/** UrlFetchApp waits for an answer of API Gateway, which takes 30 s at most. */
const SLOW_MS = 29_000;

export interface Run {
  readonly calls: string[];
  readonly log: string[];
  readonly error?: string;
  readonly wasCut: boolean;
}

export const OWNER = 'drawbridge.controller@example.com';

interface Project {
  readonly script: vm.Script;
  readonly idle: vm.Context[];
}
const PROJECTS = new Map<string, Project>();

class Killed extends Error {}

/** Of one cell in A1 notation: its row and column, from 1. */
function cellOf(a1: string): [number, number] {
  const [, letter = '', row] = /^([A-Z])(\d+)$/.exec(a1) ?? [];
  return [Number(row), letter.charCodeAt(0) - 64];
}

export class Google {
  now = Date.parse('2026-11-22T02:00:00Z');
  readonly books = new Map<string, Map<string, Cell[][]>>();
  readonly notes = new Map<string, string>();
  userProperties = new Map<string, string>();
  readonly scriptProperties = new Map<string, string>();
  readonly cache = new Map<string, string>();
  triggers: { id: string; handler: string; source: string | null }[] = [];
  effectiveUser = OWNER;
  isLockFree = true;
  /** Called after each service call; where a test lets other people act. */
  meanwhile: ((call: string, count: number) => void) | undefined;
  network: Network = () => ({ status: 500, body: '' });
  private made = 0;
  private readonly project: Project;

  constructor(code: string) {
    this.project = PROJECTS.get(code) ?? { script: new vm.Script(code, { filename: 'Code.js' }), idle: [] };
    PROJECTS.set(code, this.project);
  }

  tab(book: string, name = 'Rundown'): Cell[][] {
    return this.books.get(book)?.get(name) as Cell[][];
  }

  /** Runs a global function of the script, cut at its k-th service call if that is asked for. */
  run(name: string, event?: EventOf, cut?: Cut): Run {
    const calls: string[] = [];
    const log: string[] = [];
    // No two executions begin in the same millisecond.
    this.now += 1;
    let isDead = false;
    const call = <T>(what: string, work: () => T): T => {
      if (isDead) throw new Killed('cut');
      calls.push(what);
      const isHere = cut?.at === calls.length;
      if (isHere && cut.side === 'before') isDead = true;
      if (isDead) throw new Killed('cut');
      if (isHere && cut.side === 'fails') throw new Error('We are sorry, a server error occurred. Please wait a bit.');
      if (isHere && cut.side === 'twice') work();
      const answer = work();
      this.meanwhile?.(what, calls.length);
      if (isHere && cut.side === 'slow') this.now += SLOW_MS;
      if (isHere && (cut.side === 'slow' || cut.side === 'twice')) return answer;
      if (isHere && cut.side === 'unanswered') throw new Error('The service timed out.');
      if (isHere) {
        isDead = true;
        throw new Killed('cut');
      }
      return answer;
    };
    const services = this.services(call, log);
    let error: string | undefined;
    const context = this.context({ ...services.globals, clockNow: () => this.now });
    try {
      const run = vm.runInContext(name, context) as (event?: unknown) => void;
      run(event?.(services));
    } catch (caught) {
      error = (caught as Error).message;
    }
    // What a killed execution left in its globals nobody meets again.
    if (!isDead) this.project.idle.push(context);
    if (services.lock.isHeld) this.isLockFree = true;
    return { calls, log, error: isDead ? undefined : error, wasCut: isDead };
  }

  /**
   * An execution has globals of its own. To evaluate the code takes far longer than to run it, so one that has ended lends
   * its globals to a later one.
   */
  private context(globals: object): vm.Context {
    const known = this.project.idle.pop();
    const context = known ?? vm.createContext({});
    Object.assign(context, globals);
    if (known) return known;
    vm.runInContext('Date.now = () => clockNow();', context);
    this.project.script.runInContext(context);
    return context;
  }

  /** As if that person had typed or pasted there: the cells change, then the trigger fires. */
  edit(book: string, row: number, column: number, values: Cell[][], user: string, options: EditOptions = {}): Run {
    const { tab = 'Rundown', cut, value = values.length === 1 && values[0]?.length === 1 } = options;
    this.type(book, row, column, values, tab);
    const typed = value && values[0]?.[0] !== '' ? typedText(values[0]?.[0] ?? '') : undefined;
    const size = { rows: values.length, columns: values[0]?.length ?? 1 };
    const event = editEvent({ book, tab, row, column, ...size, user, value: typed });
    return this.run('onRundownEdit', event, cut);
  }

  /** The cells change and no trigger fires, as when the event is lost. */
  type(book: string, row: number, column: number, values: Cell[][], tab = 'Rundown'): void {
    const cells = this.tab(book, tab);
    values.forEach((line, down) => {
      line.forEach((value, along) => {
        (cells[row - 1 + down] as Cell[])[column - 1 + along] = value;
      });
    });
  }

  private services(call: Call, log: string[]) {
    const lock = { isHeld: false };
    const seen = new Map<Cell[][], Cell[][]>();
    const store = (which: () => Map<string, string>, name: string) => ({
      getProperty: (key: string) => call(`${name}.getProperty`, () => which().get(key) ?? null),
      getProperties: () => call(`${name}.getProperties`, () => Object.fromEntries(which())),
      setProperty: (key: string, value: string) => call(`${name}.setProperty`, () => void which().set(key, value)),
      setProperties: (all: Record<string, string>) =>
        call(`${name}.setProperties`, () => {
          for (const [key, value] of Object.entries(all)) {
            if (value.length > 9 * 1024) throw new Error('Argument too large: value');
            which().set(key, value);
          }
        }),
      deleteProperty: (key: string) => call(`${name}.deleteProperty`, () => void which().delete(key)),
    });
    const user = store(() => this.userProperties, 'userProperties');
    const script = store(() => this.scriptProperties, 'scriptProperties');
    const fetch = (url: string, params: Record<string, unknown>) => {
      const { method = 'get', headers = {}, payload } = params as unknown as HttpRequest;
      const { status, body } = this.network({ url, method, headers, payload });
      return { getResponseCode: () => status, getContentText: () => body };
    };
    const spreadsheet = (id: string) => this.spreadsheet(id, call, seen);
    return {
      lock,
      spreadsheet,
      globals: {
        console: Object.fromEntries(
          ['log', 'info', 'warn', 'error'].map((level) => [level, (line: string) => void log.push(String(line))]),
        ),
        SpreadsheetApp: {
          openById: (id: string) => call(`open ${id}`, () => spreadsheet(id)),
          flush: () => call('flush', () => seen.clear()),
        },
        PropertiesService: { getUserProperties: () => user, getScriptProperties: () => script },
        CacheService: {
          getUserCache: () => ({
            getAll: (keys: string[]) =>
              call('cache.getAll', () =>
                Object.fromEntries(keys.flatMap((key) => (this.cache.has(key) ? [[key, this.cache.get(key)]] : []))),
              ),
            put: (key: string, value: string) => call('cache.put', () => void this.cache.set(key, value)),
            removeAll: (keys: string[]) =>
              call('cache.removeAll', () => {
                for (const key of keys) this.cache.delete(key);
              }),
          }),
        },
        LockService: {
          getScriptLock: () => ({
            tryLock: () =>
              call('tryLock', () => {
                const isGot = this.isLockFree;
                if (isGot) {
                  this.isLockFree = false;
                  lock.isHeld = true;
                }
                return isGot;
              }),
            releaseLock: () =>
              call('releaseLock', () => {
                lock.isHeld = false;
                this.isLockFree = true;
              }),
          }),
        },
        UrlFetchApp: {
          fetchAll: (requests: ({ url: string } & Record<string, unknown>)[]) =>
            call(`fetchAll ${requests.map(({ method, url }) => `${method} ${url}`).join(' ')}`, () => {
              if (lock.isHeld) throw new Error('the script lock is held across HTTP');
              return requests.map(({ url, ...params }) => fetch(url, params));
            }),
        },
        Utilities: {
          sleep: (ms: number) => {
            this.now += ms;
          },
          getUuid: () => {
            this.made += 1;
            return `${String(this.made).padStart(8, '0')}-0000-4000-8000-000000000000`;
          },
          base64Encode: (text: string) => Buffer.from(text).toString('base64'),
          formatDate: (date: Date, _zone: string, pattern: string) => {
            const iso = new Date(date.getTime()).toISOString();
            return iso.slice(0, pattern.length).replace('T', ' ');
          },
        },
        Session: { getEffectiveUser: () => ({ getEmail: () => this.effectiveUser }) },
        ScriptApp: this.scriptApp(call),
      },
    };
  }

  private spreadsheet(id: string, call: Call, seen: Map<Cell[][], Cell[][]>) {
    const tabs = this.books.get(id);
    if (!tabs) throw new Error(`There is no spreadsheet ${id}.`);
    const sheet = (name: string) => {
      const cells = tabs.get(name);
      if (!cells) return null;
      const range = (row: number, column: number, rows = 1, columns = 1) => ({
        getRow: () => row,
        getColumn: () => column,
        getLastRow: () => row + rows - 1,
        getLastColumn: () => column + columns - 1,
        getSheet: () => sheet(name),
        // An execution goes on seeing what it read first, until it flushes.
        getValues: () =>
          call('getValues', () => {
            const snapshot = seen.get(cells) ?? copy(cells);
            seen.set(cells, snapshot);
            return copy(snapshot);
          }),
        getDisplayValues: () =>
          call('getDisplayValues', () => {
            const snapshot = seen.get(cells) ?? copy(cells);
            seen.set(cells, snapshot);
            return snapshot.map((line) => line.map(shown));
          }),
        setValues: (values: Cell[][]) =>
          call(`setValues ${row},${column} ${JSON.stringify(values[0])}`, () => {
            const own = values.map((line) => line.map(asCell));
            this.type(id, row, column, own, name);
            seen.delete(cells);
          }),
        setValue: (value: Cell) =>
          call(`setValue ${row},${column} ${value}`, () => this.type(id, row, column, [[asCell(value)]], name)),
        setNote: (text: string) => call('setNote', () => void this.notes.set(`${name}!${row},${column}`, text)),
      });
      const getRange = (row: number | string, column = 1, rows?: number, columns?: number) =>
        typeof row === 'string' ? range(...cellOf(row)) : range(row, column, rows, columns);
      const getSheetId = () => [...tabs.keys()].indexOf(name) + 1;
      return {
        getName: () => name,
        getSheetId,
        getLastColumn: () => (cells[0] ?? []).length,
        getRange,
        getDataRange: () => range(1, 1, cells.length),
        ...grid(cells),
      };
    };
    return {
      getId: () => id,
      getName: () => id,
      getSheets: () => [...tabs.keys()].map(sheet),
      getSheetByName: sheet,
      getSpreadsheetTimeZone: () => 'Etc/UTC',
      getSpreadsheetLocale: () => 'en_GB',
    };
  }

  private scriptApp(call: Call) {
    const create = (handler: string, source: string | null) =>
      call(`createTrigger ${handler}`, () => {
        this.made += 1;
        this.triggers.push({ id: String(this.made), handler, source });
      });
    return {
      AuthMode: { FULL: 'FULL' },
      requireAllScopes: () => {},
      getProjectTriggers: () =>
        call('getProjectTriggers', () =>
          this.triggers.map(({ id, handler, source }) => ({
            getHandlerFunction: () => handler,
            getTriggerSourceId: () => source,
            getUniqueId: () => id,
          })),
        ),
      newTrigger: (handler: string) => ({
        forSpreadsheet: (id: string) => ({ onEdit: () => ({ create: () => create(handler, id) }) }),
        timeBased: () => ({ everyMinutes: () => ({ create: () => create(handler, null) }) }),
      }),
      deleteTrigger: (trigger: { getUniqueId(): string }) =>
        call('deleteTrigger', () => {
          this.triggers = this.triggers.filter(({ id }) => id !== trigger.getUniqueId());
        }),
    };
  }
}

const copy = (cells: Cell[][]): Cell[][] => cells.map((line) => [...line]);

type Call = <T>(what: string, work: () => T) => T;
type Services = ReturnType<Google['services']>;

/** Makes the event that a trigger hands over, of this run's own services. */
export type EventOf = (services: Services) => unknown;

/** Of an edit: where and whose it was, and what was typed if it says that. */
export const editEvent =
  ({ book, tab = 'Rundown', row, column, rows = 1, columns = 1, user, value }: Edited): EventOf =>
  ({ spreadsheet }) => {
    const source = spreadsheet(book);
    const range = source.getSheetByName(tab)?.getRange(row, column, rows, columns);
    return { range, source, user: { getEmail: () => user }, ...(value === undefined ? {} : { value }) };
  };

interface Edited {
  readonly book: string;
  readonly tab?: string;
  readonly row: number;
  readonly column: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly user: string;
  readonly value?: string | undefined;
}

export interface EditOptions {
  readonly tab?: string;
  readonly cut?: Cut;
  /** Whether the event carries what was typed; only for a single cell. */
  readonly value?: boolean;
}

/** How far a tab goes; a script may make it longer. */
const grid = (cells: Cell[][]) => ({
  getMaxRows: () => cells.length,
  insertRowsAfter: (_after: number, count: number) =>
    void cells.push(...Array.from({ length: count }, () => (cells[0] ?? []).map((): Cell => ''))),
});

/** A date comes as its serial number. */
const typedText = (value: Cell): string =>
  isDate(value) ? String(value.getTime() / 86_400_000 + 25_569) : String(value);

/** As people see a cell. */
const shown = (value: Cell): string =>
  isDate(value) ? new Date(value.getTime()).toISOString().slice(0, 16).replace('T', ' ') : String(value);

/** An apostrophe before a text keeps it text, and is not part of it. */
const asCell = (value: Cell): Cell => {
  if (isDate(value)) return new Date(value.getTime());
  return typeof value === 'string' && value.startsWith("'") ? value.slice(1) : value;
};

const isDate = (value: unknown): value is Date =>
  typeof value === 'object' && Object.prototype.toString.call(value) === '[object Date]';
