import type { Operation } from '../../../contract/operation-answer.ts';
import { ApiDownError } from '../../../ops/break-glass-api.ts';
import { EXIT } from '../../../ops/command.ts';
import { follow } from '../../../ops/follow.ts';
import { fakeTerminal } from './terminal.ts';

const PROOF: Operation['proof'] = { state: 'proving', probes: 5, agree: 0, disagree: 0, open: 0, unknown: 0 };
const operationIn = (state: Operation['state'], more: Partial<Operation> = {}): Operation => ({
  ...{
    operationId: 'op-1',
    service: 'shop',
    title: 'Shop',
    action: 'enter',
    mode: 'maintenance',
    state,
    changed: true,
  },
  ...{ revision: 1, requestedBy: 'arn', requestedAt: '', source: { kind: 'break-glass' }, targets: [], proof: PROOF },
  message: `it is ${state}`,
  ...more,
});

/** Follows through the answers, the last one for ever. */
async function following(first: Operation, answers: (Operation | Error)[] = []) {
  let now = 0;
  let asked = 0;
  const terminal = fakeTerminal();
  const code = await follow(first, {
    terminal,
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    api: {
      async operation() {
        const answer = answers[Math.min(asked, answers.length - 1)] as Operation | Error;
        asked += 1;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  });
  const { out, notes } = terminal.lines;
  return { code, asked, waitedMs: now, out, notes };
}

it('tells each sentence once, until it is proven', async () => {
  const accepted = operationIn('accepted');
  const told = await following(operationIn('pending'), [accepted, accepted, operationIn('verified')]);
  expect(told.out).toEqual(['it is pending', 'it is accepted', 'it is verified']);
  expect(told.code).toBe(EXIT.done);
});

it('asks again as soon as the answer says so, and after two seconds where it says nothing', async () => {
  const soon = operationIn('accepted', { again: { afterMs: 300 } });
  expect((await following(soon, [operationIn('verified')])).waitedMs).toBe(300);
  expect((await following(operationIn('accepted'), [operationIn('verified')])).waitedMs).toBe(2_000);
});

it('waits five minutes for the proof, then says that there is none', async () => {
  const told = await following(operationIn('accepted'), [operationIn('accepted')]);
  expect(told.code).toBe(EXIT.notProven);
  expect(told.notes.join()).toContain('Accepted, not proven');
  expect(told.waitedMs).toBe(5 * 60_000);
});

it('does not wait for a proof that the config has ruled out', async () => {
  const told = await following(operationIn('accepted', { proof: { ...PROOF, state: 'none' } }));
  expect(told).toMatchObject({ code: EXIT.notProven, asked: 0 });
});

it.each(['refused', 'superseded'] as const)('ends with an error when it was %s', async (state) => {
  expect((await following(operationIn('pending'), [operationIn(state)])).code).toBe(EXIT.failed);
});

it('goes on asking while the API is away: what was committed goes on without us', async () => {
  const told = await following(operationIn('pending'), [new ApiDownError('away'), operationIn('verified')]);
  expect(told.code).toBe(EXIT.done);
  expect(told.notes.join()).toContain('asking again');
});

it('tells a program only what it came to; the sentences are notes', async () => {
  const terminal = fakeTerminal();
  const api = { operation: async () => operationIn('verified') };
  const code = await follow(operationIn('accepted'), {
    api,
    terminal,
    now: () => 0,
    sleep: async () => {},
    json: true,
  });
  expect(code).toBe(EXIT.done);
  expect(terminal.lines.out.map((line) => JSON.parse(line).state)).toEqual(['verified']);
  expect(terminal.lines.notes).toEqual(['it is accepted', 'it is verified']);
});
