import type { AuditEntry } from '../../../../contract/audit.ts';
import type { ServiceStatus } from '../../../../contract/services.ts';
import type { StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { auditTable, entriesOf, touchedBy } from '../../../../lambda/src/rundown/audit-table.ts';
import { servicesTable } from '../../../../lambda/src/rundown/services-table.ts';
import { at, MANAGER, START } from './terminal.ts';

/** What the tabs Audit and Services say, column by column. */

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ service: 'shop', revision: 1, operationId: 'production-1', kind: 'operation', action: 'enter' as const },
  ...{
    state: 'verified' as const,
    changed: true,
    by: MANAGER,
    at: at(6, 30),
    verifiedAt: at(7, 0),
    message: 'Closed.',
  },
  ...{ source: { kind: 'sheet', spreadsheetId: 'release-42', step: '2' }, ...more },
});
const step = (name: string, minute: number, operationId = ''): StepRecord =>
  ({
    seen: { step: name, plannedStart: { text: '', at: at(minute) } },
    run: operationId === '' ? undefined : { operations: [{ operationId }] },
  }) as unknown as StepRecord;
const linesOf = (entries: readonly AuditEntry[], steps: readonly StepRecord[] = [], now = START) => {
  const { headers, rows } = auditTable(entries, steps, now);
  return rows.map((row) => Object.fromEntries(row.map((cell, column) => [headers[column], cell])));
};

describe('the tab Audit', () => {
  it('tells an operation with who, what came of it, how long it took and how late it was', () => {
    expect(linesOf([entry()], [step('2', 60), step('9', 5, 'production-1')])).toEqual([
      {
        ...{ At: { at: at(6, 30) }, Who: MANAGER, What: 'Enter maintenance', Service: 'shop', Step: '2' },
        ...{ Outcome: 'Done', Took: '30 s', Planned: { at: at(5) }, 'Late by': '90 s late' },
        ...{ Details: 'Closed.', Operation: 'production-1' },
      },
    ]);
  });

  it('knows the plan of a step that was run again by its name, and of one that is gone nothing', () => {
    expect(linesOf([entry()], [step('', 1), step('2', 6)])).toMatchObject([
      { Planned: { at: at(6) }, 'Late by': 'on time' },
    ]);
    expect(linesOf([entry({ source: { kind: 'sheet', step: '' } })], [step('', 1)])).toMatchObject([
      { Planned: '', 'Late by': '', Step: '' },
    ]);
    expect(linesOf([entry({ source: { kind: 'slack', step: '2' } })], [step('2', 6)])).toMatchObject([{ Planned: '' }]);
  });

  it('tells of what was armed for when, without calling it late', () => {
    expect(linesOf([entry({ kind: 'armed', state: undefined, plannedAt: at(30) })])).toMatchObject([
      { What: 'Armed', Planned: { at: at(30) }, 'Late by': '', Outcome: '' },
    ]);
  });

  it.each<[string, Partial<AuditEntry>, object]>([
    ['what was so already took no time', { changed: false }, { Took: '' }],
    ['what is not proven took none yet', { state: 'accepted', unchecked: true, verifiedAt: undefined }, { Took: '' }],
    ['what was not run has no operation', { kind: 'not-run' }, { Operation: '' }],
    ['nor has what was done by hand', { kind: 'hand' }, { Operation: '' }],
    ['nor has a rehearsal', { kind: 'rehearsal' }, { Operation: '' }],
    ['what came through another door says which', { source: { kind: 'break-glass' } }, { Step: 'break-glass' }],
    ['what nobody asked for has no step', { kind: 'repair', source: undefined }, { Step: '', What: 'Repair' }],
  ])('%s', (_what, more, cells) => expect(linesOf([entry(more)])).toMatchObject([cells]));

  it('tells an operation once it has ended, or a day has passed', () => {
    const told = (state: AuditEntry['state'], minutes = 10, more: Partial<AuditEntry> = {}) =>
      linesOf([entry({ state, ...more })], [], START + minutes * 60_000).length;
    expect([told('pending'), told('accepted'), told('refused'), told('superseded')]).toEqual([0, 0, 1, 1]);
    expect(told('accepted', 10, { unchecked: true })).toBe(1);
    expect([told('accepted', 24 * 60 + 6), told('accepted', 24 * 60 + 7)]).toEqual([0, 1]);
    expect(told('pending', 10, { kind: 'repair' })).toBe(1);
  });

  it('has the newest 500 lines', () => {
    const many = Array.from({ length: 501 }, (_none, n) => entry({ operationId: `production-${n}` }));
    const lines = linesOf(many);
    expect([lines.length, lines[0]?.Operation]).toEqual([500, 'production-1']);
  });

  it('has what the sheet did, and what happened to its services since that no other sheet asked for', () => {
    const own = [entry({ at: at(1) }), entry({ at: at(4), operationId: 'production-4' })];
    const others = [
      entry({ at: at(2), kind: 'repair', source: undefined, operationId: 'repair' }),
      entry({ at: at(3), source: { kind: 'sheet', spreadsheetId: 'release-43' }, operationId: 'other' }),
      entry({
        at: at(5),
        source: { kind: 'sheet', spreadsheetId: 'release-43' },
        takeOver: true,
        operationId: 'taken',
      }),
      entry({ at: at(4), operationId: 'production-4', takeOver: true }),
    ];
    expect(entriesOf('release-42', own, others).map(({ operationId }) => operationId)).toEqual([
      ...['production-1', 'repair', 'production-4', 'taken'],
    ]);
    const first = [entry({ state: 'refused', at: at(0) }), entry({ kind: 'rehearsal', at: at(0, 30) }), ...own];
    expect([...touchedBy(first)]).toEqual([['shop', at(1)]]);
  });
});

