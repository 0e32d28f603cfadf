import { BOOK, MANAGER, OWNER, runtimeHouse } from './start-runtime.ts';

const { start } = runtimeHouse();

const CODE = `
  const mine = PropertiesService.getUserProperties();
  function put() { mine.setProperty('who', Session.getEffectiveUser().getEmail()); CacheService.getUserCache().put('who', 'x');
    PropertiesService.getScriptProperties().setProperty('all', 'y'); }
  function get() { console.log(JSON.stringify([mine.getProperty('who'), CacheService.getUserCache().get('who'),
    PropertiesService.getScriptProperties().getProperty('all'), ScriptApp.getProjectTriggers().length])); }
  function install() { ScriptApp.newTrigger('onEdit').forSpreadsheet('${BOOK}').onEdit().create(); }
  function uninstall() { for (const one of ScriptApp.getProjectTriggers()) ScriptApp.deleteTrigger(one); }
  function fill() { for (let at = 0; at < 20; at += 1) ScriptApp.newTrigger('f').timeBased().everyMinutes(1).create(); }
  function onEdit(e) { console.log(Session.getEffectiveUser().getEmail(), e.user.getEmail()); }
  function open() { SpreadsheetApp.openById('private'); }`;

it('keeps the properties, the cache and the triggers of each account apart, and the script’s for all', async () => {
  const { runtime } = start(CODE);
  await runtime.run('put');
  await runtime.run('install');
  const got = async (user?: string) => JSON.parse((await runtime.run('get', { user })).log[0] ?? '');
  expect(await got()).toEqual([OWNER, 'x', 'y', 1]);
  expect(await got(MANAGER)).toEqual([null, null, 'y', 0]);
});

it('runs a trigger as who made it, and twice if two accounts installed it', async () => {
  const { runtime } = start(CODE);
  await runtime.run('install');
  await runtime.run('install', { user: MANAGER });
  await runtime.run('uninstall', { user: 'intern@example.com' });
  const edit = { spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [['Go']], user: 'intern@example.com' };
  const heard = await runtime.edit(edit).executions;
  expect(heard.map(({ log }) => log[0])).toEqual([`${OWNER} intern@example.com`, `${MANAGER} intern@example.com`]);
  expect(heard.map(({ account }) => account)).toEqual([OWNER, MANAGER]);
});

it('counts twenty triggers for each account by itself', async () => {
  const { runtime } = start(CODE);
  expect((await runtime.run('fill')).error).toBeUndefined();
  expect((await runtime.run('install')).error).toBe(
    'This script has too many triggers. Triggers must be deleted from the script before more can be added.',
  );
  expect((await runtime.run('install', { user: MANAGER })).error).toBeUndefined();
});

it('opens only what is shared with the account, for scripts and for people', async () => {
  const { runtime } = start(CODE);
  runtime.spreadsheets.create({
    id: 'private',
    name: 'Private',
    timeZone: 'Etc/UTC',
    tabs: { Tab: [['x']] },
    sharedWith: [MANAGER],
  });
  expect((await runtime.run('open')).error).toBeUndefined();
  expect((await runtime.run('open', { user: MANAGER })).error).toBeUndefined();
  expect((await runtime.run('open', { user: 'intern@example.com' })).error).toBe(
    'You do not have permission to access the requested document.',
  );
  const edit = { spreadsheetId: 'private', sheet: 'Tab', range: 'A1', values: [['y']], user: 'intern@example.com' };
  expect(() => runtime.edit(edit)).toThrow('need permission');
});
