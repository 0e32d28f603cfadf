import fc from 'fast-check';
import { STATUSES } from '../../../../contract/status.ts';
import { planKey } from '../../../../contract/sync.ts';
import type { EditEvent } from '../../../../contract/sync-request.ts';
import type { Armed, Run, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import type { PlanInputs, PlannedStep } from '../../../../lambda/src/rundown/plan/effects.ts';
import { stepsBefore } from '../../../../lambda/src/rundown/plan/off-plan.ts';
import { planSteps } from '../../../../lambda/src/rundown/plan/plan.ts';
import { type Row, rundownRow } from '../../../../lambda/src/rundown/plan/row.ts';
import { CONTROLLER, createWorld, MINUTE_MS, START } from './terminal.ts';

/** The planner alone: any rows, any records, any event. */

const PERSON = 'release.manager@example.com';
const ID = 'production-00000001';
const known = knownServices(createWorld().deps.config);
const isoAt = (ms: number) => new Date(ms).toISOString();

const anyStep = fc.record({
  service: fc.constantFrom('shop', 'payments', 'storefront', 'unknown', ''),
  action: fc.constantFrom('Enter maintenance', 'Exit maintenance', 'nonsense', ''),
  status: fc.constantFrom(...STATUSES, '', 'go '),
  /** Minutes from now. */
  planned: fc.constantFrom(undefined, -40, -12, -1, 0, 5, 60),
  is: fc.constantFrom('new', 'armed', 'moved', 'running', 'done'),
});

const anyInputs = fc.record({
  steps: fc.array(anyStep, { maxLength: 6 }),
  by: fc.constantFrom(PERSON, PERSON, '', CONTROLLER, CONTROLLER.toUpperCase()),
  typed: fc.constantFrom(undefined, 'Go', 'Planned'),
  from: fc.integer({ min: 1, max: 7 }),
  length: fc.integer({ min: 0, max: 4 }),
  isTick: fc.boolean(),
  coversStatus: fc.boolean(),
  isProduction: fc.boolean(),
  seenAgo: fc.constantFrom(0, MINUTE_MS, 3 * MINUTE_MS),
});

interface Played {
  readonly given: PlanInputs;
  readonly planned: PlannedStep[];
  readonly rows: Row[];
}

function play(any: typeof anyInputs extends fc.Arbitrary<infer T> ? T : never): Played {
  const rows = any.steps.map(({ planned, is: _is, ...step }, index) => {
    const plannedStart = planned === undefined ? { text: '' } : { text: 't', at: isoAt(START + planned * MINUTE_MS) };
    const blank = { result: '', started: '', finished: '', by: '', operation: '' };
    return rundownRow({ ...blank, ...step, row: index + 2, step: String(index + 1), plannedStart });
  });
  const records = any.steps.map(({ is }, index) => recordOf(rows[index] as Row, is));
  const edit: EditEvent = {
    tab: 'rundown',
    by: any.by,
    rows: Array.from({ length: any.length + 1 }, (_row, at) => any.from + at),
    coversStatus: any.coversStatus,
    coversPlan: false,
    seenAt: isoAt(START - any.seenAgo),
    ...(any.typed === undefined ? {} : { typed: any.typed }),
  };
  let made = 1;
  const given: PlanInputs = {
    sheet: { timeZone: 'Etc/UTC' } as PlanInputs['sheet'],
    known,
    isProduction: any.isProduction,
    onPlanMs: 10 * 60_000,
    ...(any.isTick ? {} : { edit }),
    syncId: 'sync-2',
    controller: CONTROLLER,
    readAt: START,
    now: START,
    runOf: () => undefined,
    openedSince: () => undefined,
    conflictsOf: () => [],
    newId: () => `production-0000001${made++}`,
  };
  const steps = rows.map((row, index) => ({ row, record: records[index] as StepRecord }));
  return { given, rows, planned: planSteps(steps, given) };
}

function recordOf(row: Row, is: string): StepRecord {
  const { row: at, step, plannedStart, service, action, status, operation, result, started, finished, by } = row;
  const run: Run = {
    id: ID,
    operations: [{ operationId: ID, service }],
    requestedBy: PERSON,
    startedAt: isoAt(START - MINUTE_MS),
    isOver: is === 'done',
    syncId: 'sync-1',
  };
  const armed: Armed = {
    id: ID,
    requestedBy: PERSON,
    armedAt: isoAt(START - 60 * MINUTE_MS),
    at: is === 'moved' ? isoAt(START - 5 * MINUTE_MS) : (plannedStart.at ?? isoAt(START)),
    step,
    service,
    action: row.meant ?? 'enter',
    text: plannedStart.text,
    timeZone: 'Etc/UTC',
  };
  return {
    key: String(at),
    tab: 'rundown',
    version: 1,
    seen: { row: at, step, plannedStart, service, action, status: 'Planned', operation },
    told: [],
    decided: { status, result, started, finished: is === 'done' ? isoAt(START - 1) : finished, by, operation },
    isAnswered: false,
    intents: {},
    ...(is === 'running' || is === 'done' ? { run } : {}),
    ...(is === 'armed' || is === 'moved' ? { armed } : {}),
  };
}

const always = (holds: (played: Played) => void) =>
  fc.assert(
    fc.property(anyInputs, (any) => holds(play(any))),
    { numRuns: 800 },
  );
const isGo = (row: Row | undefined) => row?.word === 'Go';
const startsOf = ({ planned }: Played) =>
  planned.flatMap(({ row, record, effect }) =>
    effect.kind === 'start' && row ? [{ row, record, ...effect.start }] : [],
  );
const OWN_COLUMNS = ['status', 'result', 'started', 'finished', 'by', 'operation'];

describe('whatever the rundown, the event and what is known of its steps', () => {
  it('runs only a Go or what is armed, and never one row twice', () => {
    always((played) => {
      const starts = startsOf(played);
      for (const { row, record, armed } of starts) {
        if (armed) expect([row.word, armed]).toEqual(['Scheduled', record.armed]);
        else expect(isGo(row)).toBe(true);
      }
      expect(new Set(starts.map(({ row }) => row.row)).size).toBe(starts.length);
    });
  });

  it('asks in the name of the person whose event set the cell, and of nobody else', () => {
    always((played) => {
      const { edit } = played.given;
      for (const { row, requestedBy, armed } of startsOf(played)) {
        if (armed) continue;
        expect(requestedBy).toBe(PERSON);
        expect(edit?.by).toBe(PERSON);
        expect(edit?.coversStatus && edit.rows.includes(row.row)).toBe(true);
        expect(edit?.typed).not.toBe('Planned');
      }
    });
  });

  it('runs nothing that was seen more than two minutes ago', () => {
    always((played) => {
      const seenAt = Date.parse(played.given.edit?.seenAt ?? '');
      for (const { armed } of startsOf(played)) if (!armed) expect(START - seenAt).toBeLessThanOrEqual(2 * MINUTE_MS);
    });
  });

  it('starts no two steps of one service together', () => {
    always((played) => {
      const names = startsOf(played).flatMap(({ named, armed }) =>
        armed ? [] : named.members.map(({ name }) => name),
      );
      expect(new Set(names).size).toBe(names.length);
    });
  });

  it('writes only its own columns, and never a status without a sentence', () => {
    always(({ planned }) => {
      for (const { effect: outer } of planned) {
        const effect = outer.kind === 'wait' ? outer.otherwise : outer;
        if (effect.kind !== 'answer' && effect.kind !== 'disarm') continue;
        for (const name of Object.keys(effect.cells)) expect(OWN_COLUMNS).toContain(name);
        if (effect.cells.status !== undefined) expect(effect.cells.result).toEqual(expect.stringMatching(/.{20}/));
      }
    });
  });

  it('leaves no covered Go without an answer, unless the event says that something else was typed', () => {
    always(({ planned, given: { edit } }) => {
      if (!edit?.coversStatus || edit.typed === 'Planned') return;
      for (const { row, record, effect } of planned) {
        const isLive = record.run !== undefined && !record.run.isOver;
        if (!row || !edit.rows.includes(row.row) || !isGo(row) || isLive) continue;
        expect(['start', 'answer']).toContain(effect.kind);
      }
    });
  });

  it('arms only in the name of the person whose event covered that Status', () => {
    always(({ planned, given: { edit } }) => {
      for (const { row, effect } of planned) {
        if (effect.kind !== 'arm' || effect.note.kind !== 'armed') continue;
        expect(edit?.coversStatus && row && edit.rows.includes(row.row)).toBe(true);
        expect([effect.armed.requestedBy, edit?.by]).toEqual([PERSON, PERSON]);
      }
    });
  });

  it('fires only what is armed, due, and asked for as it was when it was armed', () => {
    always((played) => {
      for (const { row, armed } of startsOf(played)) {
        if (!armed) continue;
        const late = START - Date.parse(armed.at);
        expect(late >= 0 && late <= 10 * MINUTE_MS).toBe(true);
        const asArmed = { step: armed.step, plannedStart: { text: armed.text, at: armed.at }, service: armed.service };
        expect(row.plan).toBe(planKey({ ...asArmed, action: row.action }));
        expect(row.meant).toBe(armed.action);
      }
    });
  });

  it('never arms or starts over an operation that may still be running', () => {
    always(({ planned }) => {
      for (const { record, effect } of planned) {
        if (effect.kind !== 'start' && effect.kind !== 'arm') continue;
        expect(record.run === undefined || record.run.isOver).toBe(true);
      }
    });
  });

  it('in production runs nothing before an earlier open step of its service without a second Go', () => {
    always((played) => {
      const { given, rows } = played;
      if (!given.isProduction) return;
      for (const { row, action, armed } of startsOf(played)) {
        if (action === 'exit' && !armed) continue;
        expect(stepsBefore({ rows, known }, row)).toEqual([]);
      }
    });
  });

  it('keeps away from people’s own steps, whatever their Status', () => {
    always(({ planned }) => {
      for (const { row, effect } of planned) if (row?.action === '') expect(effect.kind).not.toBe('start');
    });
  });
});
