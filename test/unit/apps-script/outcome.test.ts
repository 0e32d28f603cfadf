import type { Answer } from '../../../apps-script/src/api-client.ts';
import { createEntry } from '../../../apps-script/src/entry-record.ts';
import { GIVE_UP_MS, type How, outcomeOf } from '../../../apps-script/src/outcome.ts';
import type { Operation } from '../../../contract/operation.ts';
import { accepted } from './drawbridge-api.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const entryAged = (ageMs: number) =>
  createEntry({
    id: 'op-000000000001',
    environment: 'production',
    spreadsheetId: 'sheet',
    step: '2',
    plannedStart: '',
    service: 'shop',
    action: 'Enter maintenance',
    requestedBy: 'a@example.com',
    at: NOW - ageMs,
    request: { service: 'shop', action: 'enter' },
  });
const outcome = (how: How, answer: Answer, ageMs = 1_000) =>
  outcomeOf(entryAged(ageMs), how, answer, { now: NOW, formatTime: (iso) => iso.slice(11, 19) });
const told = (more: Partial<Operation> = {}, acceptedAgoMs = 1_000): Answer => ({
  kind: 'operation',
  operation: {
    ...accepted(JSON.parse(entryAged(0).body), new Date(NOW - acceptedAgoMs).toISOString()),
    ...more,
  },
});
const problem = (code: string, status: number): Answer => ({ kind: 'problem', code, status, message: 'Because.' });

it('is Done only at verified', () => {
  const at = new Date(NOW).toISOString();
  expect(outcome('look', told({ state: 'pending' })).cells?.status).toBe('Running');
  expect(outcome('look', told()).cells?.status).toBe('Running');
  expect(outcome('look', told({ state: 'verified', verifiedAt: at }))).toMatchObject({
    isFinal: true,
    cells: { status: 'Done', finished: new Date(NOW) },
  });
});

it('is Unproven after five minutes without proof, and is looked after for a day', () => {
  expect(outcome('look', told({}, 5 * 60_000 + 1))).toMatchObject({ isFinal: false, cells: { status: 'Unproven' } });
  const aDay = 24 * 60 * 60_000 + 1;
  expect(outcome('look', told({}, aDay), aDay)).toMatchObject({ isFinal: true, cells: { status: 'Unproven' } });
});

it('is Unproven at once, with the reason, when nobody probes the service', () => {
  const none = told({ proof: { state: 'none', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 } });
  expect(outcome('first', none)).toMatchObject({
    isFinal: true,
    cells: { status: 'Unproven', result: expect.stringContaining('verification: none') },
  });
});

it('an unknown id is sent again while the server may still take it, and never run after that', () => {
  const unknown = problem('UNKNOWN_OPERATION', 404);
  expect(outcome('look', unknown)).toEqual({ entry: entryAged(1_000), isFinal: false, resend: true });
  expect(outcome('look', unknown, GIVE_UP_MS + 1)).toMatchObject({
    isFinal: true,
    cells: { status: 'Failed', result: expect.stringContaining('Nothing was run') },
  });
});

it.each(['STALE_REQUEST', 'NOT_OPERATOR', 'ILLEGAL_MOVE', 'ID_REUSED'])(
  '%s of a request is the end: Failed',
  (code) => {
    for (const how of ['first', 'again'] as const) {
      expect(outcome(how, problem(code, 409))).toMatchObject({ isFinal: true, cells: { status: 'Failed' } });
    }
  },
);

it.each([
  ['look', problem('INVALID_FIELD', 400)],
  ['look', { kind: 'denied', why: '401' }],
  ['look', { kind: 'unreachable', why: 'x' }],
  ['again', { kind: 'denied', why: '401' }],
  ['again', problem('TRY_AGAIN', 503)],
  ['first', problem('SLOW_DOWN', 429)],
  ['first', { kind: 'unreachable', why: 'x' }],
] as [How, Answer][])('%s: %j is never told as an end, as the request may have been run', (how, answer) => {
  const { isFinal, cells } = outcome(how, answer, 60 * 60_000);
  expect(isFinal).toBe(false);
  expect(cells?.result).toMatch(/don't know|cannot see/);
});

it('an unanswered look does not turn Unproven back into Running', () => {
  expect(outcome('look', { kind: 'unreachable', why: 'x' }).cells).not.toHaveProperty('status');
});

it('being shut out before anything was sent is Failed: nothing was run', () => {
  expect(outcome('first', { kind: 'denied', why: 'it answered 401' })).toMatchObject({
    isFinal: true,
    cells: { status: 'Failed', result: expect.stringContaining('Nothing was run') },
  });
});
