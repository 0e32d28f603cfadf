import fc from 'fast-check';
import type { Authority, Effect, PlanInputs } from '../../../apps-script/src/effects.ts';
import { AUTHORITY_MS, createEntry, type OutboxEntry } from '../../../apps-script/src/entry-record.ts';
import type { Known, KnownService } from '../../../apps-script/src/known-services.ts';
import { type Confirmation, confirmationKey, openBefore } from '../../../apps-script/src/on-plan.ts';
import { plan } from '../../../apps-script/src/plan.ts';
import { OWN_COLUMNS, type Rundown, readRundown, STATUSES } from '../../../apps-script/src/rundown.ts';
import { GRACE_MS } from '../../../contract/timing.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const CONTROLLER = 'drawbridge.controller@example.com';
const service = (name: string, title: string): KnownService => ({
  name,
  title,
  environment: 'production',
  isProduction: false,
  operators: ['a@example.com', 'b@example.com'],
});
const SHOP_SERVICE = service('shop', 'Shop');
const PAYMENTS_SERVICE = service('payments', 'Payments');
const KNOWN: Known = {
  services: [SHOP_SERVICE, PAYMENTS_SERVICE],
  groups: [{ name: 'storefront', title: 'Storefront', members: [SHOP_SERVICE, PAYMENTS_SERVICE] }],
};
const HEADERS = [
  'Step',
  'Planned start',
  'Service',
  'Action',
  'Status',
  'Result',
  'Started',
  'Finished',
  'By',
  'Operation',
];

interface Line {
  readonly service: string;
  readonly action: string;
  readonly status: string;
  readonly operation: string;
}

function rundownOf(lines: readonly Line[]): Rundown {
  const cells = lines.map(({ service, action, status, operation }, index) => [
    String(index + 1),
    '02:00',
    service,
    action,
    status,
    '',
    '',
    '',
    '',
    operation,
  ]);
  const reading = readRundown([HEADERS, ...cells]);
  if (!reading.ok) throw new Error(reading.message);
  return reading.rundown;
}

const knownWith = (isProduction: boolean): Known => ({
  ...KNOWN,
  services: KNOWN.services.map((one) => ({ ...one, isProduction })),
});
const confirmation = (step: string, { service, action }: Line, kind: Confirmation['kind']): Confirmation => ({
  key: confirmationKey({ step, service, action, plannedStart: '02:00' }),
  kind,
  user: 'a@example.com',
  at: NOW - 5_000,
});

const SHOP: Line = { service: 'shop', action: 'Enter maintenance', status: 'Go', operation: '' };
const inputs = (lines: readonly Line[], more: Partial<PlanInputs> = {}): PlanInputs => ({
  rundown: rundownOf(lines),
  entries: [],
  known: KNOWN,
  confirmations: [],
  formatTime: (iso) => iso,
  controller: CONTROLLER,
  now: NOW,
  ...more,
});
const by = (user: string, firstRow: number, lastRow = firstRow, typed?: string): Authority => ({
  firstRow,
  lastRow,
  coversStatus: true,
  user,
  typed,
});
const entryFor = (step: string, line: Line, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  ...createEntry({
    id: 'op-000000000001',
    environment: 'production',
    spreadsheetId: 'sheet',
    step,
    plannedStart: '02:00',
    service: line.service,
    action: line.action,
    requestedBy: 'first@example.com',
    at: NOW - 30_000,
    request: { service: 'shop', action: 'enter' },
  }),
  ...more,
});
const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind);

describe('authority that outlived its execution', () => {
  it('is used by whoever wakes up next, in the name of its person', () => {
    const entry = entryFor('1', SHOP);
    expect(plan(inputs([SHOP], { entries: [entry] }))).toMatchObject([{ kind: 'resume', entries: [entry] }]);
  });

  it('gives way to a person whose own event covers the cell', () => {
    const effects = plan(inputs([SHOP], { entries: [entryFor('1', SHOP)], authority: by('second@example.com', 2) }));
    expect(effects).toMatchObject([{ kind: 'start', requestedBy: 'second@example.com' }, { kind: 'forget' }]);
  });

  it.each([
    ['older than two minutes', { at: NOW - AUTHORITY_MS - 1 }, ['unseen', 'forget']],
    ['for another service', { service: 'payments' }, ['unseen']],
    ['for another action', { action: 'Exit maintenance' }, ['unseen']],
    ['for another time', { plannedStart: '03:00' }, ['unseen']],
  ])('is not used when it is %s', (_what, more, expected) => {
    expect(kinds(plan(inputs([SHOP], { entries: [entryFor('1', SHOP, more)] })))).toEqual(expected);
  });
});

