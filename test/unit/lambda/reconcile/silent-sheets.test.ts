import { at, createWorld, MINUTE_MS, ran, Terminal, type World } from '../rundown/terminal.ts';

/** What does not happen makes no noise by itself. */

let world: World;
let sheet: Terminal;
beforeEach(() => {
  world = createWorld();
  sheet = new Terminal(world);
});

/** Minutes in which the sheet's script is silent. */
const silence = async (minutes: number) => {
  for (let minute = 0; minute < minutes; minute += 1) await world.minute();
};
const subjects = (kind: string) =>
  world.notices
    .map(({ subject }) => subject.replace('[production] ', ''))
    .filter((subject) => subject.startsWith(kind));
const last = () => world.counts.at(-1);
const failsAt = (call: string, side: 'before' | 'after' = 'before') => {
  world.table.meanwhile = (what, when) => {
    if (when === side && what.startsWith(call)) throw new Error('died');
  };
};
const MISSED = 'Missed: step 2, Enter maintenance, Shop';
const STOPPED = 'A release sheet is not heard of: 1 armed step may not run';

describe('a scheduled step', () => {
  it('that never arrived is told once, after its grace, and counted', async () => {
    await sheet.set('2', 'Scheduled');
    await silence(14);
    expect(subjects('Missed')).toEqual([]);
    await silence(2);
    expect(subjects('Missed')).toEqual([MISSED]);
    expect(world.notices.at(-1)?.message).toContain('02:05:00 UTC and did not run');
    expect(world.notices.at(-1)?.message).toContain('production-00000001');
    expect(world.counts.slice(-2).map(({ MissedStep }) => MissedStep)).toContain(1);
    await silence(10);
    expect(subjects('Missed')).toEqual([MISSED]);
    expect(last()).toMatchObject({ MissedStep: 0 });
  });

  it('whose operation was seen is not missed, even if it was refused', async () => {
    const other = new Terminal(world, 'release-43');
    await sheet.set('2', 'Scheduled');
    await other.set('2', 'Go');
    await sheet.minutes(20);
    expect(sheet.step('2').status).toBe('Failed');
    expect(ran(world)).toEqual(['2 shop enter']);
    expect(subjects('Missed')).toEqual([]);
  });

  it('that the sheet moved to a later time is not missed at the earlier one', async () => {
    await sheet.set('2', 'Scheduled');
    await sheet.minutes(3);
    await sheet.move('2', at(60));
    await silence(30);
    expect(subjects('Missed')).toEqual([]);
  });

  it('is told twice rather than never when the tick dies before it could note it', async () => {
    await sheet.set('2', 'Scheduled');
    await silence(14);
    failsAt('commit notice');
    // So that the notice is told in the last of these, and not noted.
    for (let minute = 0; minute < 3 && subjects('Missed').length === 0; minute += 1) await silence(1);
    world.table.meanwhile = undefined;
    await silence(2);
    expect(subjects('Missed')).toEqual([MISSED, MISSED]);
  });

  it('is told although a service cannot be looked at', async () => {
    await sheet.set('2', 'Scheduled');
    await silence(14);
    world.clock.now += MINUTE_MS / 2;
    let isFired = false;
    world.table.meanwhile = (what) => {
      isFired ||= what.startsWith('commit sheet');
      if (isFired && what.startsWith('query SERVICE#')) throw new Error('the table is out of reach');
    };
    await silence(2);
    expect(subjects('Missed')).toEqual([MISSED]);
  });
});

describe('a sheet’s script', () => {
  it('that is not heard of for three minutes while a step is near is told once', async () => {
    await sheet.move('2', at(59));
    await sheet.set('2', 'Scheduled');
    await silence(3);
    expect(subjects('A release sheet')).toEqual([]);
    await silence(10);
    expect(subjects('A release sheet')).toEqual([STOPPED]);
    expect(world.notices[0]?.message).toContain('not been heard of since 2026-11-22 02:00:00 UTC');
    expect(last()).toMatchObject({ TicksStopped: 1 });
  });

  it('whose next step is hours away rests: only after an hour and a quarter is it told', async () => {
    await sheet.move('2', at(300));
    await sheet.set('2', 'Scheduled');
    await silence(75);
    expect(subjects('A release sheet')).toEqual([]);
    await silence(2);
    expect(subjects('A release sheet')).toEqual([STOPPED]);
  });

  it('that was heard of again and stops again is told again', async () => {
    await sheet.move('2', at(59));
    await sheet.set('2', 'Scheduled');
    await silence(5);
    await sheet.minute();
    await silence(1);
    expect(last()).toMatchObject({ TicksStopped: 0 });
    await silence(5);
    expect(subjects('A release sheet')).toEqual([STOPPED, STOPPED]);
  });

  it('with nothing armed may be silent', async () => {
    await sheet.set('2', 'Go');
    await silence(30);
    expect(subjects('A release sheet')).toEqual([]);
  });

  it('that was thrown away with steps in it is forgotten after a day', async () => {
    await sheet.move('2', at(59));
    await sheet.set('2', 'Scheduled');
    await silence(10);
    world.clock.now += 25 * 60 * MINUTE_MS;
    await silence(2);
    expect(last()).toMatchObject({ MissedStep: 0, TicksStopped: 0 });
  });
});
