import { readdir, readFile } from 'node:fs/promises';
import { facades } from '../../../../local/apps-script-runtime/facades.ts';
import { createScriptContext, type Members } from '../../../../local/apps-script-runtime/script-context.ts';

/** What Google's objects have besides is refused by name: an emulator that nobody asks grows for nothing. */

const SCRIPT = new URL('../../../../apps-script/', import.meta.url);

async function scriptText(): Promise<string> {
  const files = (await readdir(SCRIPT, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return (await Promise.all(files.map((name) => readFile(new URL(name, SCRIPT), 'utf8')))).join('\n');
}

const PLACE = { spreadsheetId: 'x', sheetId: 0, row: 1, column: 1, rows: 1, columns: 1 };
/** What the host would answer where an object's making depends on it. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  'Spreadsheet.tabs': [{ name: 'Rundown', sheetId: 0 }],
  'Sheet.getRange': PLACE,
  'Trigger.list': [{ id: '1', handler: 'onMinute', source: 'CLOCK', sourceId: null }],
  'UrlFetch.fetchAll': [{ status: 200, body: '' }],
};

/** @returns By object, its members: of everything that the globals hand out. */
function membersOf(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const scriptContext = createScriptContext(Date.now, () => undefined);
  const sealed = (name: string, members: Members) => {
    found.set(name, Object.keys(members));
    return members;
  };
  const call = (name: string) => ANSWERS[name];
  const { globals } = facades({ call, scriptContext: { ...scriptContext, sealed } }, () => undefined, Date.now);
  const at = (object: unknown, member: string, ...args: unknown[]) =>
    ((object as Members)[member] as (...args: unknown[]) => unknown)(...args);
  const { SpreadsheetApp, ScriptApp, PropertiesService, CacheService, LockService, UrlFetchApp, Session } = globals;
  const [sheet] = at(at(SpreadsheetApp, 'openById', 'x'), 'getSheets') as Members[];
  at(at(sheet, 'getRange', 'A1'), 'protect');
  at(SpreadsheetApp, 'newDataValidation');
  at(at(at(SpreadsheetApp, 'newConditionalFormatRule'), 'whenTextEqualTo', 'Done'), 'build');
  at(ScriptApp, 'getProjectTriggers');
  const builder = at(ScriptApp, 'newTrigger', 'onEdit');
  at(at(builder, 'forSpreadsheet', 'x'), 'onEdit');
  at(at(builder, 'timeBased'), 'everyMinutes', 1);
  at(PropertiesService, 'getUserProperties');
  at(CacheService, 'getUserCache');
  at(LockService, 'getScriptLock');
  at(UrlFetchApp, 'fetchAll', []);
  at(Session, 'getEffectiveUser');
  return found;
}

/** Made for others: `deleteTrigger` finds its trigger by it, and people log while they look for a fault. */
const ALSO = ['Trigger.getUniqueId', 'Logger.log', 'console.log', 'console.info', 'console.warn', 'console.error'];

it('offers no member that the script does not call', async () => {
  const text = await scriptText();
  const members = [...membersOf()].flatMap(([name, keys]) => keys.map((key) => [name, key] as const));
  expect(members.length).toBeGreaterThan(80);
  const idle = members.filter(
    ([name, key]) => !ALSO.includes(`${name}.${key}`) && !/^[A-Z]/.test(key) && !new RegExp(`\\.${key}\\b`).test(text),
  );
  expect(idle.map((one) => one.join('.'))).toEqual([]);
});
