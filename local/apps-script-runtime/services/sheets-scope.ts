/** What everything of SpreadsheetApp needs. */
export const SHEETS = 'https://www.googleapis.com/auth/spreadsheets';
