import { says } from '../../../apps-script/src/sentences.ts';
import { onTick } from '../../../apps-script/src/tick.ts';
import type { StepRow } from '../../../contract/sync-request.ts';
import { ALLOWLIST_TAB } from '../../../release-sheet-template/allowlist.ts';
import { type Cell, FakeSheet, NOW } from './fake-sheet.ts';
import { HEADER_LINE } from './rows.ts';
import { connected, readAgain, runningAnswer } from './stub-api.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (header: string) => HEADER_LINE.indexOf(header);

/** Release sheets with one step each, which have been synced before. */
function nights(count: number) {
  const opened: string[] = [];
  const { memory, api, clock, slept, ports } = connected({
    open(id) {
      opened.push(id);
      const found = sheets.find((one) => one.id === id);
      if (!found) throw new Error('no such sheet');
      return { ...found.sheet.face, id };
    },
  });
  const sheets = Array.from({ length: count }, (_one, index) => {
    const sheet = new FakeSheet();
    const cells: Record<string, Cell> = {
      ...{
        Step: '2',
        'Planned start': new Date(NOW + HOUR),
        Service: 'shop',
        Action: 'Enter maintenance',
        Status: 'Planned',
      },
    };
    sheet.add('Rundown', [[...HEADER_LINE], HEADER_LINE.map((header) => cells[header] ?? '')]);
    const id = `sheet-${index}`;
    memory.putSheet({ id, name: `Release ${index}`, tabId: 0 });
    return { id, sheet, line: () => sheet.tabs[0]?.cells[1] as Cell[] };
  });
  const tick = (ms = MINUTE) => {
    clock.now += ms;
    onTick(ports);
  };
  const sentTo = (id: string) => api.requests.filter(({ path }) => path.includes(`/${id}/`));
  return {
    memory,
    sheets,
    api,
    clock,
    slept,
    opened,
    ports,
    tick,
    sentTo,
    first: sheets[0] as (typeof sheets)[number],
  };
}

describe('which sheets a tick syncs', () => {
  it('all that are due, each opened once, in one go; every environment hears every sheet', () => {
    const { tick, api, opened, sentTo } = nights(3);
    tick();
    expect(opened).toEqual(['sheet-0', 'sheet-1', 'sheet-2']);
    expect(api.requests).toHaveLength(6);
    for (const id of opened)
      expect(sentTo(id).map(({ environment }) => environment)).toEqual(['production', 'staging']);
    expect(api.sent.every(({ cause, edit }) => cause === 'tick' && edit === undefined)).toBe(true);
  });

  it('a sheet far from its steps rests for an hour; one that was marked is synced in the next minute', () => {
    const { tick, api, opened, memory, clock } = nights(2);
    api.afterMs = 9 * HOUR;
    tick();
    opened.length = 0;
    tick();
    expect(opened).toEqual([]);
    memory.mark('sheet-1', clock.now + 5_000);
    tick();
    expect(opened).toEqual(['sheet-1']);
    opened.length = 0;
    for (let minute = 0; minute < 60; minute += 1) tick();
    expect(opened.sort()).toEqual(['sheet-0', 'sheet-1']);
  });

  it('a sheet near its steps is synced every minute, however many there are', () => {
    const { tick, api, opened } = nights(18);
    api.afterMs = MINUTE;
    for (let minute = 0; minute < 5; minute += 1) tick();
    expect(opened).toHaveLength(5 * 18);
  });

  it('at rest a tick looks at nothing', () => {
    const { tick, api, ports, opened } = nights(2);
    api.afterMs = 9 * HOUR;
    tick();
    const asked = api.requests.length;
    const loads: string[] = [];
    const memory = { ...ports.memory, putSynced: () => loads.push('write') } as unknown as typeof ports.memory;
    opened.length = 0;
    onTick({ ...ports, memory });
    expect([opened, loads, api.requests.length]).toEqual([[], [], asked]);
  });

  it('one that was deleted, and one whose headers are broken, do not hold up the others', () => {
    const { tick, sheets, api, memory } = nights(3);
    sheets.splice(0, 1);
    (sheets[0]?.sheet.tabs[0]?.cells[0] as Cell[])[at('Action')] = 'What';
    tick();
    expect(api.requests.map(({ environment }) => environment)).toEqual(['production', 'staging']);
    expect(memory.load().synced('sheet-0').nextSyncAt).toBeGreaterThan(NOW + MINUTE);
  });

  it('a sheet whose rundown tab is gone is no rundown any more, even if another one is there', () => {
    const { tick, first, api } = nights(1);
    const [rundown] = first.sheet.tabs;
    first.sheet.tabs[0] = { ...(rundown as NonNullable<typeof rundown>), id: 9 };
    tick();
    expect(api.requests).toEqual([]);
  });
});

