import type { SyncAnswer } from '../../../../contract/sync-answer.ts';
import { at, createWorld, DUTY, line, MANAGER, MINUTE_MS, ran, refused, Terminal, type World } from './terminal.ts';

let world: World;
let sheet: Terminal;
const begin = (options = {}) => {
  world = createWorld(options);
  sheet = new Terminal(world);
};
beforeEach(() => begin());

const status = (step: string) => sheet.step(step).status;
const result = (step: string) => sheet.step(step).result;

/** Another execution follows the run; what it was answered last is not written yet. */
async function pollUntilDone(): Promise<SyncAnswer> {
  for (let poll = 0; poll < 20; poll += 1) {
    world.clock.now += 1_000;
    const answer = await sheet.send(sheet.read('poll'));
    if (answer.rows.some(({ cells }) => cells.status === 'Done')) return answer;
  }
  throw new Error('it is not Done after 20 polls');
}

describe('a Go', () => {
  it('closes the service and ends in Done, with who, when and proof', async () => {
    await sheet.set('2', 'Go');
    expect(sheet.step('2')).toMatchObject({ status: 'Done', by: MANAGER, operation: 'production-00000001' });
    expect(result('2')).toContain('Shop is closed to everyone');
    expect(ran(world)).toEqual(['2 shop enter']);
  });

  it('is asked after again at once while a run of probes is in the middle, and its row says how far it is', async () => {
    const slow = createWorld({ probesPerSecond: 20 });
    const own = new Terminal(slow);
    own.step('2').status = 'Go';
    const started = await own.sync(own.event(['2'], MANAGER, { typed: 'Go' }));
    expect(started.again.afterMs).toBe(1_000);
    const polled = await own.send(own.read('poll'));
    expect(polled.again.afterMs).toBeLessThan(1_000);
    own.apply(polled);
    const [, first = ''] = /\b(\d+) probes agree so far, \d+ are needed/.exec(own.step('2').result) ?? [];
    expect(Number(first)).toBeGreaterThan(10);
    own.apply(await own.send(own.read('poll')));
    own.apply(await own.send(own.read('poll')));
    const [, later = ''] = /\b(\d+) probes agree so far, \d+ are needed/.exec(own.step('2').result) ?? [];
    expect(Number(later)).toBeGreaterThan(Number(first));
  });

  it('of a group runs one operation for each member', async () => {
    sheet.step('2').service = 'storefront';
    await sheet.set('2', 'Go');
    expect(status('2')).toBe('Done');
    expect(ran(world).sort()).toEqual(['2 payments enter', '2 shop enter']);
  });

  it('by nobody whom Google named is put back to what it was', async () => {
    await sheet.set('2', 'Go', '');
    expect([status('2'), ran(world)]).toEqual(['Planned', []]);
    expect(result('2')).toContain('Google did not report who set this');
  });

  it('without an event is left alone for a minute, then put back', async () => {
    sheet.step('2').status = 'Go';
    await sheet.minute();
    expect(status('2')).toBe('Go');
    await sheet.minute();
    expect([status('2'), ran(world)]).toEqual(['Planned', []]);
  });

  it('by somebody who is no operator is refused, audited, and changes nothing of a step that was done', async () => {
    await sheet.set('2', 'Go');
    await sheet.set('2', 'Go', 'intern@example.com');
    expect(status('2')).toBe('Done');
    expect(result('2')).toContain('intern@example.com is not an operator');
    expect(result('2')).toContain('Before: Shop is closed to everyone');
  });

  it('is understood in full-width letters, with letters without a width, in any case', async () => {
    await sheet.set('2', ' ｇＯ\u200b');
    expect(status('2')).toBe('Done');
  });

  it('with a word that is none of the eight is answered with the ones that there are', async () => {
    await sheet.set('2', 'Start!');
    expect(result('2')).toContain('there is no Status "Start!"');
    expect(ran(world)).toEqual([]);
  });
});

