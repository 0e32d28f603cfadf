/**
 * Who could read a sheet without signing in. Asked as anybody could, without our token: Drive would tell more, but its
 * permission reads every file of the owner. Google answers 200 where everybody with the link may read, and leads to its
 * sign-in otherwise; `GOOGLE_SHEETS` stands on the manifest's urlFetchWhitelist.
 */

export const GOOGLE_SHEETS = 'https://docs.google.com/spreadsheets/';

export type Readers = 'anybody' | 'signed-in' | 'unknown';

const SIGN_IN = [301, 302, 303, 307, 401, 403];

/** One call for all of them. Never throws: what could not be asked is unknown. */
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