describe('what comes back', () => {
  const go = (environment: string, steps: readonly unknown[] = []) =>
    (steps as StepRow[]).filter(({ status }) => status === 'Planned').map((step) => runningAnswer(environment, step));

  it('is written into each sheet, with the banner’s time', () => {
    const { tick, api, sheets } = nights(2);
    api.instead = (environment, { steps }) => ({ kind: 'ok', body: api.answer(environment, go(environment, steps)) });
    tick();
    for (const { line, sheet } of sheets) {
      expect(line()[at('Status')]).toBe('Running');
      expect(sheet.heartbeats.until).toEqual(new Date(NOW + 600_000));
    }
  });

  it('of an older reading is dropped: the next minute reads again', () => {
    const { tick, api, memory } = nights(1);
    api.instead = () => readAgain;
    tick();
    expect(api.requests).toHaveLength(2);
    expect(memory.load().synced('sheet-0').nextSyncAt - NOW).toBeLessThanOrEqual(3 * MINUTE);
  });

  it('of an environment that calls itself another is none', () => {
    const { tick, api, first } = nights(1);
    api.instead = (_environment, { steps }) => ({
      kind: 'ok',
      body: api.answer('production', go('production', steps)),
    });
    const [production] = api.requests;
    expect(production).toBeUndefined();
    first.line()[at('Service')] = 'shop-staging';
    tick();
    expect(first.line()[at('Status')]).toBe('Planned');
  });

  it('of staging about production’s rows is not written', () => {
    const { tick, api, first } = nights(1);
    let shop: StepRow | undefined;
    api.instead = (environment, { steps }) => {
      shop ??= (steps as StepRow[])[0];
      const rows = environment === 'staging' && shop ? [runningAnswer('staging', shop)] : [];
      return { kind: 'ok', body: api.answer(environment, rows) };
    };
    tick();
    expect(first.line()[at('Status')]).toBe('Planned');
  });
});

describe('within the minute', () => {
  it('an armed step’s second is waited for, and the rows are read at that second, with the allowlist', () => {
    const { tick, api, first, slept, clock } = nights(1);
    first.line()[at('Status')] = 'Scheduled';
    first.line()[at('Action')] = 'Enable allowlist';
    const due = NOW + MINUTE + 20_000;
    first.line()[at('Planned start')] = new Date(due);
    first.sheet.add(ALLOWLIST_TAB.name, [
      ALLOWLIST_TAB.columns.map(({ header }) => header),
      ['192.0.2.1', '', '', '', '', ''],
    ]);
    api.instead = (environment) => ({
      kind: 'ok',
      body: api.answer(environment, [], { again: { afterMs: clock.now < due ? due - clock.now : HOUR } }),
    });
    tick();
    expect(slept).toEqual([20_000]);
    const [, , last] = api.sent;
    expect(last).toMatchObject({
      cause: 'tick',
      readAt: new Date(due).toISOString(),
      allowlist: [{ address: '192.0.2.1' }],
    });
  });

  it('what runs is polled, and ends before the next tick comes', () => {
    const { tick, api, clock } = nights(1);
    api.afterMs = 2_000;
    tick();
    expect(clock.now - NOW).toBeLessThanOrEqual(MINUTE + 50_000);
    expect(api.sent.slice(2).every(({ cause }) => cause === 'poll')).toBe(true);
  });

  it('nothing is waited for once the day’s runtime is used up', () => {
    const { tick, api, slept, memory } = nights(1);
    api.afterMs = 2_000;
    memory.putSynced(new Map(), { day: '2026-11-22', ms: 5 * HOUR + 1 });
    tick();
    expect(slept).toEqual([]);
  });
});

it('a Go that no environment claims is answered, and asked about once', () => {
  const { tick, first, api } = nights(1);
  first.line()[at('Status')] = 'Go';
  first.line()[at('Service')] = 'checkout';
  api.services = { production: ['shop'] };
  tick();
  tick();
  expect([first.line()[at('Status')], first.line()[at('Result')]]).toEqual([
    'Failed',
    says.unknownService('checkout', ['shop', 'shop-staging']),
  ]);
  expect(api.servicesAsked).toBe(1);
});

it.each(['Done', 'Accepted', 'Running', 'Unproven'])(
  '%s with an operation that no environment claims says that nobody can tell, once; by hand it is people’s own',
  (word) => {
    const { tick, first } = nights(1);
    Object.assign(first.line(), { [at('Service')]: 'checkout', [at('Status')]: word, [at('Operation')]: 'T-1' });
    const shows = () => ['Status', 'Operation', 'Result'].map((name) => first.line()[at(name)]);
    tick();
    const words = expect.stringMatching(/^We cannot see how T-1 stands: there is no Service "checkout"/);
    expect(shows()).toEqual([word, 'T-1', words]);
    Object.assign(first.line(), { [at('Status')]: 'Done', [at('Operation')]: '', [at('Result')]: 'by telephone' });
    tick();
    expect(shows()).toEqual(['Done', '', 'by telephone']);
    // Nor is what people write beside a step of their own.
    const own = { [at('Service')]: '', [at('Action')]: '', [at('Operation')]: 'T-1' };
    Object.assign(first.line(), own);
    tick();
    expect(shows()).toEqual(['Done', 'T-1', 'by telephone']);
  },
);