describe('the order of readings', () => {
  it('a double event starts one operation, whichever sync comes first', async () => {
    sheet.step('2').status = 'Go';
    const one = sheet.read('edit', sheet.event(['2'], MANAGER));
    const other = sheet.read('edit', sheet.event(['2'], MANAGER));
    sheet.apply(await sheet.send(other));
    await expect(sheet.send(one)).rejects.toMatchObject({ code: 'READ_AGAIN' });
    await sheet.minutes(2);
    expect([ran(world), status('2')]).toEqual([['2 shop enter'], 'Done']);
  });

  it('older rows than those that were committed commit nothing', async () => {
    sheet.step('2').status = 'Go';
    const late = sheet.read('edit', sheet.event(['2'], MANAGER));
    world.clock.now += 1_000;
    sheet.step('2').status = 'Planned';
    await sheet.sync();
    await expect(sheet.send(late)).rejects.toMatchObject({ code: 'READ_AGAIN' });
    await sheet.minutes(3);
    expect([ran(world), status('2')]).toEqual([[], 'Planned']);
  });

  it('rows that were read while a step ran, and come when it is Done, are what Drawbridge told them to say', async () => {
    sheet.step('2').status = 'Go';
    sheet.apply(await sheet.sync(sheet.event(['2'], MANAGER, { typed: 'Go' })));
    const late = sheet.read();
    const done = await pollUntilDone();
    sheet.apply(await sheet.send(late));
    sheet.apply(done);
    expect(status('2')).toBe('Done');
    expect(result('2')).toMatch(/^Shop is closed to everyone/);
    await sheet.minute();
    expect(result('2')).toMatch(/^Shop is closed to everyone/);
  });

  it('the same sync sent again runs nothing twice', async () => {
    sheet.step('2').status = 'Go';
    const request = sheet.read('edit', sheet.event(['2'], MANAGER));
    await sheet.send(request);
    sheet.apply(await sheet.send(request));
    await sheet.minutes(1);
    expect([ran(world), status('2')]).toEqual([['2 shop enter'], 'Done']);
  });

  it.each([['a Go that is planned'], ['a Go over a step that is Done']])(
    '%s is refused once, however often its event comes',
    async (when) => {
      if (when.includes('Done')) await sheet.set('2', 'Go');
      sheet.step('2').status = 'Go';
      const event = sheet.event(['2'], 'intern@example.com', { typed: 'Go' });
      const request = sheet.read('edit', event);
      await sheet.send(request);
      await sheet.send(request);
      sheet.step('2').result = 'Sending…';
      await sheet.sync(event);
      await sheet.minutes(2);
      expect(result('2')).toContain('intern@example.com is not an operator');
      expect(refused(world)).toEqual(['2 shop enter']);
      await sheet.set('2', 'Go', 'intern@example.com');
      expect(refused(world)).toEqual(['2 shop enter', '2 shop enter']);
    },
  );

  it('a resend does not confirm the question that it was answered with', async () => {
    begin({ production: true });
    sheet.step('7').status = 'Go';
    const request = sheet.read('edit', sheet.event(['7'], MANAGER));
    await sheet.send(request);
    const answer = await sheet.send(request);
    sheet.apply(answer);
    expect([ran(world), status('7')]).toEqual([[], 'Planned']);
    expect(result('7')).toContain('set Go again within a minute');
    await sheet.set('7', 'Go');
    expect(ran(world)).toEqual([]);
    expect(result('7')).toContain('Shop is open to everyone');
  });

  it('an event that was seen more than two minutes ago is nobody’s Go any more', async () => {
    sheet.step('2').status = 'Go';
    const event = sheet.event(['2'], MANAGER);
    world.clock.now += 121_000;
    await sheet.sync(event);
    expect([ran(world), status('2')]).toEqual([[], 'Planned']);
    expect(result('2')).toContain('more than two minutes after it was set');
  });

  it('rows that were read long ago, or in the future, are refused', async () => {
    const old = sheet.read();
    world.clock.now += 61_000;
    await expect(sheet.send(old)).rejects.toMatchObject({ code: 'READ_AGAIN' });
    const ahead = { ...sheet.read(), readAt: new Date(world.clock.now + 11_000).toISOString() };
    await expect(sheet.send(ahead)).rejects.toMatchObject({ code: 'INVALID_FIELD' });
  });
});

