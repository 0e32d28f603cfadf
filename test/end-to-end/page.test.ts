import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { INTERN, RELEASE_MANAGER } from '../../local/people.ts';
import { rowsOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { RUNDOWN_TAB } from '../../release-sheet-template/rundown.ts';
import { startTestPage, type TestPage, until } from '../page.ts';

/** The page in a real browser, as people use it: with the keyboard, and without a line of the page's own code. */

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A key that comes while the browser is still drawing is lost: said in the log, and tried once more. */
jest.retryTimes(1, { logErrorsBeforeRetry: true });

let local: TestPage;
let stack: Stack;
beforeAll(async () => {
  local = await startTestPage();
  ({ stack } = local);
}, 60_000);
afterAll(() => local?.close());

const open: TestPage['open'] = (view, size) => local.open(view, size);
const post: TestPage['post'] = (path, body) => local.post(path, body);

const editAs = (page: Page, user: string) => page.locator('#person select').selectOption(user);

const cell = (step: string, header: string) =>
  rowsOf(stack, 'Rundown')
    .find(({ value }) => value('Step') === step)
    ?.value(header);
/** To a cell such as `G3`, by the arrow keys; the page tells where one is. Keys that come before Univer is ready are lost. */
async function walk(page: Page, right: number, down: number): Promise<void> {
  const name = `${String.fromCharCode(65 + right)}${down + 1}`;
  const here = async () => (await page.locator('#toolbar .name').textContent()) ?? '';
  const enter = async () => {
    // Two clicks at once would open the cell.
    await page.keyboard.press('Escape');
    await page.waitForTimeout(600);
    await page.locator('canvas[id*="sheet"]').click({ position: { x: 60, y: 30 } });
    await page.keyboard.press('Control+Home');
    // Somewhere else than where one was: that is told.
    await page.keyboard.press('ArrowDown');
  };
  await enter();
  for (let tries = 0; tries < 20; tries += 1) {
    await page.waitForTimeout(300 + tries * 100);
    const at = await here();
    if (at === name) return;
    const [column, row] = [at.charCodeAt(0) - 65, Number(at.slice(1)) - 1];
    if (Number.isNaN(column)) {
      await enter();
      continue;
    }
    const keys = [
      ...Array<string>(Math.abs(right - column)).fill(right > column ? 'ArrowRight' : 'ArrowLeft'),
      ...Array<string>(Math.abs(down - row)).fill(down > row ? 'ArrowDown' : 'ArrowUp'),
    ];
    for (const key of keys) await page.keyboard.press(key);
  }
  throw new Error(`the keys do not lead to ${name}, but to ${await here()}`);
}

/** From the left; the banner stands first. */
const [STEP, PLANNED_START, TASK, STATUS] = ['Step', 'Planned start', 'Task', 'Status'].map(
  (header) => 1 + RUNDOWN_TAB.columns.findIndex((column) => column.header === header),
) as [number, number, number, number];

describe('the sheet', () => {
  // Univer takes its time to come up: once for all who need no undo history of their own.
  let page: Page;
  beforeAll(async () => {
    page = await open('sheet');
  });
  afterEach(() => editAs(page, RELEASE_MANAGER));
  afterAll(() => page?.close());

  it('takes Go from the keyboard: the row goes Done, and the public sees the maintenance page', async () => {
    await walk(page, STATUS, 2);
    await page.keyboard.type('Go');
    await page.keyboard.press('Enter');
    await until('Done', () => cell('2', 'Status') === 'Done');
    await page.getByText('503 Service Unavailable').first().waitFor();
    await page.getByText('Shop is closed to everyone').first().waitFor();
  });

  it('takes two pasted cells as one edit, and undo puts both back', async () => {
    const before = [cell('3', 'Task'), cell('3', 'Owner')];
    await page.evaluate("navigator.clipboard.writeText('Check the backups\\tNight shift')");
    await walk(page, TASK, 3);
    await page.keyboard.press('Control+V');
    await until('pasted', () => cell('3', 'Task') === 'Check the backups' && cell('3', 'Owner') === 'Night shift');
    await page.keyboard.press('Control+Z');
    await until('undone', () => cell('3', 'Task') === before[0] && cell('3', 'Owner') === before[1]);
  });

  it('takes a typed date as a date, and clears a cell', async () => {
    await walk(page, PLANNED_START, 3);
    await page.keyboard.type('2026-12-24 03:30');
    await page.keyboard.press('Enter');
    await until('a date', () => cell('3', 'Planned start') === '2026-12-24 03:30');
    await walk(page, PLANNED_START, 3);
    await page.keyboard.press('Delete');
    await until('empty', () => cell('3', 'Planned start') === '');
  });

  it('leaves what the script wrote alone when a person undoes', async () => {
    const own = await open('sheet');
    const result = cell('2', 'Result');
    await walk(own, TASK, 2);
    await own.keyboard.press('Control+Z');
    await own.keyboard.press('Control+Z');
    await own.waitForTimeout(500);
    expect([cell('2', 'Status'), cell('2', 'Result')]).toEqual(['Done', result]);
    await own.close();
  });

  it('inserts a row above, deletes it again, and sorts, and every step keeps its own cells', async () => {
    const steps = () => rowsOf(stack, 'Rundown').map(({ value }) => value('Step'));
    const before = steps();
    const tasks = before.map((step) => [step, cell(step, 'Task')]);
    await walk(page, TASK, 4);
    await page.getByRole('button', { name: 'Insert row' }).click();
    await until('a blank row', () => rowsOf(stack, 'Rundown')[3]?.value('Task') === '');
    await walk(page, TASK, 4);
    await page.keyboard.type('Freeze the database');
    await page.keyboard.press('Enter');
    await until('typed', () => rowsOf(stack, 'Rundown')[3]?.value('Task') === 'Freeze the database');
    expect(cell('4', 'Task')).toBe(tasks[3]?.[1]);
    await walk(page, TASK, 4);
    await page.getByRole('button', { name: 'Delete row' }).click();
    await until('gone', () => rowsOf(stack, 'Rundown').length === before.length);
    expect(steps()).toEqual(before);
    await walk(page, TASK, 4);
    await page.getByRole('button', { name: 'Sort' }).click();
    await until('sorted', () => JSON.stringify(steps()) !== JSON.stringify(before));
    expect(before.map((step) => [step, cell(step, 'Task')])).toEqual(tasks);
    await walk(page, STEP, 4);
    await page.getByRole('button', { name: 'Sort' }).click();
    await until('in order again', () => JSON.stringify(steps()) === JSON.stringify(before));
  });

  it('does not run a Go that nobody is named for, and says why', async () => {
    await editAs(page, '');
    await walk(page, STATUS, 10);
    await page.keyboard.type('Go');
    await page.keyboard.press('Enter');
    await until('put back', () => cell('10', 'Status') === 'Planned' && cell('10', 'Result') !== '');
    expect(cell('10', 'Result')).toContain('Google did not report who set this');
  });

  it('shows the way of the last operation, stage by stage, with a failure where it happened', async () => {
    const own = await open('table');
    const stages = own.locator('#hops > ol .part');
    const status = own.getByRole('combobox', { name: 'Status, row 6' });
    await status.selectOption('Go');
    // Before its time a step asks once.
    await until('asked', () => cell('5', 'Result')?.includes('set Go again') === true);
    await until('put back', async () => (await status.inputValue()) === 'Planned');
    await status.selectOption('Go');
    await until('Done', () => cell('5', 'Status') === 'Done');
    // Whichever is written first: of two executions of one edit, one may have written that it runs by then.
    await own
      .locator('#hops')
      .getByText(/says (Sending…|Running)/)
      .first()
      .waitFor();
    for (const name of [
      'Edit',
      'Trigger',
      'Claim',
      'Token',
      'Token check',
      'Gateway',
      'Commit',
      'WAF',
      'Probes',
      'Write-back',
    ])
      await expect(stages.allTextContents()).resolves.toContain(name);
    await editAs(own, INTERN);
    await own.getByRole('combobox', { name: 'Status, row 8' }).selectOption('Go');
    await own.locator('#hops > ol [data-ok="false"]').getByText('is not an operator of Shop').waitFor();
    await own.close();
  });

  it('refuses a person who is no operator, in words', async () => {
    await editAs(page, INTERN);
    await walk(page, STATUS, 9);
    await page.keyboard.type('Go');
    await page.keyboard.press('Enter');
    await until('Failed', () => cell('9', 'Status') === 'Failed');
    await page.getByText('intern@example.com is not an operator').first().waitFor();
  });
});

describe('several sheets', () => {
  const header = (page: Page, name: string | RegExp) => page.getByRole('columnheader', { name });
  const colourOf = (page: Page, name: string | RegExp) =>
    header(page, name).evaluate((th) => {
      const window = globalThis as unknown as { getComputedStyle(element: unknown): { backgroundColor: string } };
      return window.getComputedStyle(th).backgroundColor;
    });

  it('are picked with the keyboard alone, and so are their tabs; the last one is remembered', async () => {
    const page = await open('table');
    const picker = page.getByRole('combobox', { name: 'Spreadsheet' });
    await picker.focus();
    await page.keyboard.press('ArrowDown');
    await header(page, 'Release').waitFor();
    expect(await page.getByRole('combobox', { name: 'Action, row 2' }).inputValue()).toBe('Create');
    const health = page.locator('#tabs').getByRole('button', { name: 'Health' });
    await health.focus();
    await page.keyboard.press('Enter');
    await header(page, 'What we found').waitFor();
    await page.locator('#tabs [aria-current]:focus').getByText('Health').waitFor();
    await page.reload();
    await header(page, 'Release').waitFor();
    await page.close();
  });

  it('hides the tab of the heartbeat, and shows new tabs, names and widths without being loaded again', async () => {
    const page = await open('table');
    const tabs = () => page.locator('#tabs button').allTextContents();
    const before = await tabs();
    expect(before).not.toContain('Drawbridge');
    const book = stack.runtime.spreadsheets.get(stack.releaseSheet);
    const notes = book.insertTab('Notes');
    book.rename('Release 42, final');
    await until(
      'both',
      async () => (await tabs()).includes('Notes') && (await page.title()).startsWith('Release 42, final'),
    );
    notes.formatting.isHidden = true;
    book.tab('Rundown').formatting.widen(3, 1, 91);
    await post('/api/edits', { sheet: 'Rundown', range: 'D4', values: [['Anybody']], user: RELEASE_MANAGER });
    const widths = () => page.locator('#grid col').evaluateAll((all) => all.map((one) => one.getAttribute('style')));
    await until('narrower', async () => (await widths()).some((style) => style?.includes('91px')));
    book.tab('Rundown').formatting.widen(3, 1, 184);
    await page.close();
  });

  it('says what Sheets says of an edit that it refuses, or asks about', async () => {
    const page = await open('table');
    await page.getByRole('textbox', { name: 'Finished, row 4' }).fill('2026-12-24 03:30');
    await page.keyboard.press('Enter');
    await page.locator('#announcement').getByText('Edit anyway?').waitFor();
    await page.locator('#tabs').getByRole('button', { name: 'Allowlist' }).click();
    await editAs(page, INTERN);
    const address = page.getByRole('textbox', { name: 'Address or range, row 2' });
    await address.fill('192.0.2.10');
    await page.keyboard.press('Enter');
    await page.locator('#problem').getByText('protected cell').waitFor();
    await until('taken back', async () => (await address.inputValue()) === '');
    await page.close();
  });

  it('tells what is armed next, and moves the clock there or to any time to come', async () => {
    const page = await open('table');
    await page.getByRole('combobox', { name: 'Status, row 11' }).selectOption('Scheduled');
    const next = page.getByRole('button', { name: /^Next: step 10 at / });
    await next.click();
    const planned = Date.parse(`${cell('10', 'Planned start')?.replace(' ', 'T')}Z`);
    await until('moved', () => stack.clock.now() >= planned);
    const to = new Date(planned + 90 * 60_000).toISOString().slice(0, 16);
    await page.getByText('Set…').click();
    await page.getByLabel('Move on to').fill(to);
    await page.keyboard.press('Enter');
    await until('moved again', () => stack.clock.now() >= Date.parse(`${to}Z`));
    await page.getByRole('combobox', { name: 'Status, row 11' }).selectOption('Planned');
    await next.waitFor({ state: 'hidden' });
    await page.close();
  });

  it('turns a copy red, which nobody stands behind, in the picker as soon as it is made', async () => {
    const page = await open('table');
    await post(`/api/spreadsheets/${stack.releaseSheet}/copy`, { name: 'Release 43' });
    const copies = page.locator('#spreadsheets optgroup[label="Copies, not connected"]');
    await copies.getByText('Release 43').waitFor({ state: 'attached' });
    await page.getByRole('combobox', { name: 'Spreadsheet' }).selectOption('Release 43');
    await page.locator('#tabs').getByRole('button', { name: 'Services' }).click();
    await post('/api/clock', { advanceMs: 2 * 3_600_000 });
    await header(page, /^NOT CONNECTED/).waitFor();
    expect([await colourOf(page, 'Mode'), await colourOf(page, /^NOT/)]).toEqual([
      'rgb(197, 34, 31)',
      'rgb(197, 34, 31)',
    ]);
    await page.close();
  });
});

async function barriers(page: Page): Promise<string[]> {
  // Past the page's own policy, which lets no other script in.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(where: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    // Univer's canvas is not ours to mend, and the plain table stands beside it.
    const { violations } = await axe.run({ exclude: ['#univer', 'iframe'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

describe('everybody', () => {
  it.each(['light', 'dark'] as const)('meets no barrier that axe finds, in either view (%s)', async (colorScheme) => {
    for (const view of ['table', 'sheet'] as const) {
      const page = await open(view);
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      expect(await barriers(page)).toEqual([]);
      if (view === 'table') {
        await page.getByRole('combobox', { name: 'Spreadsheet' }).selectOption('Release 43');
        await page.getByText('Set…').click();
        await page.getByRole('columnheader', { name: /^NOT CONNECTED/ }).waitFor();
        expect(await barriers(page)).toEqual([]);
      }
      await page.close();
    }
  });

  it('reads the sheet as a table on a phone, without scrolling sideways', async () => {
    const context = await local.browser.newContext({ viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    await page.goto(local.url);
    await page.locator('#grid table').waitFor();
    const overflow = () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('combobox', { name: 'Spreadsheet' }).selectOption('Release 43');
    await page.getByRole('columnheader', { name: /^NOT CONNECTED/ }).waitFor();
    await page.locator('#tabs').getByRole('button', { name: 'Allowlist' }).click();
    await page.getByRole('textbox', { name: 'Address or range, row 2' }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await context.close();
  });

  it('lets the keyboard into the sheet and out of it again, and says which cell it is in', async () => {
    const page = await open('sheet');
    const focused = () => page.evaluate('document.activeElement === document.body || document.activeElement?.id');
    // It did not take the keyboard by itself.
    expect(await focused()).toBe(true);
    await page.getByRole('application', { name: /Enter goes into it/ }).waitFor();
    const isOn = (what: string) => page.evaluate(`document.activeElement?.${what}`);
    await page.getByRole('button', { name: 'Show as a plain table' }).focus();
    await page.keyboard.press('Tab');
    expect(await isOn('id')).toBe('univer');
    await page.keyboard.press('Enter');
    await until('it says where one is', async () => {
      await page.keyboard.press('ArrowDown');
      return /^Step, row \d+: /.test((await page.locator('#cell').textContent()) ?? '');
    });
    await page.keyboard.press('Escape');
    expect(await isOn('id')).toBe('univer');
    await page.keyboard.press('Tab');
    expect(await isOn('textContent')).toBe('Rundown');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await isOn('textContent')).toBe('Show as a plain table');
    await page.close();
  });

  it('writes nothing of what is typed while rows move under it, and says so', async () => {
    const page = await open('sheet');
    await walk(page, 1 + TASK, 4);
    await page.keyboard.type('Night');
    const before = stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues('Rundown');
    const change = { kind: 'insert', row: 2, count: 1, sheet: 'Rundown', user: RELEASE_MANAGER };
    await post('/api/rows', change);
    await page.locator('#problem').getByText('moved while you typed').waitFor();
    await page.keyboard.type('shift');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
    const after = stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues('Rundown');
    expect(after.filter((_line, row) => row !== 1)).toEqual(before);
    await post('/api/rows', { ...change, kind: 'delete' });
    await page.close();
  });

  it('works in the plain table with the keyboard alone', async () => {
    const page = await open('table');
    await page.getByRole('textbox', { name: 'Owner, row 10' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Night shift');
    await page.keyboard.press('Enter');
    await until('typed one row below', () => cell('10', 'Owner') === 'Night shift');
    await page.getByRole('combobox', { name: 'Status, row 11' }).selectOption('Skipped');
    await until('Skipped', () => cell('10', 'Status') === 'Skipped');
    await page.close();
  });

  it('sends no request off this machine', () => {
    expect(local.outside).toEqual([]);
  });
});
