import type { AuditEntry } from '../../../../contract/audit.ts';
import { factsOf, nextSince, remembered, soonFacts } from '../../../../lambda/src/slack/facts.ts';

const NOW = Date.parse('2026-11-22T01:00:00Z');
const CHANNEL = 'C0123456789';
const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  service: 'shop',
  revision: 1,
  operationId: 'production-00000001',
  kind: 'operation',
  action: 'enter',
  state: 'verified',
  by: 'release.manager@example.com',
  source: { kind: 'sheet', spreadsheetId: 'sheet-1', step: '2' },
  at: '2026-11-22T00:50:00.000Z',
  message: 'Shop is closed to everyone.',
  ...more,
});
const factsFrom = (...entries: AuditEntry[]) => factsOf(entries, { channel: CHANNEL, now: NOW });

it('tell who did what, from where, and what it came to', () => {
  const [fact] = factsFrom(entry({ reason: 'the release' }));
  expect(fact?.text).toBe(
    'Enter maintenance, release.manager@example.com (step 2): Shop is closed to everyone. Reason: the release',
  );
  const source = { kind: 'break-glass' };
  expect(factsFrom(entry({ source }))[0]?.text).toContain('(the break-glass command)');
  const moved = { kind: 'sheet', spreadsheetId: 'sheet-1' };
  expect(factsFrom(entry({ source: moved }))[0]?.text).toContain('(the release sheet)');
});

it('tell what nobody asked for by its sentence alone', () => {
  const message = 'The time of 192.0.2.10/32 (Ana) on the allowlist of Shop has ended; they are let in no more.';
  const { source: _none, action: _neither, ...expiry } = entry({ kind: 'expiry', by: 'reconciler', message });
  expect(factsFrom(expiry)[0]?.text).toBe(message);
});

it('say nothing twice', () => {
  const disarmed = entry({ kind: 'disarmed', message: 'Disarmed by release.manager@example.com. Nothing was run.' });
  expect(factsFrom(disarmed)[0]?.text).toBe('Step 2: Disarmed by release.manager@example.com. Nothing was run.');
  const named = entry({ message: 'release.manager@example.com took over.' });
  expect(factsFrom(named)[0]?.text).toBe('Enter maintenance (step 2): release.manager@example.com took over.');
});

it.each([
  ['what was asked in this channel', entry({ source: { kind: 'slack', channel: CHANNEL } }), 0],
  ['what was asked in another of our channels', entry({ source: { kind: 'slack', channel: 'C0OTHER' } }), 1],
  ['who was not let in', entry({ kind: 'not-admitted', source: { kind: 'slack', channel: CHANNEL } }), 0],
  ['a tester whose time ended, which nobody asked for', entry({ kind: 'expiry', source: undefined }), 1],
  ['a repair, which a notice tells', entry({ kind: 'repair', source: undefined }), 0],
  ['probes that got in, which a notice tells', entry({ kind: 'bypass', source: undefined }), 0],
  ['rules that cannot be read, which a notice tells', entry({ kind: 'unreadable', source: undefined }), 0],
  ['a step that was armed', entry({ kind: 'armed' }), 1],
  ['a step that was disarmed', entry({ kind: 'disarmed' }), 1],
  ['a step that was missed, which a notice tells', entry({ kind: 'disarmed', isMissed: true }), 0],
])('%s', (_what, one, count) => {
  expect(factsFrom(one)).toHaveLength(count);
});

it('are told from the oldest that may still say something else', () => {
  const done = entry({ at: '2026-11-22T00:40:00.000Z' });
  const open = entry({ state: 'accepted', at: '2026-11-22T00:41:00.000Z' });
  const newest = entry({ at: '2026-11-22T00:42:00.000Z' });
  expect(nextSince(factsFrom(done, open, newest), 'before')).toBe(open.at);
  expect(nextSince(factsFrom(done, newest), 'before')).toBe(newest.at);
  expect(nextSince([], 'before')).toBe('before');
  // What nobody proves has come to its end; and so has what was not proven in a day.
  expect(nextSince(factsFrom(entry({ state: 'accepted', unchecked: true }), newest), '')).toBe(newest.at);
  const old = entry({ state: 'accepted', at: '2026-11-20T00:00:00.000Z' });
  expect(nextSince(factsFrom(old, newest), '')).toBe(newest.at);
});

describe('armed steps', () => {
  const step = {
    operationId: 'production-0000000a',
    step: '2',
    service: 'shop',
    action: 'enter' as const,
    requestedBy: 'release.manager@example.com',
  };
  const sheetWith = (plannedStart: string) => ({
    ...{ spreadsheetId: 'sheet-1', name: 'Release 42', heardAt: '', hasIntents: false },
    armed: [{ ...step, plannedStart }],
  });
  const soon = (plannedStart: string, named = ['shop'], minutes = 60) =>
    soonFacts([sheetWith(plannedStart)], { now: NOW, minutes, membersOf: () => named });

  it('are told within the hour before they run, with who armed them, once for each time', () => {
    const [fact, ...others] = soon('2026-11-22T02:00:00.000Z', ['shop', 'payments']);
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      id: 'soon production-0000000a 2026-11-22T02:00:00.000Z',
      service: 'shop',
      text: 'Armed for 2026-11-22 02:00 UTC: step 2 of Release 42, Enter maintenance, shop; armed by release.manager@example.com.',
    });
  });

  it.each([
    ['later', '2026-11-22T02:00:01.000Z'],
    ['now', '2026-11-22T01:00:00.000Z'],
    ['before', '2026-11-22T00:59:00.000Z'],
  ])('are not told when they run %s', (_what, plannedStart) => {
    expect(soon(plannedStart)).toEqual([]);
  });

  it.each([
    [30, '2026-11-22T01:30:00.000Z', 1],
    [30, '2026-11-22T01:30:01.000Z', 0],
    [0, '2026-11-22T01:00:01.000Z', 0],
  ])('are told as many minutes before as the config says: %s', (minutes, plannedStart, count) => {
    expect(soon(plannedStart, ['shop'], minutes)).toHaveLength(count);
  });

  it('that close something stand in the channel too', () => {
    expect(soon('2026-11-22T01:30:00.000Z')[0]).toMatchObject({ isCall: true });
    const opening = sheetWith('2026-11-22T01:30:00.000Z').armed.map((one) => ({ ...one, action: 'exit' as const }));
    const sheet = { ...sheetWith(''), armed: opening };
    expect(soonFacts([sheet], { now: NOW, minutes: 60, membersOf: () => ['shop'] })[0]?.isCall).toBeUndefined();
  });

  it('of what the config does not know are not told', () => {
    expect(soon('2026-11-22T01:30:00.000Z', [])).toEqual([]);
  });
});

it('are remembered for some days, and a thousand of them: they are one item in the table', () => {
  const at = (index: number) => new Date(NOW - index * 60_000).toISOString();
  const many = Object.fromEntries(
    Array.from({ length: 1_500 }, (_none, index) => [`fact ${index}`, { ts: '1.1', said: 'x', at: at(index) }]),
  );
  const old = { ts: '1.1', said: 'x', at: '2026-11-01T00:00:00.000Z' };
  const kept = Object.keys(remembered({ ...many, old }, NOW));
  expect(kept).toHaveLength(1_000);
  expect(kept).toContain('fact 0');
  expect(kept).not.toContain('old');
  expect(kept).not.toContain('fact 1499');
});
