import { problem } from '../../../../contract/problem.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { OPERATOR, requestOf } from '../../../builders.ts';
import { createSlackDoor, type SlackDoor } from './door.ts';

/** What an operator gets done in Slack. */

let door: SlackDoor;
const openDoor = async (options: Parameters<typeof createSlackDoor>[0] = {}) => {
  door = await createSlackDoor(options);
  // The site is closed as soon as its firewall is.
  door.env.sees = () => (revision === undefined ? { kind: 'answered', status: 200 } : closed(revision));
  revision = undefined;
};
afterEach(() => door.env.close());

let revision: string | undefined;
const closed = (mark: string) => ({ kind: 'answered', status: 503, maintenanceMode: mark }) as const;

const state = () => door.env.store.state('shop');
const last = () => door.messages.at(-1);
const idOf = (ts: string | undefined): string => String(door.env.table.items().find((item) => item.ts === ts)?.id);
const confirm = () => door.press('run', last()?.ts ?? '', idOf(last()?.ts));
const audit = () => door.env.store.audit('shop', '', 10);

describe('in production', () => {
  beforeEach(() => openDoor());

  it('a person is shown what the public will see and who holds the service, before anything runs', async () => {
    await door.command('enter shop for 2h');
    expect(last()?.buttons).toEqual(['run', 'cancel']);
    expect(last()?.text).toContain('Close Shop to everyone? (production)');
    expect(last()?.text).toContain('Everyone gets the maintenance page (503)');
    expect(last()?.text).toContain('They are told that it opens at 2026-11-22 04:00 UTC.');
    expect(last()?.text).toContain('Now: Shop is open to everyone. Nobody holds it.');
    expect((await state()).mode).toBe('normal');
    expect(await audit()).toEqual([]);
  });

  it('their button closes it, and the one message tells how far it has come, then the proof', async () => {
    await door.command('enter shop for 2h');
    revision = 'r1';
    await confirm();
    expect(door.messages).toHaveLength(1);
    expect(last()?.text).toContain('Shop is closed to everyone');
    expect(last()?.buttons).toEqual([]);
    expect(await state()).toMatchObject({ mode: 'maintenance', plannedEnd: '2026-11-22T04:00:04.000Z' });
    expect(await audit()).toMatchObject([
      { by: OPERATOR, state: 'verified', source: { kind: 'slack', channel: 'C0123456789' } },
    ]);
  });

  it('a rehearsal tells them alone what would come of it, and changes nothing but the audit', async () => {
    await door.command('rehearse enter shop');
    expect(door.told.at(-1)?.text).toMatch(
      /^Rehearsed: Enter maintenance would close Shop to everyone .*Nothing was changed\.$/,
    );
    expect([door.messages, (await state()).mode, (await state()).version]).toEqual([[], 'normal', 0]);
    expect(await audit()).toMatchObject([{ kind: 'rehearsal', by: OPERATOR, source: { kind: 'slack' } }]);
    await door.command('rehearse disable-allowlist shop');
    expect(door.told.at(-1)?.text).toContain('Disable allowlist');
    expect(await audit()).toMatchObject([{}, { kind: 'rehearsal', problem: { code: 'ILLEGAL_MOVE' } }]);
  });

  it('the other button leaves everything as it is', async () => {
    await door.command('enter shop');
    await door.press('cancel', last()?.ts ?? '', idOf(last()?.ts));
    expect(last()).toMatchObject({ buttons: [], text: expect.stringContaining(`${OPERATOR} cancelled it`) });
    await confirm();
    expect((await state()).mode).toBe('normal');
    expect(door.told.at(-1)?.text).toContain('decided already');
  });

  it('says that probes still get in, for as long as they do, and carries it on by the minute', async () => {
    await door.command('enter shop');
    await confirm();
    expect(last()?.text).toMatch(/Closing Shop….*still got in/);
    door.env.clock.now += 60_000;
    revision = 'r1';
    await door.tick();
    expect(last()?.text).toContain('Shop is closed to everyone');
    expect(await door.env.store.runningInSlack()).toEqual([]);
  });

  it('lets one more tester in, besides those whom a sheet let in', async () => {
    const sheet = { allowlist: ['198.51.100.7/32'], requestedBy: OPERATOR };
    await operate(door.env.deps, requestOf());
    await operate(door.env.deps, requestOf({ ...sheet, action: 'enable-allowlist' }));
    door.env.clock.now += 10_000;
    await door.command('enable-allowlist shop 192.0.2.7 for 2h');
    expect(last()?.text).toContain('Let in besides: 192.0.2.7/32, until');
    await confirm();
    expect((await state()).allowlist).toEqual([
      { range: '192.0.2.7/32', who: OPERATOR, until: expect.any(String) },
      '198.51.100.7/32',
    ]);
  });

  it('a service that a sheet holds is taken over only by a button that says so; the sheet is told by whom', async () => {
    await operate(door.env.deps, requestOf());
    door.env.clock.now += 10_000;
    await door.command('exit shop');
    expect(last()?.text).toContain(`${OPERATOR} holds it (step 2)`);
    await confirm();
    expect(await state()).toMatchObject({ mode: 'normal', exited: { by: OPERATOR, where: 'Slack' } });
    expect(await audit()).toContainEqual(expect.objectContaining({ action: 'exit', takeOver: true }));
  });

  it('what it closed is held from Slack, and a sheet that asks is told so', async () => {
    await door.command('enter shop');
    await confirm();
    door.env.clock.now += 20_000;
    const requestedAt = new Date(door.env.clock.now).toISOString();
    await expect(operate(door.env.deps, requestOf({ action: 'exit', requestedAt }))).rejects.toThrow(
      `Shop is held by Slack: ${OPERATOR} closed it with Slack. This is step 2 of`,
    );
  });

  it('an action that does not fit is refused with the one that does, and audited', async () => {
    await door.command('disable-allowlist shop');
    expect(door.messages).toEqual([]);
    expect(door.told).toEqual([{ to: 'U0RELEASE', text: expect.stringContaining('ask for enter instead') }]);
    expect(await audit()).toMatchObject([{ state: 'refused', problem: { code: 'ILLEGAL_MOVE' } }]);
  });

  it('while the table is busy is told to ask again, not to send a request again', async () => {
    const busy = problem('TRY_AGAIN', 'The table is busy just now. Send the same request again: it runs once.');
    await door.command('enter shop');
    door.env.table.meanwhile = (call) => {
      if (call.includes('operation, audit')) throw busy;
    };
    await confirm();
    await door.command('disable-allowlist shop');
    const said =
      'Shop: Nothing was run. Drawbridge has too much to write just now. Ask again in a moment; or use the release sheet.';
    expect([last()?.text, door.told.at(-1)?.text]).toEqual([said, said]);
    expect((await state()).mode).toBe('normal');
  });

  it('what was overtaken meanwhile is told to ask again, not to set a Go', async () => {
    await door.command('enter shop');
    await operate(door.env.deps, requestOf({ requestedAt: new Date(door.env.clock.now).toISOString() }));
    const request = { ...requestOf({ action: 'exit', operationId: 'production-00000009' }), source: { kind: 'slack' } };
    const asked = (ago: number) => ({
      ...request,
      operationId: `production-${String(ago).padStart(8, '0')}`,
      requestedAt: new Date(door.env.clock.now - ago).toISOString(),
    });
    await expect(operate(door.env.deps, asked(60_000) as never)).rejects.toThrow('If you still want this, ask again.');
    await expect(operate(door.env.deps, asked(600_000) as never)).rejects.toThrow('. Ask again.');
  });

  it('a word that is not understood runs nothing, and the nearest is offered to that person alone', async () => {
    await door.command('entr shop');
    await door.command('enter shpo');
    expect(door.messages).toEqual([]);
    expect(door.told.map(({ text }) => text)).toEqual([
      expect.stringContaining('Did you mean enter?'),
      expect.stringContaining('Did you mean shop?'),
    ]);
  });

  it('a form is opened at once where words are missing, and does the same as the words', async () => {
    await door.command('');
    await door.command('enter');
    expect(door.forms).toHaveLength(2);
    const payload = {
      type: 'view_submission',
      api_app_id: 'A0123456789',
      team: { id: 'T0123456789' },
      user: { id: 'U0RELEASE', team_id: 'T0123456789' },
      trigger_id: 'form.1',
      view: {
        private_metadata: 'C0123456789',
        state: {
          values: {
            action: { action: { selected_option: { value: 'enter' } } },
            service: { service: { selected_option: { value: 'shop' } } },
            addresses: { addresses: { value: null } },
            duration: { duration: { value: '2h' } },
          },
        },
      },
    };
    expect(await door.send({ payload: JSON.stringify(payload) })).toEqual({ status: 200, text: '' });
    expect(last()?.text).toContain('Close Shop to everyone?');
  });
});

