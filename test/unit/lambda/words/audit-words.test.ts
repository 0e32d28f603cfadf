import type { AuditEntry } from '../../../../contract/audit.ts';
import { detailsOf, lateness, outcomeWords, spell, whatWords } from '../../../../lambda/src/words/audit-words.ts';
import {
  dateMinuteUtc,
  dateSecondUtc,
  longMinuteUtc,
  minuteUtc,
  secondUtc,
} from '../../../../lambda/src/words/times.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

it.each([
  [0, '0 s'],
  [1_400, '1 s'],
  [119 * SECOND, '119 s'],
  [2 * MINUTE, '2 min'],
  [119 * MINUTE, '119 min'],
  [120 * MINUTE, '2 h 0 min'],
  [185 * MINUTE, '3 h 5 min'],
])('%i ms are told as %s', (ms, words) => expect(spell(ms)).toBe(words));

it.each([
  [0, 'on time'],
  [MINUTE - 1, 'on time'],
  [MINUTE, '60 s late'],
  [-MINUTE + 1, 'on time'],
  [-5 * MINUTE, '5 min early'],
])('%i ms after its time is %s', (ms, words) => expect(lateness(ms)).toBe(words));

const entry = (more: Partial<AuditEntry>) => ({ kind: 'operation', message: 'Closed.', ...more }) as AuditEntry;

it.each<[Partial<AuditEntry>, string]>([
  [{ state: 'verified', changed: true }, 'Done'],
  [{ state: 'verified', changed: false }, 'Done (so already)'],
  [{ state: 'refused', changed: false }, 'Refused'],
  [{ state: 'superseded' }, 'Superseded'],
  [{ state: 'accepted' }, 'Unproven'],
  [{ state: 'accepted', unchecked: true }, 'Accepted'],
  [{ state: 'pending', unchecked: true }, 'Unproven'],
  [{}, ''],
])('an operation that is %j came to: %s', (more, words) => expect(outcomeWords(entry(more))).toBe(words));

it.each<[Partial<AuditEntry>, string]>([
  [{ action: 'enter' }, 'Enter maintenance'],
  [{}, 'Operation'],
  [{ kind: 'armed', action: 'enter' }, 'Armed'],
  [{ kind: 'expiry' }, 'Tester’s time ended'],
])('%j is called: %s', (more, words) => expect(whatWords(entry(more))).toBe(words));

it('a reason stands behind what happened', () => {
  expect([detailsOf(entry({})), detailsOf(entry({ reason: 'the sheet is down' }))]).toEqual([
    ...['Closed.', 'Closed. Reason: the sheet is down'],
  ]);
});

it('times are told in UTC, with the day where they are read on another one', () => {
  const iso = '2026-11-22T02:05:07.999+01:00';
  expect([secondUtc, minuteUtc, dateSecondUtc, dateMinuteUtc, longMinuteUtc].map((words) => words(iso))).toEqual([
    ...['01:05:07 UTC', '01:05 UTC', '2026-11-22 01:05:07 UTC', '2026-11-22 01:05 UTC', 'Sun, 22 Nov 2026, 01:05 UTC'],
  ]);
  expect([secondUtc(''), longMinuteUtc('')]).toEqual(['just now', '']);
});
