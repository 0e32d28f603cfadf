import { readFormatting } from '../../../../../../local/page/browser/sheet/formatting.ts';
import { gridOf, SHEET_ID, workbookOf } from '../../../../../../local/page/browser/sheet/workbook.ts';
import type { TabFormatting } from '../../../../../../local/page/tab-formatting.ts';
import { PLAIN_FORMATTING } from '../../fake-host.ts';

const VALUES = [
  ['Step', 'Status', 'Mode'],
  ['1', 'Go', 'Closed'],
];
const GO = { when: { textEqualTo: 'Go' }, background: '#ceead6', fontColor: '#0d652d' };

function drawn(more: Partial<TabFormatting>, values = VALUES) {
  const formatting = readFormatting({ ...PLAIN_FORMATTING, ...more });
  const book = workbookOf({ spreadsheet: 'sheet-1', key: 'k', tab: 'Rundown', values, formatting, rowsRevision: 0 });
  const resource = (name: string) =>
    JSON.parse(book.resources?.find((one) => one.name.includes(name))?.data ?? '{}')[SHEET_ID];
  return { sheet: book.sheets?.[SHEET_ID], validations: resource('VALIDATION'), formats: resource('CONDITIONAL') };
}

it('draws what was set of cells, also of those that are still empty', () => {
  const { sheet } = drawn({
    backgrounds: [{ range: 'C2:C', value: '#f8f9fa' }],
    columnWidths: { B: 92 },
    frozenRows: 0,
  });
  expect(sheet?.cellData?.[1]?.[2]).toMatchObject({ v: 'Closed', s: { bg: { rgb: '#f8f9fa' } } });
  expect(sheet?.cellData?.[30]?.[2]).toMatchObject({ s: { bg: { rgb: '#f8f9fa' } } });
  expect(sheet?.cellData?.[1]?.[0]).toMatchObject({ s: { bg: null } });
  expect([sheet?.columnData?.[1], sheet?.columnData?.[0]]).toEqual([{ w: 92 }, { w: 100 }]);
  expect(sheet?.freeze).toEqual({ xSplit: 0, ySplit: 0, startRow: -1, startColumn: -1 });
});

it('keeps in sight what is frozen there: the header, and the first column beside every row', () => {
  const { sheet } = drawn({ frozenRows: 1, frozenColumns: 1 });
  expect(sheet?.freeze).toEqual({ xSplit: 1, ySplit: 1, startRow: 1, startColumn: 1 });
});

it('gives each choice of a list the colours that its text would have', () => {
  const { validations, formats } = drawn({
    validations: [{ range: 'B2:B', choices: ['Planned', 'Go'], showDropdown: true, allowInvalid: false }],
    conditionalFormats: [{ ranges: ['B2:B'], ...GO }],
  });
  const [{ formula1, formula2, ranges }] = validations;
  expect([formula1, formula2]).toEqual(['Planned,Go', '#e8eaed,#ceead6']);
  expect(ranges).toEqual([{ startRow: 1, endRow: 1, startColumn: 1, endColumn: 1 }]);
  // The chip has the background already.
  expect(formats[0].rule.style).toEqual({ cl: { rgb: '#0d652d' } });
});

it('what another column decides comes before the colours of what is picked', () => {
  const { validations, formats } = drawn({
    validations: [{ range: 'B2:B', choices: ['Planned', 'Go'], showDropdown: true, allowInvalid: false }],
    conditionalFormats: [
      { ranges: ['B2:B'], when: { formula: '=LEFT($C2;6)="Until "' }, background: '#e8eaed', holdsAt: ['B2'] },
      { ranges: ['B2:B'], ...GO },
    ],
  });
  const calm = validations.find(({ uid }: { uid: string }) => uid === 'calm-0');
  expect([calm.ranges, calm.formula2]).toEqual([
    [{ startRow: 1, endRow: 1, startColumn: 1, endColumn: 1 }],
    '#e8eaed,#e8eaed',
  ]);
  expect(formats[0].ranges[0].startRow).toBe(2);
});

it('colours the whole cell where nothing is picked', () => {
  const { formats } = drawn({ conditionalFormats: [{ ranges: ['C2:C'], ...GO }] });
  expect(formats[0].rule).toMatchObject({ value: 'Go', style: { bg: { rgb: '#ceead6' }, cl: { rgb: '#0d652d' } } });
});

it('has room below the last row, however long the tab is', () => {
  const long = Array.from({ length: 58 }, () => ['x']);
  expect([gridOf({ values: VALUES }).rows, gridOf({ values: long }).rows]).toEqual([60, 120]);
});