describe('outside of production', () => {
  beforeEach(() => openDoor({ production: false }));

  it('nobody is asked twice', async () => {
    revision = 'r1';
    await door.command('enter shop');
    expect(door.messages).toHaveLength(1);
    expect(last()?.text).toContain('Shop is closed to everyone');
  });

  it('but for what somebody else holds', async () => {
    await operate(door.env.deps, requestOf());
    door.env.clock.now += 10_000;
    await door.command('exit shop');
    expect(last()?.buttons).toEqual(['run', 'cancel']);
    expect((await state()).mode).toBe('maintenance');
  });
});

describe('while Slack is down', () => {
  beforeEach(() => openDoor({ production: false }));

  it('what was asked is done all the same; the message comes later', async () => {
    revision = 'r1';
    door.down.add('post').add('update').add('tell');
    await door.command('enter shop');
    expect((await state()).mode).toBe('maintenance');
    expect(door.messages).toEqual([]);
    door.down.clear();
    door.env.clock.now += 120_000;
    await door.tick();
    expect(door.messages).toMatchObject([{ text: expect.stringContaining('Shop is closed to everyone') }]);
    await door.tick();
    expect(door.messages).toHaveLength(1);
  });

  it('a message that cannot be changed for a while is changed later, and not posted twice', async () => {
    door.down.add('update');
    await door.command('enter shop');
    expect(last()?.text).toContain('Closing Shop…');
    door.down.clear();
    revision = 'r1';
    door.env.clock.now += 120_000;
    await door.tick();
    expect(door.messages).toHaveLength(1);
    expect(last()?.text).toContain('Shop is closed to everyone');
  });

  it('nobody can be asked, so nothing of production is run', async () => {
    Object.assign(door.deps, { config: { ...door.deps.config, production: true } });
    door.down.add('post');
    await door.command('enter shop');
    expect(door.told.at(-1)?.text).toContain('Nothing was run.');
    expect((await state()).mode).toBe('normal');
  });

  it('a form that it does not open is told at once', async () => {
    door.down.add('openForm');
    expect((await door.command('')).text).toContain('/drawbridge enter shop');
  });
});

