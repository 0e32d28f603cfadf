import { REHEARSAL_TITLES } from '../../../../contract/rehearsal.ts';
import type { SyncAnswer } from '../../../../contract/sync-answer.ts';
import { finishLeftRehearsals } from '../../../../lambda/src/rundown/finish-rehearsals.ts';
import { syncRundown } from '../../../../lambda/src/rundown/sync.ts';
import { runDueSteps } from '../../../../lambda/src/schedule/run-due-steps.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { dieOnceAt } from '../../../memory-table.ts';
import {
  at,
  createWorld,
  DUTY,
  MANAGER,
  MINUTE_MS,
  night,
  ran,
  refused,
  START,
  Terminal,
  type World,
} from './terminal.ts';

/** What the tab Services says of Shop. */
interface Pick {
  service: string;
  action: string;
  status: string;
  result: string;
  started: string;
  finished: string;
  by: string;
  operation: string;
}

const BLANK = { action: '', status: '', result: '', started: '', finished: '', by: '', operation: '' };
const ALL = REHEARSAL_TITLES.all;
const ENTER = REHEARSAL_TITLES.enter;

/** A sheet with the tab Services. */
class Board extends Terminal {
  pick: Pick = { service: 'shop', ...BLANK };

  override read(...asked: Parameters<Terminal['read']>) {
    const request = super.read(...asked);
    return request.cause === 'poll' ? request : { ...request, picks: [{ row: 2, ...structuredClone(this.pick) }] };
  }

  override apply(answer: Pick_<SyncAnswer>): void {
    super.apply({ rows: answer.rows.filter(({ tab }) => tab === 'rundown') });
    for (const { tab, cells } of answer.rows) {
      if (tab !== 'services') continue;
      const { pick, ...own } = cells;
      Object.assign(this.pick, own, pick === '' ? { action: '' } : {});
    }
  }

  /** That person picks it in *Do now*. */
  async doNow(action: string, by = MANAGER): Promise<SyncAnswer> {
    this.pick.action = action;
    const answer = await this.sync(this.event([], by, { tab: 'services', rows: [2], typed: action }));
    await this.follow(answer);
    return answer;
  }
}
type Pick_<T extends { rows: unknown }> = { readonly rows: T['rows'] };

let world: World;
let sheet: Board;
let wafWrites: string[];
function begin(options: Parameters<typeof createWorld>[0] = {}, lines = night()): void {
  world = createWorld(options);
  wafWrites = [];
  const { write, writeSet } = world.ruleGroups;
  world.ruleGroups.write = (place, ...rest) => {
    wafWrites.push(place.service);
    return write(place, ...rest);
  };
  world.ruleGroups.writeSet = (place, ...rest) => {
    wafWrites.push(place.service);
    return writeSet(place, ...rest);
  };
  sheet = new Board(world, 'release-42', lines);
  sheet.allowlist.push({ row: 2, address: '203.0.113.9', who: 'Ana', until: { text: '' }, services: '' });
}
beforeEach(() => begin());

const result = (step: string) => sheet.step(step).result;
const statuses = () => sheet.lines.map(({ status }) => status);
const audit = () => world.deps.store.auditOfSheet(sheet.id);
const stateItems = () =>
  world.table.items().filter(({ pk, sk }) => pk.startsWith('SERVICE#') && !sk.startsWith('AUDIT#'));