describe('a row that was marked by an execution that died', () => {
  const marked = { ...SHOP, status: 'Running', operation: 'op-000000000001' };

  it('is finished by the tick', () => {
    expect(kinds(plan(inputs([marked], { entries: [entryFor('1', SHOP)] })))).toEqual(['resume']);
  });

  it('is put back when its authority is too old', () => {
    const old = entryFor('1', SHOP, { at: NOW - AUTHORITY_MS - 1 });
    expect(plan(inputs([marked], { entries: [old] }))).toMatchObject([
      { kind: 'tell', cells: { status: 'Planned', operation: '' } },
      { kind: 'forget' },
    ]);
  });

  it('is put back when the mark stands in the wrong row, and the right one is finished', () => {
    const wrong = { ...marked, service: 'payments' };
    const effects = plan(inputs([wrong, SHOP], { entries: [entryFor('2', SHOP)] }));
    expect(effects).toMatchObject([
      { kind: 'tell', row: { number: 2 }, cells: { status: 'Planned', operation: '' } },
      { kind: 'resume', row: { number: 3 } },
    ]);
  });
});

it('finds a service by its name or its title, in any case', () => {
  for (const service of ['SHOP', ' shop ', 'Shop']) {
    const effects = plan(inputs([{ ...SHOP, service }], { authority: by('a@example.com', 2) }));
    expect(effects).toMatchObject([{ kind: 'start', named: { members: [{ name: 'shop' }] } }]);
  }
});

it('keeps away from people’s own steps, whatever their Status', () => {
  const own = STATUSES.filter((status) => status !== 'Go').map((status) => ({
    ...SHOP,
    service: '',
    action: '',
    status,
  }));
  expect(plan(inputs(own, { authority: by('a@example.com', 2, 20) }))).toEqual([]);
  expect(plan(inputs(own))).toEqual([]);
});

/** Any rundown, any event, any outbox. */
const anyInputs = fc
  .record({
    lines: fc.array(
      fc.record({
        service: fc.constantFrom('shop', 'payments', 'unknown', ''),
        action: fc.constantFrom('Enter maintenance', 'Exit maintenance', 'nonsense', ''),
        status: fc.constantFrom(...STATUSES, '', 'go '),
        operation: fc.constantFrom('', 'op-000000000001', 'op-000000000002', 'x'),
      }),
      { maxLength: 6 },
    ),
    user: fc.constantFrom('a@example.com', '', CONTROLLER, CONTROLLER.toUpperCase()),
    typed: fc.constantFrom(undefined, 'Go', 'Planned'),
    from: fc.integer({ min: 1, max: 7 }),
    length: fc.integer({ min: 0, max: 4 }),
    isTick: fc.boolean(),
    coversStatus: fc.boolean(),
    isProduction: fc.boolean(),
    confirmed: fc.constantFrom(undefined, 'off-plan' as const, 'take-over' as const),
    entries: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('op-000000000001', 'op-000000000002'),
        step: fc.constantFrom('1', '2', '3'),
        service: fc.constantFrom('shop', 'payments'),
        phase: fc.constantFrom('claiming' as const, 'sent' as const, 'armed' as const),
        age: fc.constantFrom(0, 60_000, 3 * 60_000, 10 * 60_000),
      }),
      { selector: ({ id }) => id },
    ),
  })
  .map(({ lines, user, typed, from, length, isTick, coversStatus, isProduction, confirmed, entries }) =>
    inputs(lines, {
      authority: isTick ? undefined : { ...by(user, from, from + length, typed), coversStatus },
      known: knownWith(isProduction),
      confirmations: confirmed ? lines.map((line, at) => confirmation(String(at + 1), line, confirmed)) : [],
      entries: entries.map(({ id, step, service, phase, age }) =>
        entryFor(step, { ...SHOP, service }, { id, phase, at: NOW - age }),
      ),
    }),
  );

const always = (holds: (effects: Effect[], given: PlanInputs) => void) =>
  fc.assert(
    fc.property(anyInputs, (given) => holds(plan(given), given)),
    { numRuns: 2_000 },
  );

