import type { AuditEntry } from '../../../../contract/audit.ts';
import type { Armed, RundownRecord, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { intentWrites } from '../../../../lambda/src/store/operations.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createStore } from '../../../../lambda/src/store/store.ts';
import { NOW } from '../../../builders.ts';
import { createMemoryTable, type MemoryTable } from '../../../memory-table.ts';

const isoAt = (ms: number) => new Date(ms).toISOString();
let table: MemoryTable;
beforeEach(() => {
  table = createMemoryTable();
});

describe('a rundown', () => {
  const step = (key: string, more: Partial<StepRecord> = {}): StepRecord =>
    ({
      key,
      tab: 'rundown',
      version: 0,
      told: [],
      intents: {},
      isAnswered: false,
      seen: {},
      decided: {},
      ...more,
    }) as never;
  const armed: Armed = {
    ...{
      id: 'production-00000001',
      requestedBy: 'a@example.com',
      armedAt: isoAt(NOW),
      at: isoAt(NOW + 60_000),
      step: '1',
    },
    ...{ service: 'shop', action: 'enter', text: 't', timeZone: 'Etc/UTC' },
  };
  const begun = async (...steps: StepRecord[]) => {
    const rundowns = createRundownStore(table);
    const before = await rundowns.load('sheet-1');
    const sheet = { ...before.sheet, name: 'Night', heardAt: isoAt(NOW) };
    const stored = (await rundowns.commit(before, { sheet, steps }, [])) as RundownRecord;
    table.calls.length = 0;
    return { rundowns, stored };
  };

  it('that nobody has heard of has no name, no steps and no time', async () => {
    expect(await createRundownStore(table).load('sheet-9')).toEqual({
      sheet: {
        ...{ spreadsheetId: 'sheet-9', version: 0, nextKey: 1, timeZone: 'Etc/UTC', allowlist: [], ends: {} },
        ...{ name: '', readAt: '', syncId: '', heardAt: '', firstHeardAt: '' },
      },
      steps: [],
    });
  });

  it('is not found among the steps, nor they in another’s', async () => {
    const { rundowns } = await begun(step('1'));
    expect((await rundowns.load('sheet-2')).steps).toEqual([]);
    expect((await rundowns.load('sheet-1')).steps).toHaveLength(1);
  });

  it('begins with nothing, and is found as it was written', async () => {
    const { rundowns, stored } = await begun(step('1'));
    expect(stored).toMatchObject({ sheet: { version: 1, nextKey: 1 }, steps: [{ key: '1', version: 1 }] });
    expect(await rundowns.load('sheet-1')).toEqual(JSON.parse(JSON.stringify(stored)));
    expect(await rundowns.nameOf('sheet-1')).toBe('Night');
    expect(await rundowns.nameOf('sheet-2')).toBeUndefined();
  });

  it('expires ninety days after it was last heard of', async () => {
    await begun(step('1'));
    const expiries = new Set(table.items().map(({ expiresAt }) => expiresAt));
    expect([...expiries]).toEqual([NOW / 1_000 + 90 * 24 * 3_600]);
  });

  it('writes only the steps that changed, and nothing over what others wrote', async () => {
    const { rundowns, stored } = await begun(step('1'), step('2'));
    const [one, two] = stored.steps as [StepRecord, StepRecord];
    const next = { sheet: stored.sheet, steps: [{ ...one }, { ...two, isAnswered: true }] };
    expect(await rundowns.commit(stored, next, [])).toMatchObject({
      sheet: { version: 2 },
      steps: [{ version: 1 }, { version: 2 }],
    });
    expect(table.calls).toEqual(['commit sheet, step 2']);
    expect(await rundowns.commit(stored, next, [])).toBeUndefined();
  });

  it('writes more than a transaction takes in several, what is to be started first', async () => {
    const many = Array.from({ length: 150 }, (_one, at) => step(String(at)));
    const { rundowns, stored } = await begun();
    const steps = [...many, step('armed', { armed }), step('asked', { intents: { x: {} as never } })];
    const done = await rundowns.commit(stored, { sheet: stored.sheet, steps }, []);
    expect(done?.steps.map(({ version }) => version)).toEqual(steps.map(() => 1));
    const [first = '', second = ''] = table.calls.filter((call) => call.startsWith('commit'));
    expect(first).toContain('step armed, step asked, step 0');
    expect(first.split(', ')).toHaveLength(100);
    expect(second).not.toContain('step armed');
    expect((await rundowns.load('sheet-1')).steps).toHaveLength(152);
  });

  it('changes and removes more than a transaction takes, to the last of them', async () => {
    const many = Array.from({ length: 100 }, (_one, at) => step(String(at)));
    const { rundowns, stored } = await begun(...many, step('old'));
    const { steps } = stored;
    const next = {
      sheet: stored.sheet,
      steps: steps.filter(({ key }) => key !== 'old').map((one) => ({ ...one, isAnswered: true })),
      removed: steps.filter(({ key }) => key === 'old'),
    };
    expect(await rundowns.commit(stored, next, [])).toBeDefined();
    const after = (await rundowns.load('sheet-1')).steps;
    expect(after.map(({ isAnswered, version }) => [isAnswered, version])).toEqual(many.map(() => [true, 2]));
    const one = Array.from({ length: 99 }, (_one, at) => step(`n${at}`));
    const [gone] = after;
    if (!gone) throw new Error('there is no step');
    const now = await rundowns.load('sheet-1');
    await rundowns.commit(now, { sheet: now.sheet, steps: [...now.steps.slice(1), ...one], removed: [gone] }, []);
    const left = (await rundowns.load('sheet-1')).steps.map(({ key }) => key);
    expect([left.length, left.includes(gone.key)]).toEqual([198, false]);
  });

  it('forgets what is removed in the first of several, though it was armed', async () => {
    const { rundowns, stored } = await begun(step('1', { armed }));
    const many = Array.from({ length: 97 }, (_one, at) => step(`n${at}`, { intents: { x: {} as never } }));
    const more = Array.from({ length: 2 }, (_one, at) => step(`m${at}`));
    const first = (await rundowns.commit(
      stored,
      { sheet: stored.sheet, steps: [...stored.steps, ...more] },
      [],
    )) as RundownRecord;
    const gone = first.steps.filter(({ key }) => key !== '1');
    const removed = [...first.steps.filter(({ key }) => key === '1'), ...gone];
    await rundowns.commit(first, { sheet: first.sheet, steps: many, removed }, []);
    expect((await rundowns.load('sheet-1')).steps).toHaveLength(97);
    expect(await rundowns.waiting()).toMatchObject([{ armed: [], hasIntents: true }]);
  });

  describe('with more to audit than a transaction takes', () => {
    const audited = (count: number): AuditEntry[] =>
      Array.from({ length: count }, (_one, at) => ({
        ...{ service: 'shop', revision: 1, operationId: `op-${at}`, kind: 'repair', by: 'x', message: 'm' },
        ...{ at: isoAt(NOW + at), source: { kind: 'sheet', spreadsheetId: 'sheet-1' } },
      })) as never;
    const notice = { id: 'n', kind: 'missed' as const, notice: { subject: 's', message: 'm' } as never };
    const commitOf = async (count: number, steps: StepRecord[] = []) => {
      const { rundowns, stored } = await begun();
      await rundowns.commit(stored, { sheet: stored.sheet, steps }, audited(count), [notice]);
      return table.calls.map((call) => call.replace(/^commit /, '').split(', '));
    };

    it('writes all of it at once while it fits', async () => {
      const [all = [], ...more] = await commitOf(32, [step('1')]);
      expect([all.length, more]).toEqual([1 + 32 * 3 + 1 + 1, []]);
    });

    it('writes the copies by time right after, and the steps with the rest', async () => {
      const parts = await commitOf(33, [step('1')]);
      expect(parts.map((labels) => labels.length)).toEqual([1 + 1 + 33 * 2 + 1, 33]);
      expect(new Set(parts[1])).toEqual(new Set(['audit by time']));
      expect(await createStore(table).auditOfAll('', 100)).toMatchObject({ found: 33 });
      expect(await createStore(table).notices()).toEqual([notice]);
    });

    it('counts the steps too, those that are removed as well', async () => {
      const byTime = Array(32).fill('audit by time');
      const [, second] = await commitOf(32, [step('1'), step('2')]);
      expect(second).toEqual(byTime);
      table = createMemoryTable();
      const { rundowns, stored } = await begun(step('old'));
      const next = { sheet: stored.sheet, steps: [step('1')], removed: stored.steps };
      await rundowns.commit(stored, next, audited(32), [notice]);
      expect(table.calls.at(-1)).toBe(`commit ${byTime.join(', ')}`);
      expect(table.calls).toHaveLength(2);
    });

    it('writes whatever else is too much after the first part too, and every step', async () => {
      await commitOf(80, [step('1'), step('2')]);
      const store = createStore(table);
      expect((await store.auditOfAll('', 100)).found).toBe(80);
      expect(await store.audit('shop', '', 100)).toHaveLength(80);
      expect(await store.auditOfSheet('sheet-1')).toHaveLength(80);
      expect(await store.notices()).toEqual([notice]);
      expect((await createRundownStore(table).load('sheet-1')).steps).toHaveLength(2);
    });

    it('writes nothing more where somebody was faster', async () => {
      const { rundowns, stored } = await begun();
      await rundowns.commit(stored, { sheet: stored.sheet, steps: [] }, []);
      expect(await rundowns.commit(stored, { sheet: stored.sheet, steps: [] }, audited(80))).toBeUndefined();
      expect((await createStore(table).auditOfAll('', 100)).found).toBe(0);
    });
  });

  it('does not remove what somebody has written since', async () => {
    const { rundowns, stored } = await begun(step('1'));
    const [one] = stored.steps as [StepRecord];
    const removed = [{ ...one, version: 7 }];
    expect(await rundowns.commit(stored, { sheet: stored.sheet, steps: [], removed }, [])).toBeUndefined();
    expect((await rundowns.load('sheet-1')).steps).toHaveLength(1);
  });

  it('does not ask again for what its operation has struck out, if it was read before that', async () => {
    const { rundowns, stored } = await begun(step('1', { intents: { x: {} as never } }));
    await table.commit(intentWrites('x', { spreadsheetId: 'sheet-1', stepKey: '1' }));
    const steps = stored.steps.map((one) => ({ ...one, isAnswered: true }));
    expect(await rundowns.commit(stored, { sheet: stored.sheet, steps }, [])).toBeUndefined();
    expect((await rundowns.load('sheet-1')).steps).toMatchObject([{ intents: {}, version: 2 }]);
    const again = intentWrites('x', { spreadsheetId: 'sheet-1', stepKey: '1' });
    expect(await table.commit(again)).toEqual({ ok: false, failed: ['intent'] });
  });

  it('removes what is gone', async () => {
    const { rundowns, stored } = await begun(step('1'), step('2'));
    const [one, two] = stored.steps as [StepRecord, StepRecord];
    await rundowns.commit(stored, { sheet: stored.sheet, steps: [one], removed: [two] }, []);
    expect((await rundowns.load('sheet-1')).steps.map(({ key }) => key)).toEqual(['1']);
  });

  it('is listed while something in it waits for the clock, or for somebody to finish it', async () => {
    const { rundowns, stored } = await begun(step('1', { armed }));
    const { id: operationId, at: plannedStart, requestedBy } = armed;
    expect(await rundowns.waiting()).toEqual([
      {
        ...{ spreadsheetId: 'sheet-1', name: 'Night', heardAt: isoAt(NOW), hasIntents: false },
        armed: [{ operationId, step: '1', service: 'shop', action: 'enter', plannedStart, requestedBy }],
      },
    ]);
    const [one] = stored.steps as [StepRecord];
    const { armed: _armed, ...disarmed } = one;
    const asked = (await rundowns.commit(
      stored,
      { sheet: stored.sheet, steps: [{ ...disarmed, intents: { x: {} as never } }] },
      [],
    )) as RundownRecord;
    expect(await rundowns.waiting()).toMatchObject([{ hasIntents: true, armed: [] }]);
    await rundowns.commit(asked, { sheet: asked.sheet, steps: [{ ...disarmed, version: 2 }] }, []);
    expect(await rundowns.waiting()).toEqual([]);
  });

  it('whose run began with its last intent is not listed any more after its next commit', async () => {
    const run = (isOver: boolean) => ({ id: 'r', isOver, operations: [] }) as never;
    const { rundowns, stored } = await begun(step('1', { run: run(false), intents: { x: {} as never } }));
    const [one] = stored.steps as [StepRecord];
    // The operation’s commit struck it out, past the list.
    const struck = { ...stored, steps: [{ ...one, intents: {} }] };
    const steps = [{ ...one, intents: {}, isAnswered: true }];
    const quiet = (await rundowns.commit(struck, { sheet: stored.sheet, steps }, [])) as RundownRecord;
    expect(await rundowns.waiting()).toEqual([]);
    const over = quiet.steps.map((ran) => ({ ...ran, run: run(true) }));
    const done = (await rundowns.commit(quiet, { sheet: quiet.sheet, steps: over }, [])) as RundownRecord;
    await rundowns.commit(done, { sheet: done.sheet, steps: done.steps }, []);
    expect(table.calls.at(-1)).toBe('commit sheet');
  });

  it('that is removed with its last armed step is not listed any more', async () => {
    const { rundowns, stored } = await begun(step('1', { armed }));
    await rundowns.commit(stored, { sheet: stored.sheet, steps: [], removed: stored.steps }, []);
    expect(await rundowns.waiting()).toEqual([]);
  });

  it('is told to be silent once for each time that it was heard of', async () => {
    const { rundowns } = await begun();
    await rundowns.markSilent({
      spreadsheetId: 'sheet-1',
      heardAt: isoAt(NOW),
      name: '',
      armed: [],
      hasIntents: false,
    });
    expect(await rundowns.toldSilentAfter()).toEqual(new Map([['sheet-1', isoAt(NOW)]]));
  });

  it('is reminded of once for each time of a step, which is forgotten a day after it', async () => {
    const { rundowns } = await begun();
    const reminded = { operationId: 'x', plannedStart: isoAt(NOW) } as never;
    await rundowns.markReminded(reminded);
    expect(await rundowns.reminded()).toEqual(new Set([`${isoAt(NOW)} x`]));
    expect(table.items().find(({ pk }) => pk === 'REMINDED')?.expiresAt).toBe(NOW / 1_000 + 24 * 3_600);
  });
});