describe('on production', () => {
  beforeEach(() => begin({ production: true }));

  it('a Go out of order asks, and runs at the second', async () => {
    await sheet.set('8', 'Go');
    expect(status('8')).toBe('Done');
    world.clock.now += 25 * MINUTE_MS;
    await sheet.set('9', 'Go');
    expect(status('9')).toBe('Done');
    await sheet.set('5', 'Go');
    expect(result('5')).toContain('step 2 of Shop before it is not done yet.');
    expect(status('5')).toBe('Planned');
  });

  it('a Planned start that cannot be read is off plan', async () => {
    sheet.step('2').plannedStart = { text: '24.12.2026 02:05' };
    await sheet.set('2', 'Go');
    expect(status('2')).toBe('Planned');
    expect(result('2')).toContain('"24.12.2026 02:05" is no date with a time');
  });
});

it('who closes again when the step that opens is Done already promises the public no end', async () => {
  const promised = async () => (await world.deps.store.state('shop')).plannedEnd;
  await sheet.set('2', 'Go');
  expect(await promised()).toBe(at(22));
  await sheet.set('8', 'Go');
  await sheet.set('2', 'Go');
  expect(ran(world)).toEqual(['2 shop enter', '8 shop exit', '2 shop enter']);
  await sheet.minutes(2);
  expect(await promised()).toBeUndefined();
});

