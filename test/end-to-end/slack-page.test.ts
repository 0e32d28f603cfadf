import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startTestPage, type TestPage } from '../page.ts';

/** The Slack channel of the local page, in a real browser, as people read and press it. */

jest.setTimeout(180_000);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let page: TestPage;
let channel: Page;
beforeAll(async () => {
  page = await startTestPage();
  channel = await (await page.browser.newContext({ viewport: { width: 900, height: 760 } })).newPage();
  await channel.goto(`${page.url}/slack.html`);
  await channel.locator('#who option').first().waitFor({ state: 'attached' });
});
afterAll(() => page?.close());

const write = async (text: string) => {
  await channel.getByLabel('Message', { exact: true }).fill(text);
  await channel.keyboard.press('Enter');
};
const reads = (text: string | RegExp) => channel.locator('#messages').getByText(text).first().waitFor();
/** For docs: where SCREENSHOTS names a folder, what was tested is kept there. */
const picture = async (name: string) => {
  const folder = process.env.SCREENSHOTS;
  if (folder) await channel.screenshot({ path: `${folder}/slack-${name}.png` });
};

it('closes a service: typed, confirmed by a button, proven in the same message', async () => {
  await write('/drawbridge enter payments for 2h');
  await reads('Close Payments to everyone? (production)');
  await picture('question');
  await channel.getByRole('button', { name: 'Enter maintenance' }).click();
  await reads(/Payments is closed to everyone/);
  expect(await channel.getByRole('button', { name: 'Enter maintenance' }).count()).toBe(0);
  await write('/drawbridge status');
  await reads('Payments: Closed');
  await picture('proof');
});

it('is a guest’s too, who reads their refusal alone', async () => {
  await channel.getByLabel('As').selectOption({ label: 'Guest' });
  await write('/drawbridge exit payments');
  await reads(/Guests may not ask/);
  await picture('refusal');
  await channel.getByLabel('As').selectOption({ label: 'Release manager' });
  expect(
    await channel
      .locator('#messages')
      .getByText(/Guests may not ask/)
      .count(),
  ).toBe(0);
});

it('offers a form where words are missing', async () => {
  await write('/drawbridge');
  await channel.locator('fieldset').waitFor();
  await picture('form');
  await channel.getByRole('button', { name: 'Cancel' }).last().click();
  expect(await channel.locator('fieldset').count()).toBe(0);
  await write('/drawbridge');
  await channel.locator('fieldset').waitFor();
  await channel.getByLabel('Action').selectOption('exit');
  await channel.getByLabel('Service').selectOption('payments');
  await channel.getByRole('button', { name: 'Go on' }).click();
  await reads('Open Payments to everyone? (production)');
});

it('shows a call with its buttons', async () => {
  await page.stack.runSlack();
  page.stack.clock.moveTo(page.stack.clock.now() + 3 * 3_600_000);
  await page.stack.reconcile();
  await page.stack.runSlack();
  await reads(/Payments is closed past its planned end/);
  await channel.getByRole('button', { name: 'I’m on it' }).first().click();
  await reads('release.manager@example.com is on it.');
  await picture('call');
});

it('is read on a phone without moving it sideways', async () => {
  await channel.setViewportSize({ width: 360, height: 760 });
  const boxes = await Promise.all(
    (await channel.locator('#messages li, #compose').all()).map((one) => one.boundingBox()),
  );
  expect(boxes.length).toBeGreaterThan(3);
  for (const box of boxes) expect((box?.x ?? Number.NaN) + (box?.width ?? Number.NaN)).toBeLessThanOrEqual(360);
  await channel.setViewportSize({ width: 900, height: 760 });
});

it.each(['light', 'dark'] as const)('meets no barrier that axe finds (%s)', async (colorScheme) => {
  await channel.emulateMedia({ colorScheme });
  // Past the page's own policy, which lets no other script in.
  await channel.evaluate(await readFile(AXE, 'utf8'));
  const violations = await channel.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
    return (await axe.run()).violations.map(({ id }) => id);
  });
  expect(violations).toEqual([]);
});