describe('Rehearse all steps', () => {
  it('tells each step what would happen, on what the steps before it would have left, and changes nothing', async () => {
    await sheet.sync();
    await sheet.doNow(ALL);
    expect(statuses()).toEqual(Array(5).fill('Planned'));
    expect(result('2')).toBe(
      'Rehearsed 2026-11-22 02:00: Enter maintenance would close Shop to everyone (1 target): its rules fit (31 of 250 WCU), ' +
        'its rule group can be read, 1 of 1 probe answers 200 now. The public would be told that it opens at ' +
        '2026-11-22 02:22 UTC. Nothing was changed.',
    );
    expect(result('5')).toContain('Enable allowlist would let 1 range of addresses in to Shop');
    expect(result('7')).toContain('Disable allowlist would close Shop to everyone, the testers too');
    expect(result('8')).toContain('Exit maintenance would open Shop to everyone');
    expect(result('9')).toContain('Enter maintenance would close Payments to everyone');
    expect(sheet.pick).toEqual({
      ...{ service: 'shop', ...BLANK, by: MANAGER },
      result:
        'Rehearsed 2026-11-22 02:00: 5 steps of production that are still to be done. All would go as planned, as far as that ' +
        'can be checked. Each row’s Result in the rundown says what would happen. Nothing was changed.',
    });
    expect([ran(world), refused(world), wafWrites, stateItems()]).toEqual([[], [], [], []]);
  });

  it('is audited once, as a rehearsal', async () => {
    await sheet.doNow(ALL);
    expect(await audit()).toMatchObject([
      { kind: 'rehearsal', by: MANAGER, service: 'shop', message: sheet.pick.result, source: { step: 'Services' } },
    ]);
  });

  it('reads each rule group once, however many steps name its service', async () => {
    const read: string[] = [];
    const { read: original } = world.ruleGroups;
    world.ruleGroups.read = (place) => {
      read.push(place.service);
      return original(place);
    };
    await sheet.doNow(ALL);
    expect(read.sort()).toEqual(['payments', 'shop']);
  });

  it('follows the plan, not the order of the rows', async () => {
    sheet.lines.reverse();
    await sheet.doNow(ALL);
    expect(result('5')).toContain('would let 1 range');
    expect(sheet.pick.result).toContain('All would go as planned');
  });

  it('finds a step that does not fit there, and says what is meant instead', async () => {
    sheet.step('2').service = 'payments';
    await sheet.doNow(ALL);
    expect(result('5')).toContain('Enable allowlist of Shop would be refused. Shop is open to everyone');
    expect(result('5')).toContain('Nothing was changed.');
    expect(sheet.pick.result).toContain('Look at steps 5, 7: something would go wrong, or be asked first.');
  });

  it('finds a service and an action that are none', async () => {
    sheet.step('2').service = 'shp';
    sheet.step('9').action = 'Close it';
    await sheet.doNow(ALL);
    expect(result('2')).toContain('this step would not run. Nothing was run: there is no Service "shp".');
    expect(result('9')).toContain('there is no Action "Close it"');
  });

  it('finds testers whose time will have ended when they are let in', async () => {
    sheet.allowlist.splice(0, 1, {
      row: 2,
      address: '203.0.113.9',
      who: 'Ana',
      until: { text: '', at: at(11) },
      services: '',
    });
    await sheet.doNow(ALL);
    expect(result('5')).toContain('Enable allowlist of Shop would be refused.');
    expect(result('5')).toContain('Name at least one address or range');
  });

  it('finds a rule group that cannot be read, with the remedy, in each step that would write it', async () => {
    const { read } = world.ruleGroups;
    world.ruleGroups.read = async (place) => {
      if (place.service === 'payments') throw RuleGroupError.missing(place, 'drawbridge-production_payments');
      return read(place);
    };
    await sheet.doNow(ALL);
    expect(result('9')).toContain(
      'would not be taken by the firewall everywhere. drawbridge-production_payments does not',
    );
    expect(result('9')).toContain('Deploy its stack.');
    expect(sheet.pick.result).toContain('Look at step 9:');
  });

  it('asks in the name of who armed a step, and leaves it armed', async () => {
    await sheet.set('2', 'Scheduled', DUTY);
    const armed = result('2');
    await sheet.doNow(ALL);
    expect(sheet.step('2')).toMatchObject({ status: 'Scheduled', by: DUTY });
    expect(result('2')).toContain('would close Shop to everyone');
    expect(result('2')).toContain('Nothing was changed. It stays armed for 2026-11-22 02:05 UTC.');
    expect(armed).toContain('Armed by');
    await sheet.minutes(6);
    expect(ran(world)).toEqual(['2 shop enter']);
    expect(sheet.step('2').status).toBe('Done');
  });

  it('touches no row in which something real stands, and goes on from there', async () => {
    await sheet.set('2', 'Go');
    const before = structuredClone(sheet.step('2'));
    sheet.step('9').status = 'Skipped';
    await sheet.sync(sheet.event(['9'], MANAGER));
    await sheet.doNow(ALL);
    expect(sheet.step('2')).toEqual(before);
    expect([sheet.step('9').status, result('9')]).toEqual(['Skipped', '']);
    expect(result('5')).toContain('would let 1 range of addresses in to Shop');
    expect(sheet.pick.result).toContain('3 steps of production that are still to be done');
  });

  it('says nothing of itself any more once something real has run, not even where it was picked', async () => {
    await sheet.doNow(ALL);
    expect(sheet.pick.result).toContain('still to be done');
    await sheet.minutes(2);
    expect(sheet.pick.result).toContain('still to be done');
    await sheet.set('2', 'Go');
    expect(sheet.pick.result).toBe('');
  });

  it('writes nothing over a step that somebody sets to Go meanwhile', async () => {
    const { read } = world.ruleGroups;
    const other = new Terminal(world, sheet.id, sheet.lines);
    let isFirst = true;
    world.ruleGroups.read = async (place) => {
      if (isFirst) {
        isFirst = false;
        other.step('2').status = 'Go';
        other.apply(await other.sync(other.event(['2'], MANAGER, { typed: 'Go' })));
        while (other.step('2').status !== 'Done') {
          world.clock.now += 1_000;
          other.apply(await other.send(other.read('poll')));
        }
      }
      return read(place);
    };
    await sheet.sync();
    await sheet.doNow(ALL);
    expect(result('5')).toContain('Rehearsed');
    await sheet.minute();
    expect(sheet.step('2')).toMatchObject({
      status: 'Done',
      result: expect.stringMatching(/^Shop is closed to everyone/),
    });
    expect(ran(world)).toEqual(['2 shop enter']);
  });

  it('keeps why a step failed', async () => {
    await sheet.set('2', 'Go', 'intern@example.com');
    const why = result('2');
    expect(sheet.step('2').status).toBe('Failed');
    await sheet.doNow(ALL);
    expect(sheet.step('2').status).toBe('Failed');
    expect(result('2')).toMatch(/^Rehearsed 2026-11-22 02:0\d: Enter maintenance would close Shop/);
    expect(result('2')).toContain(`Before: ${why}`);
  });

  it('of a group tells what each of its services would meet', async () => {
    sheet.step('2').service = 'storefront';
    await sheet.doNow(ALL);
    const [shop, payments] = result('2').split('\n');
    expect(shop).toContain('Enter maintenance would close Shop to everyone');
    expect(payments).toContain('Enter maintenance would close Payments to everyone');
    expect(result('9')).toContain('Enter maintenance would change nothing, as Payments is closed to everyone by then');
  });

  it('is told on the clock of the sheet', async () => {
    sheet.timeZone = 'Europe/Berlin';
    await sheet.doNow(ALL);
    expect(result('2')).toContain('Rehearsed 2026-11-22 03:00: ');
    expect(result('2')).toContain('opens at 2026-11-22 03:22 (02:22 UTC).');
  });

  it('leaves a row alone whose step the server has fired, though the sheet does not say so yet', async () => {
    await sheet.set('2', 'Scheduled');
    world.clock.now = START + 5 * MINUTE_MS - 1_000;
    await sheet.sync();
    world.clock.now += 22_000;
    await runDueSteps(world.deps, 0);
    const isDone = ({ rows }: SyncAnswer) => rows.some(({ cells }) => cells.status === 'Done');
    for (let poll = 0; poll < 20 && !isDone(await sheet.send(sheet.read('poll'))); poll += 1) world.clock.now += 1_000;
    expect([ran(world), sheet.step('2').status]).toEqual([['2 shop enter'], 'Scheduled']);
    await sheet.doNow(ALL);
    expect(result('2')).not.toContain('Rehearsed');
    expect(result('5')).toContain('would let 1 range of addresses in to Shop');
    expect(sheet.pick.result).toContain('4 steps of production');
  });

  it('again says it anew, once', async () => {
    await sheet.doNow(ALL);
    world.clock.now += 2 * MINUTE_MS;
    await sheet.doNow(ALL);
    expect(result('2').match(/Rehearsed/g)).toHaveLength(1);
    expect(result('2')).toContain('Rehearsed 2026-11-22 02:02:');
  });

  it('has nothing to say of a rundown without steps', async () => {
    begin({}, []);
    await sheet.doNow(ALL);
    expect(sheet.pick.result).toContain('Nothing was rehearsed: the rundown has no step with an Action');
  });
});