describe('whatever the rundown, the event and the outbox', () => {
  it('runs only a Go or what is armed, and never one row twice', () => {
    always((effects) => {
      const rows = effects.flatMap((effect) =>
        effect.kind === 'start' || (effect.kind === 'resume' && effect.row.status !== 'Running') ? [effect.row] : [],
      );
      for (const row of rows) expect(['go', 'scheduled']).toContain(row.status.trim().toLowerCase());
      for (const effect of effects)
        if (effect.kind === 'start') expect(effect.row.status.trim().toLowerCase()).toBe('go');
      const numbers = effects.flatMap((effect) =>
        effect.kind === 'start' || effect.kind === 'fire' || effect.kind === 'resume' ? [effect.row.number] : [],
      );
      expect(new Set(numbers).size).toBe(numbers.length);
    });
  });

  it('never starts a row whose own operation may still be running', () => {
    always((effects, { entries, now }) => {
      for (const effect of effects) {
        if (effect.kind !== 'start') continue;
        const live = entries.find(({ id, phase }) => phase === 'sent' && id === effect.row.operation);
        if (live) expect(now - live.at).toBeGreaterThan(5 * 60_000);
      }
    });
  });

  it('asks in the name of the person whose event set the cell, and of nobody else', () => {
    always((effects, { authority }) => {
      for (const effect of effects) {
        if (effect.kind !== 'start') continue;
        expect(effect.requestedBy).toBe('a@example.com');
        expect(effect.row.number).toBeGreaterThanOrEqual(authority?.firstRow ?? Number.POSITIVE_INFINITY);
        expect(effect.row.number).toBeLessThanOrEqual(authority?.lastRow ?? 0);
        expect(authority?.typed).not.toBe('Planned');
      }
    });
  });

  it('resumes only what was seen less than two minutes ago, for exactly that row', () => {
    always((effects, { now }) => {
      for (const effect of effects) {
        if (effect.kind !== 'resume') continue;
        const { row } = effect;
        const entry = effect.entries[0] as OutboxEntry;
        expect(entry.phase).toBe('claiming');
        expect(now - entry.at).toBeLessThanOrEqual(AUTHORITY_MS);
        expect([row.step, row.service, row.action]).toEqual([entry.step, entry.service, entry.action]);
      }
    });
  });

  it('starts no two steps of one service together', () => {
    always((effects) => {
      const names = effects.flatMap((effect) =>
        effect.kind === 'start' ? effect.named.members.map(({ name }) => name) : [],
      );
      expect(new Set(names).size).toBe(names.length);
    });
  });

  it('writes only its own columns, and never a status without a sentence', () => {
    always((effects) => {
      for (const effect of effects) {
        if (effect.kind !== 'tell') continue;
        for (const name of Object.keys(effect.cells)) expect(OWN_COLUMNS).toContain(name);
        if (effect.cells.status !== undefined) expect(effect.cells.result).toEqual(expect.stringMatching(/.{20}/));
      }
    });
  });

  it('leaves no covered Go without an answer, unless the event says that something else was typed', () => {
    always((effects, { rundown, authority }) => {
      if (!authority?.coversStatus || authority.typed === 'Planned') return;
      for (const row of rundown.rows) {
        const isCovered = row.number >= authority.firstRow && row.number <= authority.lastRow;
        if (!isCovered || row.status.trim().toLowerCase() !== 'go') continue;
        const answered = effects.some((effect) => 'row' in effect && effect.row === row && effect.kind !== 'unseen');
        expect(answered).toBe(true);
      }
    });
  });

  it('arms and starts only in the name of the person whose event covered that Status', () => {
    always((effects, { authority }) => {
      for (const effect of effects) {
        if (effect.kind !== 'start' && effect.kind !== 'arm') continue;
        expect(authority?.coversStatus).toBe(true);
        expect(effect.requestedBy).toBe(authority?.user);
        expect(effect.requestedBy).toBe('a@example.com');
      }
    });
  });

  it('fires only what is armed, due, and asked for as it was when it was armed', () => {
    always((effects, { entries, now, authority }) => {
      for (const effect of effects) {
        if (effect.kind !== 'fire') continue;
        const { entry, row } = effect;
        expect(authority).toBeUndefined();
        expect(entries).toContain(entry);
        expect(entry.phase).toBe('armed');
        expect(entry.at).toBeLessThanOrEqual(now);
        expect(now - entry.at).toBeLessThanOrEqual(GRACE_MS);
        expect([row.step, row.service, row.action, row.plannedStart]).toEqual([
          entry.step,
          entry.service,
          entry.action,
          entry.plannedStart,
        ]);
      }
    });
  });

  it('never arms or starts over an operation that may still be running', () => {
    always((effects, { entries, now }) => {
      for (const effect of effects) {
        if (effect.kind !== 'start' && effect.kind !== 'arm') continue;
        const live = entries.find(({ id, phase }) => id === effect.row.operation && phase === 'sent');
        if (live) expect(now - live.at).toBeGreaterThan(5 * 60_000);
      }
    });
  });

  it('in production runs nothing before an earlier open step of its service without a second Go', () => {
    always((effects, { rundown, known, confirmations }) => {
      if (!known.services[0]?.isProduction || confirmations.length > 0) return;
      for (const effect of effects) {
        if (effect.kind !== 'start' && effect.kind !== 'fire') continue;
        if (effect.kind === 'start' && effect.action === 'exit') continue;
        expect(openBefore(rundown, effect.row, known)).toEqual([]);
      }
    });
  });
});
