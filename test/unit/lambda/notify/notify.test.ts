import { jest } from '@jest/globals';
import type { Notice } from '../../../../lambda/src/model/ports.ts';
import { createNotifyBoth } from '../../../../lambda/src/notify/both.ts';
import { log } from '../../../../lambda/src/notify/log.ts';
import { metricsLine, total } from '../../../../lambda/src/notify/metrics.ts';
import { subjectLine } from '../../../../lambda/src/notify/sns.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');

describe('metrics', () => {
  it('are one line that CloudWatch understands, with what is not zero', () => {
    expect(JSON.parse(metricsLine('production', { Overdue: 2, Drift: 0 }, NOW) ?? '')).toEqual({
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          { Namespace: 'Drawbridge', Dimensions: [['Environment']], Metrics: [{ Name: 'Overdue', Unit: 'Count' }] },
        ],
      },
      Environment: 'production',
      Overdue: 2,
    });
  });

  it('are no line when there is nothing to say', () => {
    expect(metricsLine('production', { Overdue: 0 }, NOW)).toBeUndefined();
  });

  it('of a tick are those of all that it did, each by the name that an alarm knows', () => {
    expect(total([{ Drift: 1 }, { Drift: 2, Gone: 1 }, {}])).toEqual({
      ...{ Drift: 3, Unrepaired: 0, Contested: 0, Bypassed: 0, Unreadable: 0, Gone: 1, Orphaned: 0, Unproven: 0 },
      ...{ Overdue: 0, MissedStep: 0, TicksStopped: 0, ClosedServices: 0 },
    });
  });
});

it('a subject is one line of ASCII that SNS takes, whatever a service is called', () => {
  expect(subjectLine('Café “Übersee”\nis ’closed’')).toBe("Cafe ?Ubersee??is 'closed'");
  expect(subjectLine('x'.repeat(200))).toHaveLength(99);
});

it('the log is one line of JSON for each event', () => {
  const spy = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  log('warn', 'refused', { code: 'FORBIDDEN' });
  log('info', 'started');
  const lines = spy.mock.calls.map(([line]) => line);
  spy.mockRestore();
  expect(lines).toEqual([
    '{"level":"warn","event":"refused","code":"FORBIDDEN"}',
    '{"level":"info","event":"started"}',
  ]);
});

it('a notice is kept for Slack first, then sent; a reminder by e-mail is not kept; without Slack it is only sent', async () => {
  const calls: string[] = [];
  const to =
    (name: string) =>
    async ({ subject }: Notice) =>
      void calls.push(`${name} ${subject}`);
  const both = createNotifyBoth(to('keep'), to('send'));
  await both({ subject: 'one', message: '' });
  await both({ subject: 'two', message: '', isMailOnly: true });
  await createNotifyBoth(undefined, to('send'))({ subject: 'three', message: '' });
  expect(calls).toEqual(['keep one', 'send one', 'send two', 'send three']);
});