describe('what a rehearsal said in a row', () => {
  it('goes with the first step that really runs: what is left says again what it said before', async () => {
    sheet.step('7').result = 'Ask Ana first.';
    await sheet.doNow(ALL);
    expect(result('7')).toContain('Rehearsed');
    world.clock.now = START + 5 * MINUTE_MS;
    await sheet.set('2', 'Go');
    await sheet.minute();
    expect(sheet.step('2')).toMatchObject({
      status: 'Done',
      result: expect.stringMatching(/^Shop is closed to everyone/),
    });
    expect([result('5'), result('7'), result('8')]).toEqual(['', 'Ask Ana first.', '']);
    expect(ran(world)).toEqual(['2 shop enter']);
  });

  it('does not come back for what an earlier rehearsal left there', async () => {
    sheet.step('9').result = 'Rehearsed: this step would not run. Nothing was run: there is no Service "paymnts".';
    await sheet.doNow(ALL);
    await sheet.set('9', 'Skipped');
    expect(result('9')).toBe('');
  });

  it('goes when its step is planned otherwise', async () => {
    await sheet.doNow(ALL);
    await sheet.move('9', at(40));
    await sheet.minute();
    expect(result('9')).toBe('');
    expect(result('8')).toContain('Rehearsed');
  });

  it('goes when its step is left out', async () => {
    await sheet.doNow(ALL);
    await sheet.set('9', 'Skipped');
    expect([sheet.step('9').status, result('9')]).toEqual(['Skipped', '']);
  });

  it('is no question: a Go is asked about anew', async () => {
    begin({ production: true });
    await sheet.set('9', 'Go');
    expect(result('9')).toContain('set Go again within a minute');
    await sheet.doNow(ALL);
    await sheet.set('9', 'Go');
    expect([sheet.step('9').status, ran(world)]).toEqual(['Planned', []]);
  });

  it('lets the night run as usual over it', async () => {
    await sheet.doNow(ALL);
    for (const [step, minute] of [
      ['2', 5],
      ['5', 12],
      ['7', 20],
      ['8', 22],
    ] as const) {
      world.clock.now = Math.max(world.clock.now, START + minute * MINUTE_MS);
      await sheet.set(step, 'Go');
    }
    expect(statuses()).toEqual(['Done', 'Done', 'Done', 'Done', 'Planned']);
    expect(ran(world)).toEqual(['2 shop enter', '5 shop enable-allowlist', '7 shop disable-allowlist', '8 shop exit']);
  });
});

