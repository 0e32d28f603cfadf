import { CONTROL_SHEET } from '../release-sheet-template/control.ts';
import { exampleRundown } from '../release-sheet-template/rundown.ts';
import type { Runtime } from './apps-script-runtime/host.ts';
import { columnLetters } from './apps-script-runtime/spreadsheet/a1.ts';
import { RELEASE_MANAGER } from './people.ts';

/** The release night that a new local stack begins with, made by the product itself. */

const FIVE_MINUTES_MS = 5 * 60_000;
const ID_IN_URL = /\/spreadsheets\/d\/([^/]+)/;

/**
 * As the release manager would: Create in the control spreadsheet, then last month's steps pasted into the new sheet.
 * @param number - Of the release.
 * @returns The sheet's id. @throws Error - The control spreadsheet says why not.
 */
export async function seedReleaseSheet(runtime: Runtime, control: string, now: number, number = 42): Promise<string> {
  const releases = (CONTROL_SHEET[0] as { name: string }).name;
  const type = async (spreadsheetId: string, sheet: string, range: string, values: string[][]) => {
    const { executions } = runtime.edit({ spreadsheetId, sheet, range, values, user: RELEASE_MANAGER });
    await executions;
  };
  const lines = () => runtime.spreadsheets.get(control).displayValues(releases);
  // The first blank one; row 1 is the header.
  const row = 1 + [...lines(), ['']].findIndex(([name]) => !name);
  await type(control, releases, `A${row}:B${row}`, [[`Release ${number}`, 'Create']]);
  await type(control, releases, `D${row}`, [['Go']]);
  const [, , url = '', status, result] = lines()[row - 1] ?? [];
  const id = ID_IN_URL.exec(url)?.[1];
  if (status !== 'Done' || !id)
    throw new Error(`The release sheet could not be made: ${result} ${JSON.stringify(runtime.executions().at(-1))}`);

  const [headers = [], ...rows] = exampleRundown(Math.floor(now / FIVE_MINUTES_MS) * FIVE_MINUTES_MS);
  // Only what people write: the script's columns stay as they are.
  const width = headers.indexOf('Status') + 1;
  const [there = []] = runtime.spreadsheets.get(id).displayValues('Rundown');
  const first = there.indexOf(headers[0] ?? '') + 1;
  const range = `${columnLetters(first)}2:${columnLetters(first + width - 1)}${rows.length + 1}`;
  await type(
    id,
    'Rundown',
    range,
    rows.map((row) => row.slice(0, width)),
  );
  letEverybodyType(runtime, id);
  return id;
}

/** So that one can see what the API says to somebody who is no operator: Google would stop them in the sheet before. */
function letEverybodyType(runtime: Runtime, id: string): void {
  const { formatting } = runtime.spreadsheets.get(id).tab('Rundown');
  formatting.protections = formatting.protections.map((one) => ({ ...one, domainEdit: true }));
}
