import { jest } from '@jest/globals';
import { stepOf } from '../../local/sheet-rows.ts';
import type { LocalSlackApp } from '../../local/slack/start.ts';
import type { Stack } from '../../local/stack.ts';
import { startTestStack, type } from '../stack.ts';
import { eventually } from './eventually.ts';

/** An evening before a night as `npm start` plays it: its clock is moved on over hours, and minutes pass by themselves. */

jest.setTimeout(120_000);
const HOUR_MS = 60 * 60_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack({ startAt: Date.parse('2026-11-21T16:00:20Z'), faultInjection: {} });
  stack.startTicking(() => {});
});
afterAll(() => stack?.close());

const channel = () => (stack.slack.production as LocalSlackApp).workspace.messages.map(({ text }) => text);
const digests = () => channel().filter((text) => text.startsWith('Armed for the night'));
const enter = () => stepOf(stack, 'payments', 'Enter maintenance');

it('what is armed for the night stands in the channel from eight hours before', async () => {
  await type(stack, enter().cell('Planned start'), '2026-11-22 02:00');
  await type(stack, enter().cell('Status'), 'Scheduled');
  await eventually(() => expect(enter().value('Result')).toMatch(/^Armed by/));

  stack.clock.moveTo(Date.parse('2026-11-21T17:58:00Z'));
  await eventually(stack.runSlack);
  expect(digests()).toEqual([]);

  stack.clock.moveTo(stack.clock.now() + 0.1 * HOUR_MS);
  await eventually(() => expect(digests()).toHaveLength(1));
  expect(digests()[0]).toContain(
    `2026-11-22 02:00 UTC: step ${enter().value('Step')} of Release 42, Enter maintenance, payments; armed by ` +
      'release.manager@example.com.',
  );
});

it('hours that are skipped are no hours of silence', async () => {
  stack.clock.moveTo(Date.parse('2026-11-22T01:10:00Z'));
  await eventually(() => expect(channel().join('\n')).toContain('Armed for 2026-11-22 02:00 UTC'));
  // One that is still at it takes no second one.
  await eventually(stack.reconcile);
  expect(stack.notices.map(({ subject }) => subject)).toEqual([]);
});
