import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Listening } from '../../local/http-server.ts';
import { startPage } from '../../local/page/server.ts';
import { sheetHost } from '../../local/sheet-host.ts';
import { rowsOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { launchBrowser } from '../browser.ts';
import { DIST, startTestStack } from '../stack.ts';

/** The page in a real browser, as people use it: with the keyboard, and without a line of the page's own code. */

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A slow machine draws slowly; nothing here measures time. */
jest.setTimeout(120_000);

let stack: Stack;
let server: Listening;
let browser: Browser;
beforeAll(async () => {
  stack = await startTestStack({ proof: { probes: 2, spreadSeconds: 0 } });
  server = await startPage({ host: sheetHost(stack), assets: new URL('local/page/', DIST) });
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await stack?.close();
});

const outside: string[] = [];
async function open(view: 'sheet' | 'table', size = { width: 1280, height: 900 }): Promise<Page> {
  const context = await browser.newContext({ viewport: size, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).hostname !== '127.0.0.1')
      outside.push(request.url());
  });
  await page.addInitScript(`if (window === window.top) localStorage.setItem('drawbridge-view', '${view}')`);
  await page.goto(server.url);
  await page.locator(view === 'sheet' ? 'canvas[id*="sheet"]' : '#grid table').waitFor();
  if (view === 'sheet') await page.waitForTimeout(500);
  return page;
}