describe('on production', () => {
  beforeEach(() => begin({ production: true }));

  it('says what would ask for a second Go', async () => {
    sheet.step('9').plannedStart = { text: 'later' };
    await sheet.doNow(ALL);
    expect(result('9')).toContain(
      'It would ask for a second Go first: its Planned start "later" is no date with a time',
    );
    expect(result('2')).not.toContain('second Go');
    expect(sheet.pick.result).toContain('Look at step 9:');
  });

  it('says that an armed step would not run by the clock, as one before it cannot', async () => {
    sheet.allowlist.pop();
    await sheet.set('8', 'Scheduled');
    await sheet.doNow(ALL);
    expect(result('5')).toContain('Enable allowlist of Shop would be refused.');
    expect(result('8')).toMatch(
      /: By the clock it would not run: step 5 of Shop before it is not done yet. By hand, Exit maintenance would open Shop/,
    );
    expect(sheet.step('8').status).toBe('Scheduled');
  });

  it('needs no second pick, and says that the real one does', async () => {
    await sheet.doNow(ENTER);
    expect(sheet.pick.result).toContain(
      'It would ask for a second pick first: Shop is in production. Then Enter maintenance would close',
    );
    expect(ran(world)).toEqual([]);
  });
});

describe('one action', () => {
  it('is told in the row in which it was picked, and no step says anything', async () => {
    await sheet.doNow(ENTER);
    expect(sheet.pick).toMatchObject({ action: '', status: '', operation: '', by: MANAGER });
    expect(sheet.pick.result).toMatch(/^Rehearsed 2026-11-22 02:00: Enter maintenance would close Shop/);
    expect(sheet.lines.every((line) => line.result === '')).toBe(true);
    expect([ran(world), wafWrites, stateItems()]).toEqual([[], [], []]);
    expect(await audit()).toMatchObject([{ kind: 'rehearsal', action: 'enter', by: MANAGER }]);
  });

  it('does not stand beside the Done of what was really picked before', async () => {
    await sheet.doNow('Enter maintenance');
    expect(sheet.pick.status).toBe('Done');
    await sheet.doNow(REHEARSAL_TITLES.exit);
    expect(sheet.pick).toMatchObject({ status: '', started: '', finished: '', operation: '' });
    expect(sheet.pick.result).toContain('Exit maintenance would open Shop to everyone');
    expect(await world.deps.store.state('shop')).toMatchObject({ mode: 'maintenance', revision: 1 });
    await sheet.doNow('Exit maintenance');
    expect(sheet.pick.status).toBe('Done');
  });

  it('while something runs there is not rehearsed, and that is said until it is over', async () => {
    sheet.pick.action = 'Enter maintenance';
    await sheet.sync(sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: 'Enter maintenance' }));
    expect(sheet.pick).toMatchObject({ action: 'Enter maintenance', status: 'Running' });
    for (const again of [false, true]) {
      sheet.pick.action = ENTER;
      await sheet.sync(sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: ENTER }));
      expect([again, sheet.pick.action, sheet.pick.status]).toEqual([again, '', 'Running']);
      expect(sheet.pick.result).toMatch(
        /^Nothing was rehearsed: what was picked here before is not over yet\. .* Closing Shop/,
      );
    }
    world.clock.now += MINUTE_MS;
    await sheet.follow(await sheet.sync());
    expect(sheet.pick.status).toBe('Done');
    expect(sheet.pick.result).toMatch(/^Shop is closed to everyone/);
  });

  it('told that it was not rehearsed empties no other pick: the abort after it runs, though a tick read it before its event', async () => {
    const pick = async (action: string, isSeen = true) => {
      sheet.pick.action = action;
      const event = sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: action });
      await (isSeen ? sheet.sync(event) : sheet.sync());
    };
    await pick('Enter maintenance');
    await pick(ENTER);
    world.clock.now += 1;
    await pick('Exit maintenance', false);
    expect(sheet.pick).toMatchObject({ action: 'Exit maintenance', status: 'Running' });
    world.clock.now += 1;
    await sheet.doNow('Exit maintenance');
    expect(sheet.pick).toMatchObject({ action: '', status: 'Done' });
    expect(ran(world)).toEqual(['Services shop enter', 'Services shop exit']);
  });

  it('that another sheet holds is told with the way to take over', async () => {
    const other = new Terminal(world, 'release-41');
    await other.set('2', 'Go');
    await sheet.doNow(REHEARSAL_TITLES.exit);
    expect(sheet.pick.result).toContain('Shop is held by another release sheet');
    expect(sheet.pick.result).toContain('To take over, pick it again within two minutes. Nothing was changed.');
    expect(await world.deps.store.state('shop')).toMatchObject({ holder: { spreadsheetId: 'release-41' } });
  });

  it.each([ENTER, ALL])('by somebody who is no operator is refused and audited: %s', async (title) => {
    await sheet.doNow(title, 'intern@example.com');
    expect(sheet.pick.result).toContain('intern@example.com is not an operator of Shop');
    expect(sheet.lines.every((line) => line.result === '')).toBe(true);
    const entries = await audit();
    expect(entries).toMatchObject([{ kind: 'rehearsal', by: 'intern@example.com', problem: { code: 'NOT_OPERATOR' } }]);
  });

  it('by nobody whom Google named is not rehearsed', async () => {
    await sheet.doNow(ENTER, '');
    expect(sheet.pick).toMatchObject({ action: '', status: '' });
    expect(sheet.pick.result).toContain('Google did not report who set this');
    expect((await audit()).map(({ kind }) => kind)).toEqual(['not-run']);
  });

  it('of a service that there is not is named', async () => {
    sheet.pick.service = 'shp';
    await sheet.doNow(ENTER);
    expect(sheet.pick.result).toContain('there is no Service "shp"');
  });
});

