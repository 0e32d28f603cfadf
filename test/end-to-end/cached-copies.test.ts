import { RELEASE_MANAGER } from '../../local/people.ts';
import { rowsOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { go, siteUrl, startTestStack } from '../stack.ts';

/** A CDN of somebody else stands before the site, and keeps what it was given before the firewall closed. */

const HOUR_MS = 3_600_000;
const LONGEST_MS = 60_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack({ cachedForMs: HOUR_MS });
});
afterAll(() => stack?.close());

const payments = () =>
  rowsOf(stack, 'Rundown').find(
    ({ value }) => value('Service').toLowerCase() === 'payments' && value('Action') === 'Enter maintenance',
  );

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + LONGEST_MS;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
}

it('says that cached copies are still served, and Done only once the cache is invalidated', async () => {
  const url = siteUrl(stack, 'payments');
  const asVisitor = async () => (await visit(url, { as: 'public', headers: { host: 'payments.example.com' } })).status;
  expect(await asVisitor()).toBe(200);

  const done = go(stack, 'payments', 'Enter maintenance', RELEASE_MANAGER);
  await until(() => payments()?.value('Result').includes('cached copies') === true);
  expect(payments()?.value('Status')).toBe('Running');
  expect(payments()?.value('Result')).toContain(
    'cached copies of the site are still served; invalidate the CDN’s cache',
  );
  expect(await asVisitor()).toBe(200);

  for (const site of stack.sites) site.invalidate();
  expect((await done).value('Status')).toBe('Done');
  expect(await asVisitor()).toBe(503);
}, 120_000);
