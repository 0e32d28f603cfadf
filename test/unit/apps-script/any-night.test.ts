import fc from 'fast-check';
import { type Cut, editEvent, OWNER } from './google.ts';
import { builtCode, DUTY, MANAGER, MINUTE_MS, Night, SHEET } from './night.ts';

/** Any sheet, any order of edits, ticks, faults and deaths: what must hold in every night. */

let code: string;
beforeAll(async () => {
  code = await builtCode();
});

const STEPS = [2, 5, 7, 8, 9, 10];
const PEOPLE = [MANAGER, DUTY, 'intern@example.com', '', OWNER];

const step = fc.constantFrom(...STEPS);
const user = fc.constantFrom(...PEOPLE);
const cut = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 45 }), side: fc.constantFrom('before' as const, 'after' as const) }),
  { nil: undefined, freq: 3 },
);

type Event =
  | {
      kind: 'status';
      step: number;
      value: string;
      user: string;
      cut?: Cut | undefined;
      isLost: boolean;
      isDouble: boolean;
    }
  | { kind: 'move'; step: number; minutes: number; user: string; isLost: boolean }
  | { kind: 'minute'; cut?: Cut | undefined; isDouble: boolean }
  | { kind: 'sort' | 'copy' | 'clear-id'; step: number }
  | { kind: 'fault'; answer: 'no answer' | 500 | 429 | 409 | undefined };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      step,
      user,
      value: fc.constantFrom('Go', 'Go', 'Go', 'Scheduled', 'Scheduled', 'Planned', 'Running', 'Done', 'Skipped'),
      cut,
      isLost: fc.boolean(),
      isDouble: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      step,
      user,
      minutes: fc.integer({ min: -5, max: 20 }),
      isLost: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('minute' as const), cut, isDouble: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('sort' as const, 'copy' as const, 'clear-id' as const), step }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      answer: fc.constantFrom('no answer' as const, 500 as const, 429 as const, 409 as const, undefined),
    }),
  },
);

/** A night, with what people were seen to do in it. */
class Played {
  readonly night: Night;
  /** Whose event set that Status of that step. */
  readonly seen: { step: string; user: string }[] = [];

  constructor(isProduction: boolean) {
    this.night = new Night(code, { isProduction });
    this.night.google.now += 30_000;
  }

  private find(wanted: number): number | undefined {
    const column = this.night.column('Step') - 1;
    const at = this.night.cells.findIndex((line, row) => row > 0 && line[column] === String(wanted));
    return at < 0 ? undefined : at + 1;
  }

  play(event: Event): void {
    const { google, api } = this.night;
    switch (event.kind) {
      case 'status': {
        const row = this.find(event.step);
        if (row === undefined) return;
        const column = this.night.column('Status');
        if (event.isLost) {
          google.type(SHEET, row, column, [[event.value]]);
          return;
        }
        if (event.value === 'Go' || event.value === 'Scheduled')
          this.seen.push({ step: String(event.step), user: event.user });
        google.edit(SHEET, row, column, [[event.value]], event.user, { cut: event.cut, value: !event.isDouble });
        if (event.isDouble) this.heardAgain(row, column, event.user);
        return;
      }
      case 'move': {
        const row = this.find(event.step);
        if (row === undefined) return;
        const when = new Date(google.now + event.minutes * MINUTE_MS);
        const column = this.night.column('Planned start');
        if (event.isLost) google.type(SHEET, row, column, [[when]]);
        else google.edit(SHEET, row, column, [[when]], event.user);
        return;
      }
      case 'minute':
        this.night.minute(event.cut);
        if (event.isDouble) google.run('onMinute');
        return;
      case 'sort': {
        const [header, ...rows] = this.night.cells;
        const column = event.step % 3;
        rows.sort((a, b) => String(a[column]).localeCompare(String(b[column])));
        google.books.get(SHEET)?.set('Rundown', [header as never, ...rows]);
        return;
      }
      case 'copy': {
        const row = this.find(event.step);
        if (row !== undefined) this.night.cells.push([...(this.night.cells[row - 1] as never[])]);
        return;
      }
      case 'clear-id': {
        const row = this.find(event.step);
        if (row !== undefined) google.type(SHEET, row, this.night.column('Operation'), [['']]);
        return;
      }
      case 'fault': {
        const { answer } = event;
        api.fault = (request) => {
          if (answer === undefined || request.url.includes('oauth2')) return undefined;
          if (answer === 'no answer') return answer;
          if (answer === 409 && request.method !== 'post') return undefined;
          return { status: answer, body: JSON.stringify({ code: CODES[answer], message: 'As it is.' }) };
        };
      }
    }
  }

