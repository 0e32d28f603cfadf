import { randomUUID } from 'node:crypto';
import { type Caller, counted, type Service } from '../service.ts';
import type { Area } from '../spreadsheet/a1.ts';
import { mayEdit, type Protection, REFUSED } from '../spreadsheet/protection.ts';
import { SheetError } from '../spreadsheet/sheet-error.ts';
import type { Tab } from '../spreadsheet/sheet-tab.ts';
import { SHEETS } from './sheets-scope.ts';

type Id = string;
type SheetId = number;

type ProtectionType = 'RANGE' | 'SHEET';

/** As the script's object shows it; the area of a whole tab is its grid. */
export interface ProtectionFacts {
  readonly id: string;
  readonly area: Area;
  readonly description: string;
  readonly warningOnly: boolean;
  readonly editors: readonly string[];
  readonly canEdit: boolean;
  readonly domainEdit: boolean;
}

/** A new one keeps nobody out until a script takes an editor away. */
function protect({ sheets }: Caller, id: Id, sheetId: SheetId, area?: Area): string {
  const tab = sheets.tab(id, sheetId);
  const known = area ? undefined : tab.formatting.protections.find((one) => !one.area);
  if (known) return known.id;
  const made: Protection = {
    id: randomUUID(),
    area: area && tab.opened(area),
    description: '',
    warningOnly: false,
    domainEdit: false,
  };
  sheets.change(id, sheetId, 'formatting', ({ formatting }) => {
    formatting.protections = [...formatting.protections, made];
  });
  return made.id;
}

function get({ sheets }: Caller, id: Id, sheetId: SheetId, protectionId: string): Protection {
  const found = sheets.tab(id, sheetId).formatting.protections.find((one) => one.id === protectionId);
  if (!found) throw new SheetError('The protection no longer exists.');
  return found;
}

function facts(caller: Caller, id: Id, sheetId: SheetId, protectionId: string): ProtectionFacts {
  const { sheets, account } = caller;
  const tab = sheets.tab(id, sheetId);
  const { owner } = sheets.spreadsheet(id);
  const found = get(caller, id, sheetId, protectionId);
  const { area = { row: 1, column: 1, rows: tab.size().maxRows, columns: tab.size().maxColumns } } = found;
  return {
    ...found,
    area: tab.closed(area),
    editors: editorsOf(caller, id, found),
    canEdit: mayEdit(found, account, owner),
  };
}

/** Up to the first removal they are the spreadsheet's: of everybody that it is shared with, those who are known. */
function editorsOf({ sheets, account }: Caller, id: Id, { editors }: Protection): readonly string[] {
  const { owner, sharedWith = [account] } = sheets.spreadsheet(id);
  return [...new Set(editors ?? [owner, ...sharedWith])];
}

/** Only who may edit a protection may change or remove it. */
function requireRight({ sheets, account }: Caller, id: Id, protection: Protection): void {
  const isFree = protection.warningOnly || mayEdit(protection, account, sheets.spreadsheet(id).owner);
  if (!isFree) throw new SheetError(REFUSED);
}

type Patch = Partial<Omit<Protection, 'id' | 'area'>>;

function change(
  caller: Caller,
  id: Id,
  sheetId: SheetId,
  protectionId: string,
  patch: (one: Protection, tab: Tab) => Patch,
): void {
  requireRight(caller, id, get(caller, id, sheetId, protectionId));
  caller.sheets.change(id, sheetId, 'formatting', (tab) => {
    const { formatting } = tab;
    formatting.protections = formatting.protections.map((one) =>
      one.id === protectionId ? { ...one, ...patch(one, tab) } : one,
    );
  });
}

const list = (protections: readonly Protection[], type: ProtectionType): string[] =>
  protections.filter(({ area }) => (type === 'RANGE') === Boolean(area)).map(({ id }) => id);

export const PROTECTION: Readonly<Record<string, Service>> = {
  'Range.protect': counted(
    (_world, caller, id: Id, sheetId: SheetId, area: Area) => protect(caller, id, sheetId, area),
    SHEETS,
  ),
  'Sheet.protect': counted((_world, caller, id: Id, sheetId: SheetId) => protect(caller, id, sheetId), SHEETS),
  'Sheet.getProtections': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, type: ProtectionType) =>
      list(sheets.tab(id, sheetId).formatting.protections, type),
    SHEETS,
  ),
  'Protection.get': counted(
    (_world, caller, id: Id, sheetId: SheetId, protectionId: string) => facts(caller, id, sheetId, protectionId),
    SHEETS,
  ),
  'Protection.set': counted(
    (
      _world,
      caller,
      id: Id,
      sheetId: SheetId,
      protectionId: string,
      patch: Pick<Patch, 'description' | 'warningOnly' | 'domainEdit'>,
    ) => change(caller, id, sheetId, protectionId, () => patch),
    SHEETS,
  ),
  'Protection.addEditors': counted(
    (_world, caller, id: Id, sheetId: SheetId, protectionId: string, emails: string[]) =>
      change(caller, id, sheetId, protectionId, ({ editors }) => ({
        editors: editors && [...new Set([...editors, ...emails])],
      })),
    SHEETS,
  ),
  // Neither the spreadsheet's owner nor who runs the script can be taken off.
  'Protection.removeEditors': counted(
    (_world, caller, id: Id, sheetId: SheetId, protectionId: string, emails: string[]) => {
      const staying = [caller.sheets.spreadsheet(id).owner, caller.account];
      const isLeaving = (email: string) => emails.includes(email) && !staying.includes(email);
      change(caller, id, sheetId, protectionId, (one) => ({
        editors: editorsOf(caller, id, one).filter((email) => !isLeaving(email)),
      }));
    },
    SHEETS,
  ),
  'Protection.remove': counted((_world, caller, id: Id, sheetId: SheetId, protectionId: string) => {
    requireRight(caller, id, get(caller, id, sheetId, protectionId));
    caller.sheets.change(id, sheetId, 'formatting', ({ formatting }) => {
      formatting.protections = formatting.protections.filter((one) => one.id !== protectionId);
    });
  }, SHEETS),
};