const cell = (step: string, header: string) =>
  rowsOf(stack, 'Rundown')
    .find(({ value }) => value('Step') === step)
    ?.value(header);
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it never came to this: ${what}`);
}

/** To a cell such as `G3`, by the arrow keys; the page tells where one is. */
async function walk(page: Page, right: number, down: number): Promise<void> {
  const name = `${String.fromCharCode(65 + right)}${down + 1}`;
  const isThere = () =>
    page
      .locator('#toolbar .name')
      .textContent()
      .then((text) => text === name);
  // Once in any case: a button may have the keyboard now.
  for (let tries = 0; tries < 5 && (tries === 0 || !(await isThere())); tries += 1) {
    // Keys that come before Univer is ready are lost.
    await page.waitForTimeout(tries * 1_000);
    await page.locator('canvas[id*="sheet"]').click({ position: { x: 60, y: 30 } });
    await page.keyboard.press('Control+Home');
    for (let steps = 0; steps < right; steps += 1) await page.keyboard.press('ArrowRight');
    for (let steps = 0; steps < down; steps += 1) await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(300);
  }
  expect(await page.locator('#toolbar .name').textContent()).toBe(name);
}

const STATUS = 6;

describe('the sheet', () => {
  it('takes Go from the keyboard: the row goes Done, and the public sees the maintenance page', async () => {
    const page = await open('sheet');
    await walk(page, STATUS, 2);
    await page.keyboard.type('Go');
    await page.keyboard.press('Enter');
    await until('Done', () => cell('2', 'Status') === 'Done');
    await page.getByText('503 Service Unavailable').first().waitFor();
    await page.getByText('Shop is closed to everyone').first().waitFor();
    await page.close();
  });

  it('takes two pasted cells as one edit, and undo puts both back', async () => {
    const page = await open('sheet');
    const before = [cell('3', 'Task'), cell('3', 'Owner')];
    await page.evaluate("navigator.clipboard.writeText('Check the backups\\tNight shift')");
    await walk(page, 2, 3);
    await page.keyboard.press('Control+V');
    await until('pasted', () => cell('3', 'Task') === 'Check the backups' && cell('3', 'Owner') === 'Night shift');
    await page.keyboard.press('Control+Z');
    await until('undone', () => cell('3', 'Task') === before[0] && cell('3', 'Owner') === before[1]);
    await page.close();
  });

  it('takes a typed date as a date, and clears a cell', async () => {
    const page = await open('sheet');
    await walk(page, 1, 3);
    await page.keyboard.type('2026-12-24 03:30');
    await page.keyboard.press('Enter');
    await until('a date', () => cell('3', 'Planned start') === '2026-12-24 03:30');
    await walk(page, 1, 3);
    await page.keyboard.press('Delete');
    await until('empty', () => cell('3', 'Planned start') === '');
    await page.close();
  });

  it('leaves what the script wrote alone when a person undoes', async () => {
    const page = await open('sheet');
    const result = cell('2', 'Result');
    await walk(page, 2, 2);
    await page.keyboard.press('Control+Z');
    await page.keyboard.press('Control+Z');
    await page.waitForTimeout(500);
    expect([cell('2', 'Status'), cell('2', 'Result')]).toEqual(['Done', result]);
    await page.close();
  });

  it('inserts a row above, deletes it again, and sorts, and every step keeps its own cells', async () => {
    const page = await open('sheet');
    const steps = () => rowsOf(stack, 'Rundown').map(({ value }) => value('Step'));
    const before = steps();
    const tasks = before.map((step) => [step, cell(step, 'Task')]);
    await walk(page, 2, 4);
    await page.getByRole('button', { name: 'Insert row' }).click();
    await until('a blank row', () => rowsOf(stack, 'Rundown')[3]?.value('Task') === '');
    await walk(page, 2, 4);
    await page.keyboard.type('Freeze the database');
    await page.keyboard.press('Enter');
    await until('typed', () => rowsOf(stack, 'Rundown')[3]?.value('Task') === 'Freeze the database');
    expect(cell('4', 'Task')).toBe(tasks[3]?.[1]);
    await walk(page, 2, 4);
    await page.getByRole('button', { name: 'Delete row' }).click();
    await until('gone', () => rowsOf(stack, 'Rundown').length === before.length);
    expect(steps()).toEqual(before);
    await walk(page, 2, 4);
    await page.getByRole('button', { name: 'Sort' }).click();
    await until('sorted', () => JSON.stringify(steps()) !== JSON.stringify(before));
    expect(before.map((step) => [step, cell(step, 'Task')])).toEqual(tasks);
    await walk(page, 0, 4);
    await page.getByRole('button', { name: 'Sort' }).click();
    await until('in order again', () => JSON.stringify(steps()) === JSON.stringify(before));
    await page.close();
  });

  it('does not run a Go that nobody is named for, and says why', async () => {
    const page = await open('sheet');
    await page.locator('#person select').selectOption('');
    await walk(page, STATUS, 10);
    await page.keyboard.type('Go');
    await page.keyboard.press('Enter');
    await until('put back', () => cell('10', 'Status') === 'Planned' && cell('10', 'Result') !== '');
    expect(cell('10', 'Result')).toContain('I could not see who set this');
    await page.close();
  });

  it('shows the way of the last operation, stage by stage, with a failure where it happened', async () => {
    const page = await open('table');
    const stages = page.locator('#hops > ol .part');
    await page.getByRole('combobox', { name: 'Status, row 6' }).selectOption('Go');
    await until('Done', () => cell('5', 'Status') === 'Done');
    await page.locator('#hops').getByText('says Running').waitFor();
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
    await page.locator('#person select').selectOption('intern@example.com');
    await page.getByRole('combobox', { name: 'Status, row 8' }).selectOption('Go');
    await page.locator('#hops > ol [data-ok="false"]').getByText('is not an operator of Shop').waitFor();
    await page.close();
  });

  it('refuses a person who is no operator, in words', async () => {
    const page = await open('sheet');
    await page.locator('#person select').selectOption('intern@example.com');
    await walk(page, STATUS, 9);
    await page.keyboard.type('Go');
    await page.keyboard.press('Enter');
    await until('Failed', () => cell('9', 'Status') === 'Failed');
    await page.getByText('intern@example.com is not an operator').first().waitFor();
    await page.close();
  });
});

describe('everybody', () => {
  it.each(['light', 'dark'] as const)('meets no barrier that axe finds, in either view (%s)', async (colorScheme) => {
    for (const view of ['table', 'sheet'] as const) {
      const page = await open(view);
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      // Past the page's own policy, which lets no other script in.
      await page.evaluate(await readFile(AXE, 'utf8'));
      const findings = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(where: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        // Univer's canvas is not ours to mend, and the plain table stands beside it.
        const { violations } = await axe.run({ exclude: ['#univer', 'iframe'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
      });
      expect(findings).toEqual([]);
      await page.close();
    }
  });

  it('reads the sheet as a table on a phone, without scrolling sideways', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.locator('#grid table').waitFor();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await context.close();
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
    expect(outside).toEqual([]);
  });
});
