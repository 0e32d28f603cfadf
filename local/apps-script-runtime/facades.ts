import { parseA1 } from './a1.ts';
import type { EventFacts, RangePlace } from './protocol.ts';

/** The globals of Apps Script, as thin objects around calls to the host. What is not here is refused by name. */

type Call = (name: string, ...args: unknown[]) => unknown;
interface Realm {
  readonly Date: DateConstructor;
  readonly Error: ErrorConstructor;
}
type Members = Record<string, unknown>;

export function facades(call: Call, realm: Realm, log: (...parts: unknown[]) => void) {
  /** An object that has these members, and refuses every other by name. */
  function sealed(name: string, members: Members): Members {
    return new Proxy(members, {
      get(target, key) {
        if (typeof key === 'symbol' || key in target || key === 'toJSON' || key === 'then')
          return target[key as string];
        throw new realm.Error(`${name}.${key} is not supported by the local Apps Script runtime`);
      },
    });
  }

  /** Dates must be the script's own kind. */
  const own = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(own);
    return value instanceof Date ? new realm.Date(value.getTime()) : value;
  };

  const range = (place: RangePlace): Members => {
    const { spreadsheetId, sheet, row, column, rows, columns } = place;
    const at = [spreadsheetId, sheet, row, column, rows, columns] as const;
    return sealed('Range', {
      getRow: () => row,
      getColumn: () => column,
      getNumRows: () => rows,
      getNumColumns: () => columns,
      getLastRow: () => row + rows - 1,
      getLastColumn: () => column + columns - 1,
      getSheet: () => sheetOf(spreadsheetId, sheet),
      getValues: () => own(call('Sheet.getValues', ...at)),
      getValue: () => own((call('Sheet.getValues', ...at) as unknown[][])[0]?.[0]),
      getDisplayValues: () => call('Sheet.getDisplayValues', ...at),
      setValues: (values: unknown[][]) => void call('Sheet.setValues', ...at, values),
      setValue: (value: unknown) =>
        void call(
          'Sheet.setValues',
          ...at,
          Array.from({ length: rows }, () => Array.from({ length: columns }, () => value)),
        ),
      setNote: (note: string) => void call('Sheet.setNote', ...at, note),
      getNote: () => call('Sheet.getNote', ...at),
    });
  };

  const sheetOf = (spreadsheetId: string, sheet: string): Members => {
    const size = () => call('Sheet.size', spreadsheetId, sheet) as { rows: number; columns: number };
    const place = (row: number, column: number, rows = 1, columns = 1) =>
      range({ spreadsheetId, sheet, row, column, rows, columns });
    return sealed('Sheet', {
      getName: () => sheet,
      getParent: () => spreadsheetOf(spreadsheetId),
      getLastRow: () => size().rows,
      getLastColumn: () => size().columns,
      getDataRange: () => {
        const { rows, columns } = size();
        return place(1, 1, Math.max(1, rows), Math.max(1, columns));
      },
      getRange: (first: number | string, column?: number, rows?: number, columns?: number) => {
        if (typeof first === 'number') return place(first, column ?? 1, rows, columns);
        return range({ spreadsheetId, sheet, ...parseA1(first) });
      },
    });
  };

  const spreadsheetOf = (id: string): Members =>
    sealed('Spreadsheet', {
      getId: () => id,
      getUrl: () => `https://docs.google.com/spreadsheets/d/${id}/edit`,
      getName: () => call('Spreadsheet.name', id),
      getSpreadsheetTimeZone: () => call('Spreadsheet.timeZone', id),
      getSheetByName: (name: string) =>
        (call('Spreadsheet.tabs', id) as string[]).includes(name) ? sheetOf(id, name) : null,
      getSheets: () => (call('Spreadsheet.tabs', id) as string[]).map((name) => sheetOf(id, name)),
    });

  const properties = (scope: 'script' | 'user'): Members =>
    sealed('Properties', {
      getProperty: (key: string) => call('Properties.getProperty', scope, key),
      getProperties: () => call('Properties.getProperties', scope),
      getKeys: () => Object.keys(call('Properties.getProperties', scope) as object),
      setProperty: (key: string, value: string) => void call('Properties.setProperties', scope, { [key]: value }),
      setProperties: (values: Record<string, string>) => void call('Properties.setProperties', scope, { ...values }),
      deleteProperty: (key: string) => void call('Properties.deleteProperty', scope, key),
    });

  const cache = (scope: 'script' | 'user'): Members =>
    sealed('Cache', {
      get: (key: string) => call('Cache.get', scope, key),
      put: (key: string, value: string, seconds = 600) => void call('Cache.put', scope, key, value, seconds),
      remove: (key: string) => void call('Cache.remove', scope, key),
    });

  const lock = sealed('Lock', {
    tryLock: (ms: number) => call('Lock.tryLock', ms),
    waitLock: (ms: number) => {
      if (!call('Lock.tryLock', ms))
        throw new realm.Error('Lock timeout: another process was holding the lock for too long.');
    },
    releaseLock: () => void call('Lock.releaseLock'),
    hasLock: () => call('Lock.hasLock'),
  });

  const response = (told: { status: number; headers: Record<string, string>; body: string }): Members =>
    sealed('HTTPResponse', {
      getResponseCode: () => told.status,
      getContentText: () => told.body,
      getHeaders: () => told.headers,
      getAllHeaders: () => told.headers,
    });
  type Told = Parameters<typeof response>[0];
  const plain = (request: object) => JSON.parse(JSON.stringify(request));

  const trigger = ({
    id,
    handler,
    source,
    sourceId,
  }: {
    id: string;
    handler: string;
    source: string;
    sourceId: string | null;
  }) =>
    sealed('Trigger', {
      getUniqueId: () => id,
      getHandlerFunction: () => handler,
      getTriggerSource: () => source,
      getTriggerSourceId: () => sourceId,
      getEventType: () => (source === 'CLOCK' ? 'CLOCK' : 'ON_EDIT'),
    });
  type TriggerFacts = Parameters<typeof trigger>[0];

  const newTrigger = (handler: string): Members =>
    sealed('TriggerBuilder', {
      forSpreadsheet: (target: string | Members) => {
        const id = typeof target === 'string' ? target : (target.getId as () => string)();
        const create = () =>
          trigger(call('Trigger.create', { handler, source: 'SPREADSHEETS', sourceId: id }) as TriggerFacts);
        return sealed('SpreadsheetTriggerBuilder', { onEdit: () => sealed('SpreadsheetTriggerBuilder', { create }) });
      },
      timeBased: () =>
        sealed('ClockTriggerBuilder', {
          everyMinutes: (minutes: number) =>
            sealed('ClockTriggerBuilder', {
              create: () =>
                trigger(call('Trigger.create', { handler, source: 'CLOCK', sourceId: null, minutes }) as TriggerFacts),
            }),
        }),
    });

  const user = (email: string) => sealed('User', { getEmail: () => email });

  const globals: Members = {
    SpreadsheetApp: sealed('SpreadsheetApp', {
      openById: (id: string) => {
        call('Spreadsheet.name', id);
        return spreadsheetOf(id);
      },
      flush: () => void call('Spreadsheet.flush'),
      getActiveSpreadsheet: () => null,
      getUi: () => {
        throw new realm.Error('Cannot call SpreadsheetApp.getUi() from this context.');
      },
    }),
    PropertiesService: sealed('PropertiesService', {
      getScriptProperties: () => properties('script'),
      getUserProperties: () => properties('user'),
      getDocumentProperties: () => null,
    }),
    CacheService: sealed('CacheService', { getScriptCache: () => cache('script'), getUserCache: () => cache('user') }),
    LockService: sealed('LockService', { getScriptLock: () => lock, getDocumentLock: () => null }),
    UrlFetchApp: sealed('UrlFetchApp', {
      fetch: (url: string, options: object = {}) =>
        response((call('Url.fetchAll', [plain({ ...options, url })]) as Told[])[0] as Told),
      fetchAll: (requests: object[]) => (call('Url.fetchAll', requests.map(plain)) as Told[]).map(response),
    }),
    Utilities: sealed('Utilities', {
      sleep: (ms: number) => void call('Utilities.sleep', ms),
      getUuid: () => call('Utilities.getUuid'),
      base64Encode: (text: string) => call('Utilities.base64Encode', text),
      formatDate: (date: Date, zone: string, format: string) =>
        call('Utilities.formatDate', date.getTime(), zone, format),
    }),
    ScriptApp: sealed('ScriptApp', {
      newTrigger,
      getProjectTriggers: () => (call('Trigger.list') as TriggerFacts[]).map(trigger),
      deleteTrigger: (one: Members) => void call('Trigger.delete', (one.getUniqueId as () => string)()),
    }),
    Session: sealed('Session', {
      getEffectiveUser: () => user(call('Session.owner') as string),
      getScriptTimeZone: () => 'Etc/UTC',
    }),
    Logger: sealed('Logger', { log }),
    console: { log, info: log, warn: log, error: log },
  };

  /** The event object of a trigger. */
  const toEvent = (facts: EventFacts): Members => {
    if (facts.kind === 'clock') return { authMode: 'FULL', triggerUid: facts.triggerUid };
    const { place, value, oldValue, triggerUid } = facts;
    return {
      authMode: 'FULL',
      triggerUid,
      source: spreadsheetOf(place.spreadsheetId),
      range: range(place),
      user: user(facts.user),
      ...(value === undefined ? {} : { value }),
      ...(oldValue === undefined ? {} : { oldValue }),
    };
  };

  return { globals, toEvent };
}
