import { readFile } from 'node:fs/promises';
import { GOOGLE_SHEETS } from '../../../apps-script/src/controller/sharing.ts';
import { builtScript, builtSelfTest } from './built-script.ts';

/** What Google asks the owner to agree to, and why: the services that need it. */
const NEEDED_BY: Readonly<Record<string, RegExp>> = {
  'https://www.googleapis.com/auth/spreadsheets': /\bSpreadsheetApp\.openById\(/,
  'https://www.googleapis.com/auth/script.external_request': /\bUrlFetchApp\.fetch/,
  'https://www.googleapis.com/auth/script.scriptapp': /\bScriptApp\.newTrigger\(/,
  'https://www.googleapis.com/auth/userinfo.email': /\bSession\.getEffectiveUser\(/,
};
/** Each would need one more. */
const OTHER_SERVICES =
  /\b(DriveApp|GmailApp|MailApp|CalendarApp|DocumentApp|SlidesApp|FormApp|ContactsApp|GroupsApp)\./;

const manifest = async () => JSON.parse(await readFile('apps-script/appsscript.json', 'utf8'));

it('asks for every permission that the code needs, and for none that it does not', async () => {
  const code = await builtScript();
  const { oauthScopes } = await manifest();
  expect(oauthScopes.toSorted()).toEqual(Object.keys(NEEDED_BY).toSorted());
  for (const need of Object.values(NEEDED_BY)) expect(code).toMatch(need);
  expect(code).not.toMatch(OTHER_SERVICES);
});

it('has no web app and no API executable, so that nobody can call the script from outside', async () => {
  expect(Object.keys(await manifest()).toSorted()).toEqual([
    'exceptionLogging',
    'oauthScopes',
    'runtimeVersion',
    'timeZone',
    'urlFetchWhitelist',
  ]);
});

it('talks to example hosts until sheet:push fills in the real ones, and looks at sheets from outside', async () => {
  const { urlFetchWhitelist } = await manifest();
  expect(urlFetchWhitelist).toContain(GOOGLE_SHEETS);
  for (const prefix of urlFetchWhitelist.filter((one: string) => one !== GOOGLE_SHEETS))
    expect(prefix).toMatch(/^https:\/\/[\w.-]+\.example\.com\/$/);
});

it('the self-test asks for no more than it needs, and may talk to nobody', async () => {
  const own = JSON.parse(await readFile('apps-script/self-test/appsscript.json', 'utf8'));
  const code = await builtSelfTest();
  expect(own.oauthScopes.toSorted()).toEqual(
    Object.keys(NEEDED_BY)
      .filter((scope) => !scope.endsWith('external_request'))
      .toSorted(),
  );
  expect(code).not.toMatch(/\bUrlFetchApp\.fetch/);
  expect(code).not.toMatch(OTHER_SERVICES);
});