describe('an execution that dies', () => {
  beforeEach(() => openDoor({ production: false }));

  it('before it has run anything is done by the one that is tried after it', async () => {
    revision = 'r1';
    door.env.table.meanwhile = (call, side) => {
      if (side === 'before' && call.includes('running in slack')) throw new Error('the execution died');
    };
    const { slack } = await refusedOnce(() => door.command('enter shop'));
    door.env.table.meanwhile = undefined;
    door.env.clock.now += 60_000;
    const { work } = await import('../../../../lambda/src/slack/work.ts');
    await work(door.deps, slack, door.env.clock.now + 60_000);
    expect(last()?.text).toContain('Shop is closed to everyone');
    expect(await audit()).toHaveLength(1);
  });

  it('after it has committed is carried on by the next tick', async () => {
    revision = 'r1';
    door.env.table.meanwhile = (call, side) => {
      if (side === 'after' && call.includes('operation, audit')) throw new Error('the execution died');
    };
    await refusedOnce(() => door.command('enter shop'));
    door.env.table.meanwhile = undefined;
    // It may still be at it.
    const before = JSON.stringify(door.messages);
    await door.tick();
    expect(JSON.stringify(door.messages)).toBe(before);
    door.env.clock.now += 120_000;
    await door.tick();
    expect(door.messages).toHaveLength(1);
    expect(last()?.text).toContain('Shop is closed to everyone');
    expect(await audit()).toHaveLength(1);
  });
});

/** What was handed on, of an execution that died doing it. */
async function refusedOnce(ask: () => Promise<unknown>) {
  let event: (typeof door.handed)[number] | undefined;
  const { invokeSelf } = door.deps;
  Object.assign(door.deps, {
    invokeSelf: async (one: NonNullable<typeof event>) => {
      event = one;
      await invokeSelf(one);
    },
  });
  await expect(ask()).rejects.toThrow('the execution died');
  return event as NonNullable<typeof event>;
}
