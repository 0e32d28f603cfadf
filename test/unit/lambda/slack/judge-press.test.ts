import type { SlackRecord } from '../../../../lambda/src/model/slack-record.ts';
import { judgePress } from '../../../../lambda/src/slack/judge-press.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const record: SlackRecord = {
  id: 'production-00000001',
  version: 2,
  at: new Date(NOW - 60_000).toISOString(),
  by: { userId: 'U0RELEASE', email: 'release.manager@example.com' },
  channel: 'C0123456789',
  wish: { action: 'enter', named: 'shop', services: ['shop'] },
  state: 'asked',
  ts: '1.1',
  shown: ['open'],
};
const press = { button: 'run', userId: 'U0RELEASE', ts: '1.1', shown: ['open'], now: NOW };

it('runs what was confirmed by whoever was asked, while it is as they were shown', () => {
  expect(judgePress(record, press)).toEqual({ do: 'run' });
});

it.each([
  ['by somebody else', record, { userId: 'U0DUTY000' }, 'release.manager@example.com was asked this', false],
  ['a second time', { ...record, state: 'running' }, {}, 'decided already', false],
  ['when it is over', { ...record, state: 'over' }, {}, 'decided already', false],
  ['hours later', { ...record, at: new Date(NOW - 4 * 3_600_000).toISOString() }, {}, 'too long ago', true],
  ['when the service is not so any more', record, { shown: ['closed'] }, 'not so any more', true],
  ['in another message than the question', record, { ts: '2.2' }, 'does not know this message', false],
  ['of a question that nobody knows', undefined, {}, 'does not know this message', false],
  ['that we never made', record, { button: 'rm' }, 'does not know this message', false],
] as const)('does nothing if the button is pressed %s', (_what, stored, more, message, ends) => {
  const verdict = judgePress(stored as SlackRecord | undefined, { ...press, ...more });
  expect(verdict).toEqual({ do: 'refuse', message: expect.stringContaining(message), ends });
});

it('cancels only for whoever was asked', () => {
  expect(judgePress(record, { ...press, button: 'cancel' })).toMatchObject({ do: 'cancel' });
  expect(judgePress(record, { ...press, button: 'cancel', userId: 'U0DUTY000' })).toMatchObject({ do: 'refuse' });
});