describe('the tab Services', () => {
  const proof = {
    state: 'verified' as const,
    probes: 5,
    agree: 5,
    disagree: 0,
    open: 0,
    unknown: 0,
    verifiedAt: at(2),
  };
  const closed: ServiceStatus = {
    ...{ service: 'shop', title: 'Shop', mode: 'maintenance', revision: 3, since: at(1), by: MANAGER, proof },
    ...{ targets: [], operators: [], drift: [], plannedEnd: at(60) },
    holder: { by: MANAGER, spreadsheetId: 'release-42', step: '2' },
  };
  const rowOf = (more: Partial<ServiceStatus> = {}) => {
    const { headers, rows, key } = servicesTable([{ ...closed, ...more }], {
      ...{ environment: 'production', spreadsheetId: 'release-42', now: Date.parse(at(30)), goodUntil: at(40) },
      nameOf: (id) => `the sheet ${id}`,
      formatTime: (iso) => iso.slice(11, 16),
    });
    expect(key).toBe('Service');
    return Object.fromEntries((rows[0] ?? []).map((cell, column) => [headers[column], cell]));
  };

  it('says how a service is, since when, by whom, who holds it, what we know, and until when that can be counted on', () => {
    expect(rowOf()).toEqual({
      ...{ Service: 'shop', Environment: 'production', Mode: 'Closed', Since: { at: at(1) }, 'Set by': MANAGER },
      'Held by': `Step 2 of this sheet (${MANAGER})`,
      'What we know': expect.stringMatching(/Planned to open at 03:00\.$/),
      ...{ 'As of': { at: at(30) }, 'Good until': { at: at(40) } },
    });
  });

  it('says that its planned end has passed, from that very moment', () => {
    expect(rowOf({ plannedEnd: at(30) })['What we know']).toMatch(/OVERDUE: it was planned to open at 02:30\.$/);
  });

  it('of an open service tells no end and no holder, and of one that was never set no time', () => {
    const row = rowOf({ mode: 'normal', revision: 0, by: undefined });
    expect(row).toMatchObject({ Mode: 'Open', Since: '', 'Set by': '', 'Held by': '' });
    expect(row['What we know']).not.toContain('planned');
  });

  it.each<[Partial<ServiceStatus>['holder'], string]>([
    [{ by: MANAGER, spreadsheetId: 'release-43', step: '7' }, `Step 7 of the sheet release-43 (${MANAGER})`],
    [{ by: MANAGER, spreadsheetId: 'release-43' }, `The sheet release-43 (${MANAGER})`],
    [{ by: MANAGER, kind: 'slack' }, `${MANAGER}, from Slack`],
    [{ by: MANAGER }, `${MANAGER}, not from a sheet`],
    [undefined, ''],
  ])('held by %j is told as "%s"', (holder, words) => expect(rowOf({ holder })['Held by']).toBe(words));
});