describe('an execution that dies', () => {
  it.each(['before', 'after'] as const)(
    '%s its rehearsal was told leaves it to the next one, told and audited once',
    async (when) => {
      await sheet.sync();
      sheet.pick.action = ALL;
      const request = sheet.read('edit', sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: ALL }));
      dieOnceAt(world.table, /commit sheet.*audit/, when);
      await expect(sheet.send(request)).rejects.toThrow('died');
      sheet.apply(await sheet.send(request));
      await sheet.minute();
      expect(result('2')).toContain('Rehearsed');
      expect(sheet.pick).toMatchObject({ action: '', result: expect.stringContaining('5 steps of production') });
      expect((await audit()).filter(({ kind }) => kind === 'rehearsal')).toHaveLength(1);
    },
  );

  it('for longer than two minutes: nothing is rehearsed late, and that is said', async () => {
    await sheet.sync();
    sheet.pick.action = ALL;
    const request = sheet.read('edit', sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: ALL }));
    dieOnceAt(world.table, /commit sheet.*audit/, 'before');
    await expect(sheet.send(request)).rejects.toThrow('died');
    world.clock.now += 3 * MINUTE_MS;
    await sheet.sync();
    expect(sheet.pick.result).toContain('Nothing was rehearsed: Drawbridge was interrupted. Pick it again.');
    expect(result('2')).toBe('');
  });

  it('and two that go on with it: the first one that is committed counts', async () => {
    await sheet.sync();
    sheet.pick.action = ALL;
    const request = sheet.read('edit', sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: ALL }));
    dieOnceAt(world.table, /commit sheet.*audit/, 'before');
    await expect(sheet.send(request)).rejects.toThrow('died');
    const left = await world.deps.rundowns.load(sheet.id);
    for (let nth = 0; nth < 2; nth += 1) {
      world.clock.now += 21_000;
      await finishLeftRehearsals(world.deps, left);
    }
    expect((await audit()).filter(({ kind }) => kind === 'rehearsal')).toHaveLength(1);
  });

  it('or an event that comes twice, does not rehearse twice', async () => {
    await sheet.sync();
    sheet.pick.action = ALL;
    const request = sheet.read('edit', sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: ALL }));
    await Promise.allSettled([sheet.send(request), sheet.send(request)]);
    await syncRundown(world.deps, sheet.id, structuredClone(request));
    expect((await audit()).filter(({ kind }) => kind === 'rehearsal')).toHaveLength(1);
  });
});

it('an abort that is picked over a rehearsal runs', async () => {
  await sheet.set('2', 'Go');
  sheet.pick.action = ALL;
  const request = sheet.read('edit', sheet.event([], MANAGER, { tab: 'services', rows: [2], typed: ALL }));
  dieOnceAt(world.table, /commit sheet.*audit/, 'before');
  await expect(sheet.send(request)).rejects.toThrow('died');
  await sheet.doNow('Exit maintenance');
  expect(sheet.pick.status).toBe('Done');
  expect(ran(world)).toEqual(['2 shop enter', 'Services shop exit']);
  expect((await audit()).filter(({ kind }) => kind === 'rehearsal')).toEqual([]);
});
