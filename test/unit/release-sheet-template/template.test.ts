import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { withTables } from '../../../release-sheet-template/markdown.ts';
import { HEARTBEAT_TAB } from '../../../release-sheet-template/tab.ts';
import { RELEASE_SHEET } from '../../../release-sheet-template/template.ts';
import { releaseWorkbook } from '../../../release-sheet-template/xlsx.ts';

const NIGHT = Date.parse('2027-01-17T02:00:00Z');

/** Written and read again, as another program would. */
async function read(): Promise<ExcelJS.Workbook> {
  const bytes = await releaseWorkbook(NIGHT).xlsx.writeBuffer();
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes);
  return workbook;
}

it('has every tab with its headers, and the hidden one that the banner counts on', async () => {
  const workbook = await read();
  expect(workbook.worksheets.map(({ name }) => name)).toEqual([
    ...RELEASE_SHEET.map(({ name }) => name),
    HEARTBEAT_TAB,
  ]);
  expect(workbook.getWorksheet(HEARTBEAT_TAB)?.state).toBe('hidden');
  for (const { name, columns } of RELEASE_SHEET) {
    const sheet = workbook.getWorksheet(name) as ExcelJS.Worksheet;
    const cells = (sheet.getRow(1).values as unknown[]).filter((cell) => typeof cell === 'string');
    expect(cells).toEqual(columns.map(({ header }) => header));
  }
});

it('offers what Sheets offers, in the same colours, and says that nobody stands behind it', async () => {
  const rundown = (await read()).getWorksheet('Rundown') as ExcelJS.Worksheet;
  expect(rundown.getCell('H2').dataValidation.formulae).toEqual([
    '"Planned,Scheduled,Go,Running,Done,Accepted,Unproven,Failed,Skipped"',
  ]);
  expect(rundown.getCell('C3').value).toEqual(new Date('2027-01-17T02:05:00Z'));
  expect(rundown.getCell('A1').value).toMatchObject({ result: expect.stringContaining('NOT CONNECTED') });
  const { conditionalFormattings } = rundown as unknown as {
    conditionalFormattings: { ref: string; rules: { formulae: string[]; priority: number }[] }[];
  };
  const ofStatus = conditionalFormattings.filter(({ ref }) => ref.startsWith('H2')).flatMap(({ rules }) => rules);
  const byText = ofStatus.filter(({ formulae: [formula = ''] }) => formula.startsWith('$H2='));
  expect(byText).toHaveLength(9);
  // A Go that nobody runs is red before it is green.
  const alarm = ofStatus.find(({ formulae: [formula = ''] }) => formula.includes('NOT CONNECTED'));
  expect(alarm?.formulae[0]).toContain('$H2="Go"');
  expect(Math.min(...byText.map(({ priority }) => priority))).toBeGreaterThan(alarm?.priority ?? 99);
});

it('what is past, and what was overtaken, is calm: those colours come before the loud ones', async () => {
  const rundown = (await read()).getWorksheet('Rundown') as ExcelJS.Worksheet;
  const { conditionalFormattings } = rundown as unknown as {
    conditionalFormattings: { ref: string; rules: { formulae: string[]; priority: number }[] }[];
  };
  const rules = conditionalFormattings
    .filter(({ ref }) => ref.startsWith('H2'))
    .flatMap(({ rules }) => rules)
    .sort((a, b) => a.priority - b.priority)
    .map(({ formulae }) => formulae[0]);
  const [alarm, ...others] = rules;
  expect(alarm).toContain('NOT CONNECTED');
  expect(others.slice(0, 4)).toEqual([
    'AND($H2="Done",LEFT($I2,6)="Until ")',
    'AND($H2="Accepted",LEFT($I2,6)="Until ")',
    'AND($H2="Failed",LEFT($I2,10)="Superseded")',
    '$H2="Planned"',
  ]);
});

it('the tables in the docs are those of the template: run npm run template', () => {
  const page = readFileSync(new URL('../../../docs/release-sheet.md', import.meta.url), 'utf8');
  expect(withTables(page)).toBe(page);
});
