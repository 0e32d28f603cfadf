import type { RangePlace } from '../protocol.ts';
import type { Members } from '../script-context.ts';
import { builders } from './builders.ts';
import { protectionFacade } from './protection.ts';
import { rangeFacade } from './range.ts';
import { user } from './session.ts';
import { sheetFacade } from './sheet.ts';
import type { Thread } from './thread.ts';

/** The makers of the objects that refer to each other. */
export interface Makers {
  spreadsheetOf(id: string): Members;
  sheetOf(spreadsheetId: string, sheetId: number): Members;
  rangeOf(place: RangePlace): Members;
  protectionOf(spreadsheetId: string, sheetId: number, protectionId: string): Members;
  /** What stands behind an object that a script hands back; undefined if it is no such object. */
  behind<T>(kind: Kind, object: unknown): T | undefined;
  /** An object that stands for these facts. */
  standing(kind: Kind, facts: unknown, members: Members): Members;
}

export type Kind = 'Range' | 'DataValidation' | 'ConditionalFormatRule';

/** SpreadsheetApp, and the objects that it hands out. */
export function spreadsheetApp(thread: Thread) {
  const { call, scriptContext } = thread;
  const { sealed } = scriptContext;
  const facts = new WeakMap<object, { kind: Kind; facts: unknown }>();

  const makers: Makers = {
    spreadsheetOf,
    sheetOf: (spreadsheetId, sheetId) => sheetFacade(thread, makers, spreadsheetId, sheetId),
    rangeOf: (place) => rangeFacade(thread, makers, place),
    protectionOf: (...ids) => protectionFacade(thread, makers, ...ids),
    behind<T>(kind: Kind, object: unknown) {
      const found = typeof object === 'object' && object !== null ? facts.get(object) : undefined;
      return found?.kind === kind ? (found.facts as T) : undefined;
    },
    standing(kind, what, members) {
      const made = sealed(kind, members);
      facts.set(made, { kind, facts: what });
      return made;
    },
  };

  function spreadsheetOf(id: string): Members {
    const tabs = () => call('Spreadsheet.tabs', id) as { name: string; sheetId: number }[];
    const self: Members = sealed('Spreadsheet', {
      getId: () => id,
      getUrl: () => `https://docs.google.com/spreadsheets/d/${id}/edit`,
      getName: () => call('Spreadsheet.name', id),
      copy: (name: string) => spreadsheetOf(call('Spreadsheet.copy', id, name) as string),
      getSpreadsheetTimeZone: () => call('Spreadsheet.timeZone', id),
      getSpreadsheetLocale: () => call('Spreadsheet.locale', id),
      setSpreadsheetLocale: (locale: string) => void call('Spreadsheet.setSpreadsheetLocale', id, locale),
      setRecalculationInterval(interval: string) {
        call('Spreadsheet.setRecalculationInterval', id, interval);
        return self;
      },
      getEditors: () =>
        scriptContext.list(
          Array.from(call('Spreadsheet.editors', id) as string[], (email) => user(scriptContext, () => email)),
        ),
      getViewers: () => scriptContext.list([]),
      addEditor(account: string) {
        call('Spreadsheet.addEditors', id, [account]);
        return self;
      },
      addEditors: (accounts: readonly string[]) => void call('Spreadsheet.addEditors', id, Array.from(accounts)),
      setSpreadsheetTimeZone: (zone: string) => void call('Spreadsheet.setSpreadsheetTimeZone', id, zone),
      getSheetByName(name: string) {
        const found = tabs().find((one) => one.name === name);
        return found ? makers.sheetOf(id, found.sheetId) : null;
      },
      getSheets: () => scriptContext.list(tabs().map(({ sheetId }) => makers.sheetOf(id, sheetId))),
      insertSheet(name?: unknown, index?: unknown) {
        if (name !== undefined && typeof name !== 'string')
          return scriptContext.refuse('Spreadsheet.insertSheet with an index alone');
        return makers.sheetOf(id, call('Spreadsheet.insertSheet', id, name, index) as number);
      },
    });
    return self;
  }

  function openById(id: string): Members {
    call('Spreadsheet.open', id);
    return spreadsheetOf(id);
  }

  const app = sealed('SpreadsheetApp', {
    ...builders(thread, makers),
    ProtectionType: sealed('ProtectionType', { RANGE: 'RANGE', SHEET: 'SHEET' }),
    RecalculationInterval: sealed('RecalculationInterval', { ON_CHANGE: 'ON_CHANGE', MINUTE: 'MINUTE', HOUR: 'HOUR' }),
    create: (name: string, rows?: number, columns?: number) =>
      spreadsheetOf(call('Spreadsheet.create', name, rows && columns && { rows, columns }) as string),
    openById,
    flush: () => void call('Spreadsheet.flush'),
  });

  return { app, spreadsheetOf, rangeOf: makers.rangeOf };
}
