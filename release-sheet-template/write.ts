import { readFile, writeFile } from 'node:fs/promises';
import { withTables } from './markdown.ts';
import { releaseWorkbook } from './xlsx.ts';

/** `npm run template`: the workbook for people who import it by hand, and the table in the docs. */

const WORKBOOK = 'dist/release-sheet-template.xlsx';
const PAGE = 'docs/release-sheet.md';
/** The night of the example; people write their own times over it. */
const EXAMPLE_NIGHT = Date.parse('2027-01-17T02:00:00Z');

await releaseWorkbook(EXAMPLE_NIGHT).xlsx.writeFile(WORKBOOK);
const page = await readFile(PAGE, 'utf8');
await writeFile(PAGE, withTables(page));
console.log(`${WORKBOOK}: import it into Google Sheets, then Register it in the control spreadsheet.`);
console.log(`${PAGE}: its tables are up to date.`);
