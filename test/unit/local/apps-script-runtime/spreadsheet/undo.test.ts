import { BOOK, MANAGER, runtimeHouse } from '../start-runtime.ts';

const { start } = runtimeHouse();

const PLAN = [
  ['Step', 'Status', 'Planned'],
  ['1', 'Planned', '2026-11-22 02:00'],
  ['2', 'Planned', '=C2'],
  ['3', 'Done', '2026-11-22 02:20'],
];

async function prepared() {
  const { runtime } = start(`function main() {}
    function overwrite() { SpreadsheetApp.openById('${BOOK}').getSheetByName('Plan').getRange('B2').setValue('Running'); }`);
  const book = runtime.spreadsheets.get(BOOK);
  const tab = book.insertTab('Plan');
  tab.set(
    { row: 1, column: 1, rows: 4, columns: 3 },
    PLAN.map((row) => row.map((cell) => book.typed(cell))),
  );
  tab.setNote(2, 2, 'Ask the database team');
  tab.formatting.validate(
    { row: 2, column: 2, rows: 999, columns: 1 },
    {
      choices: ['Planned', 'Go', 'Running', 'Done'],
      showDropdown: true,
      allowInvalid: false,
    },
  );
  const shown = () => book.displayValues('Plan');
  const edit = (range: string, values: string[][]) =>
    runtime.edit({ spreadsheetId: BOOK, sheet: 'Plan', range, values, user: MANAGER });
  const undo = (id: string) => runtime.undo(BOOK, id, MANAGER);
  return { runtime, book, tab, shown, edit, undo };
}

it('a deleted row comes back with its formulas, notes and lists, at its place', async () => {
  const { runtime, tab, shown, undo, book } = await prepared();
  const before = [shown(), book.formulas('Plan'), tab.notes(), tab.formatting.describe()];
  const { undo: id } = runtime.deleteRows(BOOK, 'Plan', 2, 2, MANAGER);
  expect(shown().map(([step]) => step)).toEqual(['Step', '3']);
  undo(id);
  expect([shown(), book.formulas('Plan'), tab.notes(), tab.formatting.describe()]).toEqual(before);
});

it('what is taken back can be done again, and taken back again', async () => {
  const { runtime, shown, undo } = await prepared();
  const before = shown();
  const first = undo(runtime.deleteRows(BOOK, 'Plan', 3, 1, MANAGER).undo);
  const again = undo(first.undo);
  expect(shown()).toHaveLength(3);
  undo(again.undo);
  expect(shown()).toEqual(before);
});

it('cells get back what they held, formulas as formulas, and only once', async () => {
  const { book, shown, edit, undo } = await prepared();
  const before = [shown(), book.formulas('Plan')];
  const { undo: id } = edit('B3:C3', [['', '']]);
  expect(shown()[2]).toEqual(['2', '', '']);
  undo(id);
  expect([shown(), book.formulas('Plan')]).toEqual(before);
  expect(() => undo(id)).toThrow('taken back already');
});

it('an edit before a deleted row is taken back after it, since its row is where it was again', async () => {
  const { runtime, shown, edit, undo } = await prepared();
  const before = shown();
  const typed = edit('B3', [['Go']]);
  const cut = runtime.deleteRows(BOOK, 'Plan', 2, 1, MANAGER);
  undo(cut.undo);
  undo(typed.undo);
  expect(shown()).toEqual(before);
});

it('refuses in words once rows moved, or the script wrote over it', async () => {
  const { runtime, shown, edit, undo } = await prepared();
  const typed = edit('B2', [['Go']]);
  runtime.insertRows(BOOK, 'Plan', 2, 1, MANAGER);
  expect(() => undo(typed.undo)).toThrow('nothing was undone');
  const other = edit('B3', [['Planned']]);
  const { error } = await runtime.run('overwrite');
  expect(error).toBeUndefined();
  undo(other.undo);
  expect(shown()[2]?.[1]).toBe('Go');
  const last = edit('B2', [['Go']]);
  await runtime.run('overwrite');
  expect(() => undo(last.undo)).toThrow('B2 was changed since');
  expect(shown()[1]?.[1]).toBe('Running');
});

it('an inserted row that somebody has written into stays', async () => {
  const { runtime, shown, edit, undo } = await prepared();
  const inserted = runtime.insertRows(BOOK, 'Plan', 2, 1, MANAGER);
  const typed = edit('A2', [['new']]);
  expect(() => undo(inserted.undo)).toThrow('Somebody has written');
  undo(typed.undo);
  undo(inserted.undo);
  expect(shown()).toHaveLength(4);
});

it('sorted rows go back to where they were, with what was typed meanwhile', async () => {
  const { runtime, shown, edit, undo } = await prepared();
  const { undo: id } = runtime.sort(BOOK, 'Plan', 1, false, MANAGER);
  expect(shown().map(([step]) => step)).toEqual(['Step', '3', '2', '1']);
  edit('B4', [['Go']]);
  undo(id);
  expect(shown().map(([step, status]) => [step, status])).toEqual([
    ['Step', 'Status'],
    ['1', 'Go'],
    ['2', 'Planned'],
    ['3', 'Done'],
  ]);
});

it.each(['go', 'GO ', ' Go'])('%j typed into a cell with a list is its entry', async (typed) => {
  const { shown, edit } = await prepared();
  edit('B2', [[typed]]);
  expect(shown()[1]?.[1]).toBe('Go');
  expect(() => edit('B3', [['Gone']])).toThrow('violates the data validation rules');
});
