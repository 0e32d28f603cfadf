import { readFormatting } from '../../../../../../local/page/browser/sheet/formatting.ts';
import { PLAIN_FORMATTING } from '../../fake-host.ts';

const GREY = '#f8f9fa';
const RED = { background: '#c5221f', fontColor: '#ffffff' };
const formatting = readFormatting({
  ...PLAIN_FORMATTING,
  columnWidths: { A: 44 },
  backgrounds: [{ range: 'C2:C', value: GREY }],
  fontWeights: [{ range: 'A1:C1', value: 'bold' }],
  wraps: [{ range: 'C2:C', value: true }],
  validations: [
    { range: 'B2:B', choices: ['Planned', 'Go'], showDropdown: true, allowInvalid: false },
    { range: 'A2:A', choices: ['1', '2'], showDropdown: false, allowInvalid: true },
  ],
  conditionalFormats: [
    { ranges: ['A1:C1'], when: { formula: '=$C$1="NOT CONNECTED"' }, ...RED, holdsAt: ['A1', 'B1'] },
    { ranges: ['B2:B'], when: { textEqualTo: 'Go' }, background: '#ceead6', fontColor: '#0d652d' },
    { ranges: ['B2:C'], when: { textEqualTo: 'Go' }, background: '#000000' },
  ],
  protections: [
    { range: 'C2:C', description: 'Drawbridge writes Result.', warningOnly: true },
    { range: 'B2:B', description: 'Only operators set Status.', warningOnly: false },
  ],
  notes: [{ cell: 'B1', text: 'Go runs it now.' }],
  formulas: { C1: '=A1' },
});

it('reaches down an open range, however far the sheet grows, and not above it', () => {
  expect([formatting.cell(2, 3), formatting.cell(5_000, 3)]).toEqual([
    expect.objectContaining({ background: GREY, wraps: true, bold: false }),
    expect.objectContaining({ background: GREY, wraps: true }),
  ]);
  expect(formatting.cell(1, 3)).toMatchObject({ background: undefined, wraps: false, bold: true });
});

it('is as wide as somebody said, or as wide as Sheets makes a column', () => {
  expect([formatting.widthPx(1), formatting.widthPx(2)]).toEqual([44, 100]);
});

it('paints what a formula holds for over what was set, and leaves the rest of it', () => {
  expect(formatting.cell(1, 1)).toMatchObject({ ...RED, bold: true, isConditional: true });
  expect(formatting.cell(1, 3)).toMatchObject({ isConditional: false });
});

it('lets the first rule decide that fits a text', () => {
  expect(formatting.ofText(3, 2, 'Go')).toMatchObject({ background: '#ceead6', fontColor: '#0d652d' });
  expect(formatting.ofText(3, 3, 'Go')).toMatchObject({ background: '#000000' });
  expect([formatting.ofText(3, 2, 'go'), formatting.ofText(1, 2, 'Go')]).toEqual([undefined, undefined]);
});

it('offers choices where Sheets shows a list, and nowhere else', () => {
  expect([formatting.choicesAt(2, 2), formatting.choicesAt(1, 2), formatting.choicesAt(2, 1)]).toEqual([
    ['Planned', 'Go'],
    undefined,
    undefined,
  ]);
});

it('tells the script’s columns, formulas and notes', () => {
  expect([formatting.isWarned(2, 3), formatting.isWarned(2, 2)]).toEqual([true, false]);
  expect([formatting.isComputed(1, 3), formatting.isComputed(1, 2)]).toEqual([true, false]);
  expect([formatting.formulaAt(1, 3), formatting.formulaAt(1, 2)]).toEqual(['=A1', undefined]);
  expect([formatting.noteAt(1, 2), formatting.noteAt(1, 1)]).toEqual(['Go runs it now.', '']);
});

it('needs drawing anew when a column is widened, and not when a formula comes to hold', () => {
  const rule = { ranges: ['A1:C1'], when: { formula: '=A1' }, background: '#c5221f' };
  const structure = (more: object) => readFormatting({ ...PLAIN_FORMATTING, ...more }).structure;
  const calm = structure({ conditionalFormats: [{ ...rule, holdsAt: [] }] });
  expect(structure({ conditionalFormats: [{ ...rule, holdsAt: ['A1'] }] })).toBe(calm);
  expect(structure({ conditionalFormats: [{ ...rule, holdsAt: [] }], columnWidths: { A: 50 } })).not.toBe(calm);
});
