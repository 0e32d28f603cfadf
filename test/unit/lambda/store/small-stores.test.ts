import type { AuditEntry } from '../../../../contract/audit.ts';
import type { Armed, RundownRecord, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { NEVER_OPERATED, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { UNKNOWN_SERVICE } from '../../../../lambda/src/store/audit.ts';
import { createDriverLeases } from '../../../../lambda/src/store/driver-lease.ts';
import { noticeWrite } from '../../../../lambda/src/store/notices.ts';
import { intentWrites } from '../../../../lambda/src/store/operations.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createStore } from '../../../../lambda/src/store/store.ts';
import { updateWithRetry } from '../../../../lambda/src/store/update-with-retry.ts';
import { createWafIds } from '../../../../lambda/src/store/waf-ids.ts';
import { environmentOf, NOW } from '../../../builders.ts';
import { createMemoryTable, type MemoryTable } from '../../../memory-table.ts';

/** What is remembered, for whom, and for how long. */

const isoAt = (ms: number) => new Date(ms).toISOString();
let table: MemoryTable;
beforeEach(() => {
  table = createMemoryTable();
});

describe('the lease of who drives', () => {
  const take = (now: number, forMs = 1_000) => createDriverLeases(table).takeDriverLease(now, forMs);

  it('is one execution’s until it ends, and then another’s', async () => {
    expect(await take(NOW)).toBeDefined();
    expect(await take(NOW + 999)).toBeUndefined();
    expect(await take(NOW + 1_000)).toBeDefined();
  });

  it('can be made longer while nobody else has it', async () => {
    const first = await take(NOW);
    expect(await first?.renew(NOW + 500, 2_000)).toBe(true);
    expect(await first?.renew(NOW + 600, 2_000)).toBe(true);
    expect(await take(NOW + 2_599)).toBeUndefined();
    expect(await take(NOW + 2_600)).toBeDefined();
    expect(await first?.renew(NOW + 2_700, 1_000)).toBe(false);
  });

  it('is looked at first by who asks again and again: it writes nothing while another has it', async () => {
    const ask = (now: number) => createDriverLeases(table).takeDriverLease(now, 1_000, true);
    expect(await ask(NOW)).toBeDefined();
    table.calls.length = 0;
    expect(await ask(NOW + 999)).toBeUndefined();
    expect(table.calls).toEqual(['get DRIVER LEASE']);
    expect(await ask(NOW + 1_000)).toBeDefined();
    table.calls.length = 0;
    expect(await take(NOW + 1_001)).toBeUndefined();
    expect(table.calls).toEqual(['commit driver lease']);
  });

  it('can be given back early, and not by who has lost it', async () => {
    const first = await take(NOW);
    await first?.end(NOW + 10);
    const second = await take(NOW + 10);
    expect(second).toBeDefined();
    await first?.end(NOW + 11);
    expect(await take(NOW + 12)).toBeUndefined();
  });
});

describe('a change on top of what others write', () => {
  const [service] = environmentOf().services;
  if (!service) throw new Error('the test has no service');
  let paused: number[];
  const update = (apply: Parameters<typeof updateWithRetry>[2], known?: ServiceState) => {
    paused = [];
    const sleep = async (ms: number) => void paused.push(ms);
    return updateWithRetry({ store: createStore(table), sleep, random: () => 0.5 }, service, apply, known);
  };
  const named = (by: string) => (state: ServiceState) => ({ ...state, by });
  /** Somebody else is faster, so many times. */
  const meddle = (times: number) => {
    let left = times;
    table.meanwhile = async (call, side) => {
      if (side !== 'before' || !call.startsWith('commit') || left <= 0) return;
      left -= 1;
      const before = table.meanwhile;
      table.meanwhile = undefined;
      const store = createStore(table);
      const state = await store.state('shop');
      await store.put('shop', state, { ...state, reason: `${left}` } as ServiceState);
      table.meanwhile = before;
    };
  };

  it('is made anew after each conflict, later each time', async () => {
    meddle(2);
    expect(await update(named('me'))).toMatchObject({ by: 'me', version: 3 });
    expect(paused).toEqual([30, 90]);
  });

  it('is given up after eight, and may be tried again', async () => {
    meddle(8);
    await expect(update(named('me'))).rejects.toMatchObject({ code: 'TRY_AGAIN' });
    expect(paused).toHaveLength(8);
    meddle(7);
    expect(await update(named('me'))).toMatchObject({ by: 'me' });
  });

  it('is made on what was just read, without reading it again, but for a conflict', async () => {
    const known = await createStore(table).state('shop');
    table.calls.length = 0;
    const stored = await update(named('me'), known);
    expect(table.calls).toEqual(['commit state']);
    expect(await update(named('you'), known)).toMatchObject({ by: 'you', version: 2 });
    expect(stored).toMatchObject({ by: 'me', version: 1 });
    expect(paused).toEqual([30]);
  });

  it('writes nothing where nothing is to be changed', async () => {
    const state = await update((now) => now);
    expect(state).toEqual(NEVER_OPERATED);
    expect(table.calls.some((call) => call.startsWith('commit'))).toBe(false);
  });

  it('writes nothing that comes with what is left as it is', async () => {
    const write = { put: { pk: 'X', sk: 'Y' }, label: 'beside' };
    await update((state) => ({ state, writes: [write] }));
    expect(table.items()).toEqual([]);
  });

  it('writes what it comes with in the same transaction', async () => {
    const write = { put: { pk: 'X', sk: 'Y' }, label: 'beside' };
    await update((now) => ({ state: { ...now, by: 'me' }, writes: [write] }));
    expect(table.calls).toContain('commit state, beside');
  });
});

describe('notices', () => {
  const notice = (id: string) => ({ id, kind: 'missed' as const, notice: { subject: id, message: id } as never });

  it('wait, oldest first, until they are removed', async () => {
    const store = createStore(table);
    await table.commit([noticeWrite(notice('2')), noticeWrite(notice('1'))]);
    expect(await store.notices()).toEqual([notice('1'), notice('2')]);
    await store.removeNotice('1');
    expect(await store.notices()).toEqual([notice('2')]);
  });

  it('for Slack are kept once, however often they are added', async () => {
    const store = createStore(table);
    const told = { subject: 'Shop', message: 'It is open.' } as never;
    await store.addSlackNotice(told, isoAt(NOW + 1));
    await store.addSlackNotice(told, isoAt(NOW + 2));
    await store.addSlackNotice({ subject: 'Shop', message: 'It is closed.' } as never, isoAt(NOW));
    const waiting = await store.slackNotices();
    expect(waiting.map(({ message }) => message)).toEqual(['It is closed.', 'It is open.']);
    await store.removeSlackNotice(waiting[0]?.id ?? '');
    expect(await store.slackNotices()).toHaveLength(1);
  });
});

it('ids of WAF are kept by service, place and name', async () => {
  const ids = createWafIds(table);
  const place = { service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' };
  await ids.rememberWafId(place, 'group', { Id: '1', ARN: 'arn' });
  expect(await ids.wafId(place, 'group')).toEqual({ Id: '1', ARN: 'arn' });
  for (const other of [{ service: 'payments' }, { scope: 'CLOUDFRONT' }, { region: 'us-east-1' }]) {
    expect(await ids.wafId({ ...place, ...other }, 'group')).toBeUndefined();
  }
  expect(await ids.wafId(place, 'set')).toBeUndefined();
});

describe('what was asked in Slack', () => {
  const record = (state: string) => ({ id: 'r1', state, at: isoAt(NOW) }) as never;

  it('and was over at once is not carried on, nor listed again while it runs', async () => {
    const store = createStore(table);
    const over = await store.putSlackRecord(undefined, record('done'));
    await store.putSlackRecord(over, record('done'));
    expect(await store.runningInSlack()).toEqual([]);
    const running = { ...(record('running') as object), id: 'r2' } as never;
    const first = await store.putSlackRecord(undefined, running);
    table.calls.length = 0;
    await store.putSlackRecord(first, running);
    expect(table.calls).toEqual(['commit slack record']);
  });

  it('is found while it runs, by nobody’s id, and known for thirty days', async () => {
    const store = createStore(table);
    const first = await store.putSlackRecord(undefined, record('running'));
    expect(await store.runningInSlack()).toEqual(['r1']);
    const second = await store.putSlackRecord(first, record('running'));
    expect(await store.runningInSlack()).toEqual(['r1']);
    expect(await store.putSlackRecord(first, record('done'))).toBeUndefined();
    expect(await store.putSlackRecord(undefined, record('done'))).toBeUndefined();
    expect(await store.putSlackRecord(second, record('done'))).toMatchObject({ version: 3 });
    expect(await store.runningInSlack()).toEqual([]);
    expect(await store.slackRecord('r1')).toMatchObject({ state: 'done', expiresAt: NOW / 1_000 + 30 * 24 * 3_600 });
  });

  it('is told by one execution at a time', async () => {
    const store = createStore(table);
    const feed = { since: isoAt(NOW), told: {}, threads: {} };
    const first = await store.putSlackFeed(undefined, feed);
    expect(first).toMatchObject({ version: 1 });
    expect(await store.putSlackFeed(undefined, feed)).toBeUndefined();
    expect(await store.putSlackFeed(first, feed)).toMatchObject({ version: 2 });
    expect(await store.putSlackFeed(first, feed)).toBeUndefined();
    expect(await store.slackFeed()).toMatchObject({ version: 2, since: isoAt(NOW) });
  });
});

describe('the audit', () => {
  const entry = (at: number, more: object = {}) =>
    ({
      service: 'shop',
      revision: 1,
      operationId: `op-${at}`,
      kind: 'repair',
      by: 'x',
      at: isoAt(NOW + at),
      message: 'm',
      ...more,
    }) as never;
  const at = (entries: readonly { readonly operationId: string }[]) => entries.map(({ operationId }) => operationId);

  it('of a service is told newest first, since a time, so many at most', async () => {
    const store = createStore(table);
    for (const one of [2, 1, 3]) await store.addAudit(entry(one));
    await store.addAudit(entry(4, { service: 'payments' }));
    expect(at(await store.audit('shop', '', 10))).toEqual(['op-3', 'op-2', 'op-1']);
    expect(at(await store.audit('shop', isoAt(NOW + 2), 10))).toEqual(['op-3', 'op-2']);
    expect(at(await store.audit('shop', '', 2))).toEqual(['op-3', 'op-2']);
  });

  it('of several services is told oldest first, the newest of all, and whether there are older ones', async () => {
    const store = createStore(table);
    for (const one of [1, 3, 5]) await store.addAudit(entry(one));
    for (const one of [4, 2]) await store.addAudit(entry(one, { service: 'payments' }));
    const newest = async (most: number) => {
      const { entries, found } = await store.auditOfAll('', most);
      return [at(entries), found > most];
    };
    expect(await newest(10)).toEqual([['op-1', 'op-2', 'op-3', 'op-4', 'op-5'], false]);
    expect(await newest(5)).toEqual([['op-1', 'op-2', 'op-3', 'op-4', 'op-5'], false]);
    expect(await newest(2)).toEqual([['op-4', 'op-5'], true]);
  });

  it('of one moment is told in the order of the revisions', async () => {
    const store = createStore(table);
    await store.addAudit(entry(1, { operationId: 'a', revision: 2 }));
    await store.addAudit(entry(1, { operationId: 'b', revision: 1 }));
    await store.addAudit(entry(0, { operationId: 'c', revision: 1 }));
    await store.addAudit(entry(0, { operationId: 'd', revision: 2 }));
    await store.addAudit(entry(2, { operationId: 'e', revision: 0 }));
    expect(at((await store.auditOfAll('', 10)).entries)).toEqual(['c', 'd', 'b', 'a', 'e']);
  });

  it('stands under the release sheet too, if one asked, and under no other', async () => {
    const store = createStore(table);
    const source = (spreadsheetId?: string) => ({
      source: { kind: 'sheet', ...(spreadsheetId ? { spreadsheetId } : {}) },
    });
    await store.addAudit(entry(2, source('sheet-1')));
    await store.addAudit(entry(1, source('sheet-1')));
    await store.addAudit(entry(3, source('sheet-2')));
    await store.addAudit(entry(4, source()));
    await store.addAudit(entry(5));
    expect(at(await store.auditOfSheet('sheet-1'))).toEqual(['op-1', 'op-2']);
    expect(at(await store.auditOfSheet('sheet-2'))).toEqual(['op-3']);
  });

  it('is kept of a service that somebody typed without end: a key has one', async () => {
    const store = createStore(table);
    await store.addAudit(entry(1, { service: 'x'.repeat(1_500) }));
    expect(table.items().map(({ sk }) => sk.length <= 1_024)).toEqual([true, true]);
    expect(at((await store.auditOfAll('', 10)).entries)).toEqual(['op-1']);
  });

  it('is told as it was written, and as nothing else', async () => {
    const store = createStore(table);
    const written = entry(1, { source: { kind: 'sheet', spreadsheetId: 'sheet-1' } });
    await store.addAudit(written);
    const told = [
      await store.audit('shop', '', 1),
      await store.auditOfSheet('sheet-1'),
      (await store.auditOfAll('', 1)).entries,
    ];
    expect(told).toEqual([[written], [written], [written]]);
  });

  it('keeps the same thing once, however often it is written', async () => {
    const store = createStore(table);
    for (const kind of ['repair', 'repair', 'drift']) await store.addAudit(entry(1, { kind }));
    expect(await store.audit('shop', '', 10)).toHaveLength(2);
  });
});

describe('services that were closed', () => {
  const [service] = environmentOf().services;
  const closed = async (store: ReturnType<typeof createStore>, kept: ServiceState['kept']) => {
    const state = await store.state('shop');
    await store.put('shop', state, { ...state, kept, by: kept ? 'closed' : 'open' });
  };

  it('are listed until they are known to be open again', async () => {
    const store = createStore(table);
    expect(await store.closedServices()).toEqual([]);
    await closed(store, service);
    await closed(store, service && { ...service, title: 'Another' });
    expect(await store.closedServices()).toEqual(['shop']);
    await closed(store, undefined);
    expect(await store.closedServices()).toEqual([]);
    expect(table.calls.filter((call) => call.includes('closed'))).toEqual([
      'commit state, closed',
      'commit state, closed',
    ]);
  });
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

it('everything lies where servers before this one have left it, and those after it will look', async () => {
  const store = createStore(table);
  const rundowns = createRundownStore(table);
  const iso = isoAt(NOW);
  const notice = { subject: 'Shop', message: 'It is open.' } as never;
  const armed = { id: 'x', at: iso } as Armed;
  const step = { key: '000001', version: 0, intents: {}, armed } as never;
  const before = await rundowns.load('sheet-1');
  await rundowns.commit(before, { sheet: before.sheet, steps: [step] }, []);
  await rundowns.markSilent({ spreadsheetId: 'sheet-1', heardAt: iso, name: '', armed: [], hasIntents: false });
  await store.addSlackNotice(notice, iso);
  await store.putSlackFeed(undefined, { since: iso, told: {}, threads: {} });
  await store.putSlackRecord(undefined, { id: 'r1', state: 'running', at: iso } as never);
  await table.commit([noticeWrite({ id: 'n1', kind: 'missed', notice })]);
  const refusal = { operationId: 'op-1', service: 'shop', evidence: 0 } as never;
  const audited = { service: UNKNOWN_SERVICE, at: iso, operationId: 'op-1', kind: 'operation' } as never;
  await store.refuse(refusal, audited);
  const never = await store.state('shop');
  const [kept] = environmentOf().services;
  await store.put('shop', never, { ...never, kept, evidence: 12, alerted: {} });
  expect(table.items().map(({ pk, sk }) => `${pk} / ${sk}`)).toEqual([
    'RUNDOWN#sheet-1 / SHEET',
    'RUNDOWN#sheet-1 / STEP#000001',
    'WAITING / sheet-1',
    'SILENT / sheet-1',
    `SLACK-NOTICES / ${iso} Shop`,
    'SLACK-FEED / FEED',
    'SLACK-RECORD#r1 / RECORD',
    'SLACK-RUNNING / r1',
    'NOTICES / n1',
    'OPERATION#op-1 / OPERATION',
    `SERVICE#(unknown) / AUDIT#${iso}#op-1#operation`,
    `AUDIT-BY-TIME / AUDIT#${iso}#op-1#operation#(unknown)`,
    'SERVICE#shop / STATE',
    'SERVICE#shop / PROOF#00000012',
    'SERVICE#shop / SEEN',
    'CLOSED / shop',
  ]);
});
