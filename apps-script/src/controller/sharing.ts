/** Who can open a sheet. */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

export const GOOGLE_SHEETS = 'https://docs.google.com/spreadsheets/';

export type Readers = 'anybody' | 'signed-in' | 'unknown';

const SIGN_IN = [301, 302, 303, 307, 401, 403];

/**
 * Who could read each sheet without signing in, in one call. Asked as anybody could, without our token: Drive would tell
 * more, but its permission reads every file of the owner. Google answers 200 where everybody with the link may read, and
 * leads to its sign-in otherwise; `GOOGLE_SHEETS` stands on the manifest's urlFetchWhitelist. Never throws: what could not
 * be asked is unknown.
 */
export function readersOf(spreadsheetIds: readonly string[]): Readers[] {
  try {
    const requests = spreadsheetIds.map((id) => ({
      url: `${GOOGLE_SHEETS}d/${id}/edit`,
      muteHttpExceptions: true,
      followRedirects: false,
    }));
    return UrlFetchApp.fetchAll(requests).map((response) => {
      const status = response.getResponseCode();
      if (status === 200) return 'anybody';
      return SIGN_IN.includes(status) ? 'signed-in' : 'unknown';
    });
  } catch {
    return spreadsheetIds.map(() => 'unknown');
  }
}

/**
 * Nobody gets at a sheet through Drawbridge that they could not open before: its copy would be theirs.
 * @returns Everybody whom it is shared with by address, in lower case. @throws Error - That person is none of them.
 */
export function requireReader(spreadsheet: Spreadsheet, user: string): string[] {
  const people = [...spreadsheet.getEditors(), ...spreadsheet.getViewers()].map((one) => one.getEmail().toLowerCase());
  if (people.includes(user.toLowerCase())) return people;
  throw new Error(
    `That sheet is not shared with ${user} by address, so no copy is made for them. Ask its owner to share it.`,
  );
}

/** One address that Google does not know must not keep the others out. */
export function addEditors(spreadsheet: Spreadsheet, people: readonly string[]): void {
  const self = Session.getEffectiveUser().getEmail().toLowerCase();
  const emails = [...new Set(people.map((one) => one.toLowerCase()))].filter((one) => one !== '' && one !== self);
  if (emails.length === 0) return;
  try {
    spreadsheet.addEditors(emails);
  } catch {
    for (const email of emails) {
      try {
        spreadsheet.addEditor(email);
      } catch (error) {
        console.warn(`${email} could not be made an editor: ${(error as Error).message}`);
      }
    }
  }
}
