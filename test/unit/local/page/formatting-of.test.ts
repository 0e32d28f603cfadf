import { quirksOf } from '../../../../local/apps-script-runtime/quirks.ts';
import { Spreadsheet } from '../../../../local/apps-script-runtime/spreadsheet/spreadsheet.ts';
import { moved } from '../../../../local/page/conditional.ts';
import { formattingOf } from '../../../../local/page/formatting-of.ts';
import { START_AT } from './fake-host.ts';

let now = START_AT;
function board(
  rows: string[][],
  areas: { row: number; column: number; rows: number; columns: number }[],
  formula: string,
) {
  now = START_AT;
  const around = { now: () => now, quirks: quirksOf(undefined), changed: () => {} };
  const facts = {
    id: 'x',
    name: 'X',
    timeZone: 'Etc/UTC',
    tabs: { Services: rows, Drawbridge: [['', '2026-11-22 03:00']] },
  };
  const spreadsheet = new Spreadsheet(facts, around);
  spreadsheet.tab('Services').formatting.conditionalFormats = [{ areas, when: { formula }, background: '#c5221f' }];
  return () => formattingOf(spreadsheet, 'Services').conditionalFormats[0]?.holdsAt;
}

it('works out a formula for each row as Sheets does: what has no $ moves along', () => {
  const rows = [
    ['Service', 'As of'],
    ['shop', '2026-11-22 01:00:30'],
    ['payments', '2026-11-22 01:59'],
  ];
  const holdsAt = board(rows, [{ row: 2, column: 1, rows: Number.POSITIVE_INFINITY, columns: 2 }], '=NOW()-$B2>1/24');
  expect(holdsAt()).toEqual([]);
  now += 60_000;
  expect(holdsAt()).toEqual(['A2', 'B2']);
});

it('turns a whole header by one cell of another tab, by the clock alone', () => {
  const holdsAt = board([['Service', 'Mode']], [{ row: 1, column: 1, rows: 1, columns: 2 }], '=NOW()>Drawbridge!$B$1');
  expect(holdsAt()).toEqual([]);
  now += 61 * 60_000;
  expect(holdsAt()).toEqual(['A1', 'B1']);
});

it('names the cells that formulas fill', () => {
  const around = { now: () => START_AT, quirks: quirksOf(undefined), changed: () => {} };
  const facts = { id: 'x', name: 'X', timeZone: 'Etc/UTC', tabs: { Rundown: [['Step', '=IF(1>0,"Connected","")']] } };
  expect(formattingOf(new Spreadsheet(facts, around), 'Rundown').formulas).toEqual({
    B1: '=IF(1>0,"Connected","")',
  });
});

it.each([
  ['=A1', '=B3'],
  ['=$A1&A$1&$A$1', '=$A3&B$1&$A$1'],
  ['="A1"&A1', '="A1"&B3'],
  ['=Drawbridge!B1', '=Drawbridge!C3'],
  ['=LOG10(Z9)', '=LOG10(AA11)'],
])('moves %s two rows down and one column on', (formula, wanted) => {
  expect(moved(formula, 2, 1)).toBe(wanted);
});