describe('an armed step', () => {
  it('runs to the second on rows that were read then, in the name of who armed it', async () => {
    await sheet.move('2', at(5, 20));
    await sheet.set('2', 'Scheduled');
    expect(result('2')).toContain(`Armed by ${MANAGER}: runs by itself at 2026-11-22 02:05`);
    await sheet.minutes(6);
    expect(ran(world)).toEqual(['2 shop enter']);
    expect(status('2')).toBe('Done');
    const [operation] = world.table.items().filter(({ pk }) => pk.startsWith('OPERATION#'));
    const late =
      Date.parse((operation as { request: { requestedAt: string } } | undefined)?.request.requestedAt ?? '') -
      Date.parse(at(5, 20));
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1_000);
  });

  it('is fired by the server when the script has stopped, on rows of a moment ago', async () => {
    await sheet.set('2', 'Scheduled');
    world.clock.now = Date.parse(at(4, 30));
    await sheet.sync();
    for (let minute = 0; minute < 3; minute += 1) await world.minute();
    expect(ran(world)).toEqual(['2 shop enter']);
  });

  it('waits for rows when the last ones are old, and is Failed, not run, after ten minutes; people are called', async () => {
    await sheet.set('2', 'Scheduled');
    for (let minute = 0; minute < 17; minute += 1) await world.minute();
    expect(ran(world)).toEqual([]);
    await sheet.sync();
    expect(status('2')).toBe('Failed');
    expect(result('2')).toContain('more than ten minutes too late');
    await world.minute();
    expect(world.notices.map(({ subject }) => subject).join('\n')).toContain('Missed: step 2');
    // The audit knows that it is told by a notice.
    const missed = world.table.items().filter(({ isMissed }) => isMissed);
    expect(missed.map(({ kind }) => kind)).toEqual(missed.map(() => 'disarmed'));
    expect(missed.length).toBeGreaterThan(0);
  });

  it.each([
    ['an earlier time', () => sheet.move('2', at(3)), 'earlier'],
    [
      'a later time by somebody who is no operator',
      () => sheet.move('2', at(25), 'intern@example.com'),
      'not an operator',
    ],
  ])('%s disarms it', async (_what, change, why) => {
    await sheet.set('2', 'Scheduled');
    await change();
    expect(status('2')).toBe('Planned');
    expect(result('2')).toContain(why);
    await sheet.minutes(30);
    expect(ran(world)).toEqual([]);
  });

  it('is disarmed by an exit by hand, in all sheets, and their sheets say so', async () => {
    const other = new Terminal(world, 'release-43');
    await sheet.set('2', 'Scheduled');
    await other.set('2', 'Scheduled');
    world.clock.now += 1_000;
    await sheet.set('8', 'Go', DUTY);
    await sheet.minute();
    await other.minute();
    expect([status('2'), other.step('2').status]).toEqual(['Planned', 'Planned']);
    expect(other.step('2').result).toContain('step 8');
    await other.minutes(8);
    expect(ran(world)).toEqual(['8 shop exit']);
  });

  describe('that was refused a moment before', () => {
    /** The answer to the first Scheduled is on its way while the second one is armed. */
    async function armedBesideItsRefusal(): Promise<void> {
      const planned = sheet.step('2').plannedStart;
      sheet.step('2').plannedStart = { text: '02:05' };
      sheet.step('2').status = 'Scheduled';
      const refusal = await sheet.send(sheet.read('edit', sheet.event(['2'], MANAGER)));
      sheet.step('2').plannedStart = planned;
      const armed = await sheet.send(sheet.read('edit', sheet.event(['2'], MANAGER)));
      sheet.apply(refusal);
      expect(status('2')).toBe('Planned');
      sheet.apply(armed);
    }

    it('stays armed when that refusal comes late, and its row says so again', async () => {
      await armedBesideItsRefusal();
      await sheet.minute();
      expect(status('2')).toBe('Scheduled');
      expect(result('2')).toContain(`Armed by ${MANAGER}`);
      await sheet.minutes(5);
      expect([ran(world), status('2')]).toEqual([['2 shop enter'], 'Done']);
    });

    it('is taken back by a person as ever, named or not', async () => {
      await armedBesideItsRefusal();
      await sheet.set('2', 'Planned', DUTY);
      expect(result('2')).toBe(`Disarmed by ${DUTY}. Nothing was run.`);

      await sheet.set('2', 'Scheduled');
      sheet.step('2').status = 'Planned';
      await sheet.minute();
      expect(result('2')).toContain('Disarmed by somebody whom Google did not report');
      await sheet.minutes(6);
      expect(ran(world)).toEqual([]);
    });
  });

  it('moved into an hour that the clocks skip is disarmed with what was most likely meant', async () => {
    sheet.timeZone = 'Europe/Berlin';
    sheet.step('2').plannedStart = { text: '2027-03-28 01:30', at: '2027-03-28T00:30:00.000Z' };
    await sheet.set('2', 'Scheduled');
    expect(status('2')).toBe('Scheduled');
    sheet.step('2').plannedStart = { text: '28/03/2027 02:30', at: '2027-03-28T01:30:00.000Z' };
    await sheet.sync(sheet.event(['2'], MANAGER, { coversStatus: false, coversPlan: true }));
    expect(status('2')).toBe('Planned');
    expect(result('2')).toContain('28/03/2027 02:30 does not exist');
    expect(result('2')).toContain('2027-03-28 03:30');
  });
});

