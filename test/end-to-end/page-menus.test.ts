import { jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { INTERN } from '../../local/people.ts';
import { rowsOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { startTestPage, type TestPage, until } from '../page.ts';

/** What the page offers acts on what is shown, can be taken back, and says what is true of the sheet that is shown. */

/** A key that comes while the browser is still drawing is lost: said in the log, and tried once more. */
jest.retryTimes(1, { logErrorsBeforeRetry: true });

let local: TestPage;
let stack: Stack;
let sheet: Page;
let table: Page;
beforeAll(async () => {
  local = await startTestPage();
  ({ stack } = local);
  [sheet, table] = [await local.open('sheet'), await local.open('table')];
}, 120_000);
afterAll(() => local?.close());

const steps = () => rowsOf(stack, 'Rundown').map(({ value }) => value('Step'));
const shown = () => stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues('Rundown');
const said = (step: string, header: string) =>
  rowsOf(stack, 'Rundown')
    .find(({ value }) => value('Step') === step)
    ?.value(header);
const nameBox = (page: Page) => page.locator('#toolbar .name');
const problem = (page: Page) => page.locator('#problem').textContent();

/** By the name box, as a person would. */
async function goTo(page: Page, cell: string): Promise<void> {
  await page.bringToFront();
  await nameBox(page).click();
  await page.keyboard.type(cell);
  await page.keyboard.press('Enter');
  await until(`the page is at ${cell}`, async () => (await nameBox(page).textContent()) === cell);
  await page.waitForTimeout(200);
}

/** The sheet’s frozen first column and row are in sight: places of its canvas. */
const HEADERS = { corner: { x: 20, y: 90 }, column: { x: 300, y: 10 }, cell: { x: 300, y: 120 } };

async function menuAt(place: keyof typeof HEADERS): Promise<string> {
  await sheet.bringToFront();
  const canvas = sheet.locator('canvas[id*="sheet"]');
  await canvas.click({ position: HEADERS[place] });
  await canvas.click({ position: HEADERS[place], button: 'right' });
  const menu = sheet.locator('section', { hasText: 'Paste' }).last();
  await menu.waitFor();
  const text = (await menu.textContent()) ?? '';
  await sheet.keyboard.press('Escape');
  return text;
}

describe('menus and keys of the sheet', () => {
  it.each(['corner', 'column', 'cell'] as const)('offer at a %s nothing that the host cannot do', async (place) => {
    const text = await menuAt(place);
    expect(text).toMatch(/Copy.*Cut.*Paste.*Clear/);
    expect(text).not.toMatch(/column|freeze|hide|protect|width|height|special|format|move/i);
  });

  it('change no looks and no columns', async () => {
    await goTo(sheet, 'D4');
    const before = shown();
    const looks = stack.runtime.spreadsheets.get(stack.releaseSheet).formatting('Rundown');
    for (const keys of ['Control+B', 'Control+I', 'Control+Shift+L']) await sheet.keyboard.press(keys);
    await sheet.waitForTimeout(300);
    expect([shown(), stack.runtime.spreadsheets.get(stack.releaseSheet).formatting('Rundown')]).toEqual([
      before,
      looks,
    ]);
  });
});

describe.each(['sheet', 'table'] as const)('in the %s', (view) => {
  const page = () => (view === 'sheet' ? sheet : table);

  it('a deleted row comes back at its place with its values, and can be deleted again', async () => {
    const before = shown();
    await goTo(page(), 'D4');
    await page().getByRole('button', { name: 'Delete row' }).click();
    await until('gone', () => !steps().includes('3'));
    await page().getByRole('button', { name: 'Undo', exact: true }).click();
    await until('there again', () => steps().includes('3'));
    expect(shown()).toEqual(before);
    await page().getByRole('button', { name: 'Redo', exact: true }).click();
    await until('gone again', () => !steps().includes('3'));
    await goTo(page(), 'D4');
    await page().keyboard.press('Control+Z');
    await until('there again by the key', () => steps().includes('3'));
    expect(shown()).toEqual(before);
  });

  it('undo of what would come to another row is refused in words', async () => {
    await goTo(page(), 'E5');
    await page().keyboard.type(`Night shift of the ${view}`);
    await page().keyboard.press('Enter');
    await until('typed', () => shown()[4]?.[4]?.includes(`Night shift of the ${view}`) === true);
    await local.post('/api/rows', { sheet: 'Rundown', kind: 'insert', row: 3, user: INTERN });
    const before = shown();
    await page().getByRole('button', { name: 'Undo', exact: true }).click();
    await until('said', async () => (await problem(page()))?.includes('nothing was undone') === true);
    expect(shown()).toEqual(before);
    await local.post('/api/rows', { sheet: 'Rundown', kind: 'delete', row: 3, user: INTERN });
  });

  it('finds what stands in the tab, and the name box goes there', async () => {
    await page().bringToFront();
    const find = page().getByRole('searchbox', { name: 'Find in this tab' });
    await find.fill('open payments');
    await find.press('Enter');
    await until('found', async () => (await nameBox(page()).textContent()) === 'D11');
    expect(await page().getByLabel('Found').textContent()).toBe('1 of 1');
  });

  it('Planned start can be picked: it is written as people write it', async () => {
    const row = steps().indexOf('9') + 2;
    await goTo(page(), `C${row}`);
    await page().getByText('Set time…').click();
    await page()
      .locator('#time-of')
      .fill(view === 'sheet' ? '2026-12-24T03:30' : '2026-12-24T04:30');
    await page().getByRole('button', { name: 'Write it' }).click();
    await until('written', () => said('9', 'Planned start') === `2026-12-24 ${view === 'sheet' ? '03:30' : '04:30'}`);
  });
});

describe('rows that are selected', () => {
  it('are deleted all, and come back all at once', async () => {
    const before = shown();
    await goTo(sheet, 'D3');
    await sheet.keyboard.press('Shift+ArrowDown');
    await sheet.getByRole('button', { name: 'Delete 2 rows' }).click();
    await until('gone', () => !steps().includes('2') && !steps().includes('3'));
    expect(steps()).toContain('4');
    await sheet.getByRole('button', { name: 'Undo', exact: true }).click();
    await until('there again', () => steps().includes('2') && steps().includes('3'));
    expect(shown()).toEqual(before);
  });
});

describe('a list', () => {
  it.each(['skipped', 'SKIPPED ', 'ski'])('takes %j for its entry, and shows only what matches', async (typed) => {
    const row = steps().indexOf('3') + 2;
    await goTo(sheet, `H${row}`);
    await sheet.keyboard.type(typed);
    await until('filtered', async () => (await sheet.locator('.list-filter').textContent()) === 'Skipped');
    await sheet.keyboard.press('Enter');
    await until('it is Skipped', () => said('3', 'Status') === 'Skipped');
    await sheet.getByRole('button', { name: 'Undo', exact: true }).click();
    await until('it was taken back', () => said('3', 'Status') === 'Planned');
  });

  it('of the sheet refuses a word that is not in it once, in the words of the host, and stays what it was', async () => {
    const row = steps().indexOf('3') + 2;
    await goTo(sheet, `H${row}`);
    await sheet.keyboard.type('zz');
    await sheet.keyboard.press('Enter');
    await until('refused', async () => (await problem(sheet))?.includes('violates the data validation rules') === true);
    expect([await sheet.getByRole('dialog').count(), said('3', 'Status')]).toEqual([0, 'Planned']);
    await goTo(sheet, `H${row}`);
    expect(await sheet.locator('#toolbar .content').textContent()).toBe('Planned');
  });

  const typedInto = async (row: number, typed: string) => {
    await table.bringToFront();
    await table.getByRole('combobox', { name: `Status, row ${row}`, exact: true }).focus();
    await table.keyboard.type(typed);
  };
  const takeBack = async () => {
    await table.getByRole('button', { name: 'Undo', exact: true }).click();
    await until('it was taken back', () => said('3', 'Status') === 'Planned');
  };

  it.each(['skipped', 'SKIPPED ', 'ski'])(
    'of the plain table takes %j, too, and goes on to the next row',
    async (typed) => {
      const row = steps().indexOf('3') + 2;
      await typedInto(row, typed);
      await until('filtered', async () => (await table.locator('.list-filter').textContent()) === 'Skipped');
      await table.keyboard.press('Enter');
      await until('it is Skipped', () => said('3', 'Status') === 'Skipped');
      expect(await nameBox(table).textContent()).toBe(`H${row + 1}`);
      await takeBack();
    },
  );

  it('of the plain table can be pointed at, and chosen with the arrows', async () => {
    const row = steps().indexOf('3') + 2;
    await typedInto(row, 's');
    await table.locator('.list-filter').getByText('Skipped').click();
    await until('it is Skipped', () => said('3', 'Status') === 'Skipped');
    await takeBack();
    await typedInto(row, 's');
    await table.keyboard.press('ArrowUp');
    await table.keyboard.press('Enter');
    await until('the last one', () => said('3', 'Status') === 'Skipped');
    await takeBack();
  });

  it('changes nothing by a word that is in no list, which the sheet refuses, and nothing by Escape', async () => {
    const row = steps().indexOf('3') + 2;
    await typedInto(row, 'gone');
    await until(
      'none',
      async () => (await table.locator('.list-filter').textContent())?.includes('Nothing in the list') === true,
    );
    await table.keyboard.press('Enter');
    await until('refused', async () => (await table.locator('#problem').isVisible()) === true);
    await typedInto(row, 'Go');
    await table.keyboard.press('Escape');
    await table.waitForTimeout(300);
    expect([said('3', 'Status'), await table.locator('.list-filter').isVisible()]).toEqual(['Planned', false]);
  });

  it('goes on in its own row when a colleague moves it while one types, and is written nowhere else', async () => {
    const row = steps().indexOf('3') + 2;
    await typedInto(row, 'Skip');
    await local.post('/api/rows', { sheet: 'Rundown', kind: 'insert', row: 3, user: INTERN });
    const moved = table.getByRole('combobox', { name: `Status, row ${row + 1}: type an entry` });
    await until('it moved along', async () => (await moved.inputValue()) === 'Skip');
    await table.keyboard.press('Enter');
    await until('it is Skipped', () => said('3', 'Status') === 'Skipped');
    expect(rowsOf(stack, 'Rundown').filter(({ value }) => value('Status') === 'Skipped')).toHaveLength(1);
    await takeBack();
    await local.post('/api/rows', { sheet: 'Rundown', kind: 'delete', row: 3, user: INTERN });
  });
});

describe('a first visit', () => {
  it('is led a sentence at a time, and can be dismissed for good', async () => {
    await table.bringToFront();
    const tour = table.getByRole('region', { name: 'First steps' });
    await tour.getByText('set the Status of step 2 to Go').waitFor();
    await tour.getByRole('button', { name: 'Skip' }).click();
    await tour.getByText('2 of').waitFor();
    await tour.getByRole('button', { name: 'No thanks' }).click();
    await tour.waitFor({ state: 'hidden' });
    await table.reload();
    await table.locator('#grid table').waitFor();
    expect(await tour.isVisible()).toBe(false);
  });
});

describe('a copy', () => {
  it('says that nothing in it is run, in words, at every width, and leaves no Go green', async () => {
    await table.bringToFront();
    await table.getByRole('button', { name: 'Make a copy' }).click();
    await table.locator('#not-connected').getByText('NOT CONNECTED: Copy of Release 42 is a copy').waitFor();
    expect(await table.locator('#connection').textContent()).toBe('NOT CONNECTED');
    await table.getByRole('columnheader', { name: /^NOT CONNECTED/ }).waitFor();
    const status = table.getByRole('combobox', { name: 'Status, row 3' });
    await status.selectOption('Go');
    const isRed = () =>
      status.evaluate((select) => {
        const window = globalThis as unknown as { getComputedStyle(element: unknown): { backgroundColor: string } };
        return window.getComputedStyle(select).backgroundColor === 'rgb(197, 34, 31)';
      });
    await until('a Go is an alarm', isRed);
    for (const width of [390, 844, 1920]) {
      await table.setViewportSize({ width, height: 844 });
      expect(await table.locator('#not-connected').isVisible()).toBe(true);
    }
    await table.setViewportSize({ width: 1280, height: 900 });
    await table.getByRole('combobox', { name: 'Spreadsheet' }).selectOption('Release 42');
    await table.getByText('Live: what is set in Release 42 is run').waitFor();
  });
});

describe('at 1280 pixels', () => {
  it.each(['sheet', 'table'] as const)('the %s shows each row from its step to the end of its Result', async (view) => {
    const page = view === 'sheet' ? sheet : table;
    const { formatting } = stack.runtime.spreadsheets.get(stack.releaseSheet).tab('Rundown');
    const { columnWidths } = formatting.describe();
    const right = 'ABCDEFGHI'.split('').reduce((sum, letter) => sum + (columnWidths[letter] ?? 100), 0);
    const grid = await page.locator('#grid').boundingBox();
    // The row numbers, and a scroll bar.
    expect(46 + right + 14).toBeLessThanOrEqual(grid?.width ?? 0);
  });

  it('no Planned start is cut in the plain table', async () => {
    const cut = await table
      .getByRole('textbox', { name: /^Planned start/ })

      .evaluateAll((all) => {
        const cells = all as unknown as { scrollWidth: number; clientWidth: number }[];
        return cells.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length;
      });
    expect(cut).toBe(0);
  });
});