  /** The event comes a second time. */
  private heardAgain(row: number, column: number, user: string): void {
    this.night.google.run('onRundownEdit', editEvent({ book: SHEET, row, column, user }));
  }
}

const CODES = { 500: 'INTERNAL', 429: 'SLOW_DOWN', 409: 'HELD_BY_OTHER' } as const;

const nights = fc.record({ isProduction: fc.boolean(), events: fc.array(event, { minLength: 3, maxLength: 14 }) });

const rowsOf = ({ night }: Played) => {
  const at = (header: string) => night.column(header) - 1;
  return night.cells.slice(1).map((line) => ({
    step: String(line[at('Step')]),
    task: String(line[at('Task')]),
    status: String(line[at('Status')]),
    result: String(line[at('Result')]),
    operation: String(line[at('Operation')]),
  }));
};

/** What must hold after each event; `ended` only when half an hour has passed since the last of them. */
interface Law {
  readonly name: string;
  readonly during?: (played: Played) => void;
  readonly ended?: (played: Played) => void;
}

const TASKS_OF = (played: Played) => rowsOf(played).map(({ step: one, task }) => [one, task]);

const LAWS: readonly Law[] = [
  {
    name: 'what the script calls Done has a verified operation',
    during(played) {
      const items = played.night.api.items();
      for (const { status, operation, result } of rowsOf(played)) {
        // A person may have typed Done over anything; what we wrote tells of the probes.
        if (status !== 'Done' || operation === '' || !/probes? from outside agree/.test(result)) continue;
        const own = items.find(({ pk }) => pk === `OPERATION#${operation}`) as { service: string; evidence: number };
        const proofs = items.filter(({ pk, sk }) => pk === `SERVICE#${own.service}` && String(sk).startsWith('PROOF#'));
        const proof = proofs.find(({ sk }) => Number(String(sk).slice('PROOF#'.length)) === own.evidence);
        expect(proof).toMatchObject({ proof: { state: 'verified' } });
      }
    },
  },
  {
    name: 'whoever is named as having asked was seen to ask for that very step',
    during({ night, seen }) {
      for (const { requestedBy, source } of night.api.received) {
        expect(seen).toContainEqual({ step: source.step, user: requestedBy });
        expect([MANAGER, DUTY, 'intern@example.com']).toContain(requestedBy);
      }
    },
  },
  {
    name: 'no id is asked for twice, and no step has two operations alive',
    during({ night }) {
      const ids = night.api.received.map(({ operationId }) => operationId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { pk, sk, run, intents } of night.api.items()) {
        if (!String(pk).startsWith('RUNDOWN#') || !run) continue;
        const known = (run as { operations: { operationId: string }[] }).operations.map((one) => one.operationId);
        const asked = Object.keys((intents as object) ?? {});
        expect([sk, asked.filter((id) => !known.includes(id))]).toEqual([sk, []]);
      }
    },
  },
  {
    name: 'no row is lost, and what people wrote stays as it is',
    ended(played) {
      const now = TASKS_OF(played);
      for (const one of TASKS_OF(new Played(false))) expect(now).toContainEqual(one);
    },
  },
  {
    name: 'half an hour later no Go is unanswered, nothing is running, and only what says Scheduled is armed',
    ended(played) {
      const statuses = rowsOf(played).map(({ status }) => status);
      expect(statuses).not.toContain('Go');
      expect(statuses).not.toContain('Running');
      const armed = played.night.api.items().filter((item) => item.armed !== undefined);
      expect(armed.length).toBe(statuses.filter((status) => status === 'Scheduled').length);
    },
  },
];

const NIGHTS = 16;
const MINUTES_AFTER = 30;
const SEED = Date.now() % 2 ** 31;
const broken = new Map<string, string>();

/** Every law in the same nights: playing them is what takes time. */
beforeAll(() => {
  for (const { isProduction, events } of fc.sample(nights, { numRuns: NIGHTS, seed: SEED })) {
    const played = new Played(isProduction);
    const check = (which: 'during' | 'ended') => {
      for (const { name, [which]: law } of LAWS) {
        try {
          law?.(played);
        } catch (error) {
          const story = `seed ${SEED}: ${JSON.stringify({ isProduction, events })}\n${(error as Error).message}`;
          if (!broken.has(name)) broken.set(name, story);
        }
      }
    };
    for (const one of events) {
      played.play(one);
      check('during');
    }
    played.night.api.fault = undefined;
    for (let minute = 0; minute < MINUTES_AFTER; minute += 1) played.night.minute();
    check('during');
    check('ended');
  }
}, 120_000);

it.each(LAWS.map(({ name }) => name))('%s', (name) => {
  expect(broken.get(name)).toBeUndefined();
});