describe('what people write over it', () => {
  it('forged cells of a finished row are put right', async () => {
    await sheet.set('2', 'Go');
    const before = { ...sheet.step('2') };
    Object.assign(sheet.step('2'), {
      result: 'All is well',
      started: '',
      by: 'somebody',
      operation: 'production-ffffffff',
    });
    await sheet.minute();
    expect(sheet.step('2')).toEqual(before);
  });

  it('a row that shows another step’s id gets its own back, and never its proof', async () => {
    await sheet.set('2', 'Go');
    await sheet.set('9', 'Go');
    sheet.step('9').operation = sheet.step('2').operation;
    sheet.step('9').by = DUTY;
    await sheet.minutes(1);
    expect(sheet.step('9').operation).toBe('production-00000002');
    expect(sheet.step('9').result).toContain('Payments');
  });

  it('a cell Operation that was dragged into a row that never ran goes back to its own', async () => {
    await sheet.set('2', 'Go');
    Object.assign(sheet.step('9'), { operation: sheet.step('2').operation });
    sheet.step('2').operation = '';
    await sheet.minutes(2);
    expect(sheet.step('9')).toMatchObject({ status: 'Planned', operation: '' });
    expect(sheet.step('2')).toMatchObject({ status: 'Done', operation: 'production-00000001' });
  });

  it('Done typed over anything is marked by hand', async () => {
    await sheet.set('9', 'Done', DUTY);
    expect(result('9')).toBe(`Set to Done by hand by ${DUTY}: nothing was run.`);
  });

  it('a blank or a very long Step silences nobody', async () => {
    sheet.step('5').step = '';
    sheet.step('7').step = 'x'.repeat(500);
    await sheet.set('2', 'Scheduled');
    await sheet.minutes(7);
    expect(status('2')).toBe('Done');
  });

  it('a planned end that somebody moves who is no operator does not reach the public', async () => {
    await sheet.set('2', 'Go');
    const end = async () => (await world.deps.store.state('shop')).plannedEnd;
    expect(await end()).toBe(at(22));
    await sheet.move('8', at(42), 'intern@example.com');
    await sheet.minute();
    expect(await end()).toBe(at(22));
    await sheet.move('8', at(43));
    expect(await end()).toBe(at(43));
  });
});

it('another sheet that holds the service is named, and a second Go takes over', async () => {
  const other = new Terminal(world, 'release-43');
  await other.set('2', 'Go');
  await sheet.set('2', 'Go', DUTY);
  expect(status('2')).toBe('Failed');
  expect(result('2')).toContain('To take over, set Go again within two minutes.');
  world.clock.now += MINUTE_MS;
  await sheet.set('2', 'Go', DUTY);
  expect(status('2')).toBe('Done');
  expect((await world.deps.store.state('shop')).holder).toMatchObject({ by: DUTY, spreadsheetId: 'release-42' });
});

it('a sync that was cut off after its commit is finished by the next tick, once', async () => {
  sheet.step('2').status = 'Go';
  world.table.meanwhile = (call, side) => {
    if (side === 'after' && call.startsWith('commit sheet')) throw new Error('the execution died');
  };
  await expect(sheet.send(sheet.read('edit', sheet.event(['2'], MANAGER)))).rejects.toThrow('died');
  world.table.meanwhile = undefined;
  await sheet.minutes(2);
  expect([ran(world), status('2')]).toEqual([['2 shop enter'], 'Done']);
});

it('an intent that nobody finished within two minutes is given up, and the row says so', async () => {
  sheet.step('2').status = 'Go';
  world.table.meanwhile = (call, side) => {
    if (side === 'after' && call.startsWith('commit sheet')) throw new Error('the execution died');
  };
  await expect(sheet.send(sheet.read('edit', sheet.event(['2'], MANAGER)))).rejects.toThrow('died');
  world.table.meanwhile = undefined;
  world.clock.now += 3 * MINUTE_MS;
  await sheet.minutes(2);
  expect([ran(world), status('2')]).toEqual([[], 'Failed']);
  expect(result('2')).toContain('interrupted');
});

it('retiring disarms everything', async () => {
  await sheet.set('2', 'Scheduled');
  const answer = await sheet.send({ ...sheet.read('retire'), by: MANAGER });
  expect(answer.retired).toBe(true);
  sheet.apply(answer);
  expect([status('2'), result('2')]).toEqual(['Planned', expect.stringContaining('this release sheet was retired')]);
  // Its answer may have been lost.
  const again = await sheet.send({ ...sheet.read('retire'), by: MANAGER });
  expect(again.rows.map(({ cells }) => cells.status)).toEqual(['Planned']);
  await sheet.minutes(8);
  expect(ran(world)).toEqual([]);
});

