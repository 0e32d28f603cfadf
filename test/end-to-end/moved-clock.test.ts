import { jest } from '@jest/globals';
import { stepOf } from '../../local/sheet-rows.ts';
import type { LocalSlackApp } from '../../local/slack/start.ts';
import type { Stack } from '../../local/stack.ts';
import { startTestStack, type } from '../stack.ts';
import { eventually } from './eventually.ts';

/** An evening before a night as `npm start` plays it: its clock is moved on over hours, and minutes pass by themselves. */

jest.setTimeout(120_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack({ startAt: Date.parse('2026-11-21T16:00:20Z'), faultInjection: {} });
  stack.startTicking(() => {});
});
afterAll(() => stack?.close());

const channel = () => (stack.slack.production as LocalSlackApp).workspace.messages.map(({ text }) => text);
const digests = () => channel().filter((text) => text.startsWith('Armed for the night'));
/**
 * As somebody who has seen the sheet come to rest: an execution that is under way would be cut off, and a reconciler that
 * runs (no second one runs beside it) would find the sheet silent for all that was skipped.
 */
const moveTo = async (time: string) => {
  await stack.runtime.idle();
  await eventually(stack.reconcile, 40_000);
  stack.clock.moveTo(Date.parse(time));
};
const enter = () => stepOf(stack, 'payments', 'Enter maintenance');

it('what is armed for the night stands in the channel from eight hours before', async () => {
  await type(stack, enter().cell('Planned start'), '2026-11-22 02:00');
  await type(stack, enter().cell('Status'), 'Scheduled');
  await eventually(() => expect(enter().value('Result')).toMatch(/^Armed by/));

  await moveTo('2026-11-21T17:58:00Z');
  await eventually(stack.runSlack);
  expect(digests()).toEqual([]);

  await moveTo('2026-11-21T18:04:00Z');
  await eventually(() => expect(digests()).toHaveLength(1), 40_000);
  expect(digests()[0]).toContain(
    `2026-11-22 02:00 UTC: step ${enter().value('Step')} of Release 42, Enter maintenance, payments; armed by ` +
      'release.manager@example.com.',
  );
});

it('nobody is called about a sheet that fell silent: its tick comes first after hours that were skipped', async () => {
  for (const time of ['2026-11-21T23:30:00Z', '2026-11-22T01:40:00Z']) {
    await moveTo(time);
    await stack.runtime.idle();
    await eventually(stack.reconcile, 40_000);
  }
  await eventually(stack.runSlack, 40_000);
  const told = [...stack.notices.map(({ subject = '' }) => subject), ...channel()];
  expect(told.filter((text) => text.includes('not heard of'))).toEqual([]);
});
