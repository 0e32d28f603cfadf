import type { Armed } from '../../../../lambda/src/model/rundown-record.ts';
import { NEVER_OPERATED, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { UNKNOWN_SERVICE } from '../../../../lambda/src/store/audit.ts';
import { createDriverLeases } from '../../../../lambda/src/store/driver-lease.ts';
import { noticeWrite } from '../../../../lambda/src/store/notices.ts';
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