describe('what the table is asked', () => {
  const from = () => world.table.calls.length;
  const since = (start: number) => world.table.calls.slice(start);

  it('a tick reads each state once, for its rows and for its banner', async () => {
    await sheet.set('2', 'Go');
    const start = from();
    const answer = await sheet.sync();
    expect(answer.banner.now).toContain('Shop');
    expect(since(start).filter((call) => call === 'query SERVICE#shop')).toHaveLength(1);
    expect(since(start)).toEqual([
      'query RUNDOWN#release-42',
      expect.stringMatching(/^commit sheet/),
      'query SERVICE#shop',
      'query SERVICE#payments',
    ]);
  });

  it('a Go waits for few answers before the firewall is written: the rundown, the operation, the lease', async () => {
    await sheet.sync();
    const { ruleGroups } = world;
    const start = from();
    let before: string[] = [];
    const write: typeof ruleGroups.write = (...given) => {
      before = since(start);
      return ruleGroups.write(...given);
    };
    Object.assign(world.deps, { ruleGroups: { ...ruleGroups, write } });
    sheet.step('2').status = 'Go';
    await sheet.sync(sheet.event(['2'], MANAGER, { typed: 'Go' }));
    expect(before).toEqual([
      'query RUNDOWN#release-42',
      expect.stringMatching(/^commit sheet, step/),
      // These two are asked for at once, and so are the next two but one.
      expect.stringMatching(/^getAll OPERATION#/),
      'query SERVICE#shop',
      expect.stringMatching(/^commit state, proof, operation, audit/),
      'commit driver lease',
      'query SERVICE#shop',
      // After the lock token.
      'query SERVICE#shop',
    ]);
  });

  it('the audit of everything is one read, in the order of time, with what names no service of the config', async () => {
    await sheet.set('2', 'Go');
    await sheet.set('9', 'Go');
    sheet.step('8').service = 'shopp';
    await sheet.set('8', 'Go');
    const start = from();
    const { entries, found } = await world.deps.store.auditOfAll('', 100);
    expect(entries.map(({ service, kind }) => `${service} ${kind}`)).toEqual([
      'shop operation',
      'payments operation',
      'shopp not-run',
    ]);
    expect([found, entries[0]?.state]).toEqual([3, 'verified']);
    expect(since(start).filter((call) => call.startsWith('query'))).toEqual(['query AUDIT-BY-TIME AUDIT#']);
    expect((await world.deps.store.auditOfAll(entries[1]?.at ?? '', 1)).entries.map(({ service }) => service)).toEqual([
      'shopp',
    ]);
  });

  it('a sheet with more armed steps than a transaction takes is retired, and all of it is audited', async () => {
    sheet.lines.splice(0, sheet.lines.length);
    for (let step = 0; step < 60; step += 1)
      sheet.lines.push(line(`${step}`, 'shop', 'Exit maintenance', at(60 + step)));
    for (const one of sheet.lines) {
      one.status = 'Scheduled';
      await sheet.sync(sheet.event([one.step], MANAGER, { typed: 'Scheduled' }));
    }
    const answer = await sheet.send({ ...sheet.read('retire'), by: MANAGER });
    sheet.apply(answer);
    expect(new Set(sheet.lines.map((one) => one.status))).toEqual(new Set(['Planned']));
    const disarmed = (await world.deps.store.auditOfAll('', 500)).entries.filter(({ kind }) => kind === 'disarmed');
    expect(disarmed).toHaveLength(60);
    expect((await world.deps.store.audit('shop', '', 500)).filter(({ kind }) => kind === 'disarmed')).toHaveLength(60);
  });
});
