import type { AuditEntry } from '../../../../contract/audit.ts';
import { commandForm, createSlackDoor, pressPayload, type SlackDoor } from './door.ts';

/** Who may not, and who tries it in another way: a clear answer to that person alone, nothing changed, and it is audited. */

let door: SlackDoor;
beforeEach(async () => {
  door = await createSlackDoor();
});
afterEach(() => door.env.close());

const entries = async (): Promise<AuditEntry[]> => {
  return [...(await door.env.store.auditOfAll('', 100)).entries];
};
const mode = async () => (await door.env.store.state('shop')).mode;

async function ask(): Promise<{ ts: string; id: string }> {
  await door.command('enter shop');
  const ts = door.messages.at(-1)?.ts ?? '';
  const record = door.env.table.items().find((item) => item.ts === ts);
  return { ts, id: String(record?.id) };
}

describe('without a signature of Slack’s', () => {
  it.each([
    ['none', { 'x-slack-signature': undefined }],
    ['a wrong one', { 'x-slack-signature': `v0=${'0'.repeat(64)}` }],
    ['one of another time', { 'x-slack-request-timestamp': '1795300000' }],
    ['no time', { 'x-slack-request-timestamp': undefined }],
  ])('nothing is read, run or written: %s', async (_what, headers) => {
    const before = door.env.table.items().length;
    expect(await door.send(commandForm('enter shop'), headers)).toMatchObject({ status: 401 });
    expect(door.told).toEqual([]);
    expect(door.messages).toEqual([]);
    expect(door.env.table.items()).toHaveLength(before);
  });

  it('a check of the certificate gets no further either', async () => {
    const headers = { 'x-slack-signature': undefined };
    expect(await door.send({ ssl_check: '1', token: 'x' }, headers)).toMatchObject({ status: 401 });
  });
});

describe('from where it may not come', () => {
  it.each([
    ['another workspace', { team_id: 'T0OTHER' }, 'This workspace'],
    ['another channel', { channel_id: 'C0OTHER' }, 'does not listen in this channel'],
    ['another app', { api_app_id: 'A0OTHER' }, 'another Slack app'],
  ])('is told at once, and audited: %s', async (_what, more, message) => {
    const { status, text } = await door.command('enter shop', more);
    expect(status).toBe(200);
    expect(text).toContain(message);
    expect(door.messages).toEqual([]);
    expect(await mode()).toBe('normal');
    expect(await entries()).toMatchObject([
      { kind: 'not-admitted', by: 'Slack user U0RELEASE', source: { kind: 'slack' } },
    ]);
  });
});

describe('whoever is no operator', () => {
  it.each([
    ['U0GUEST', 'Guests may not ask', 'Slack user U0GUEST'],
    ['U0BOT', 'Bots and workflows', 'Slack user U0BOT'],
    ['U0OTHER', 'members of our own workspace', 'Slack user U0OTHER'],
    ['U0NOMAIL', 'does not tell your e-mail', 'Slack user U0NOMAIL'],
    ['U0INTERN', 'intern@example.com is not an operator', 'intern@example.com'],
  ])('%s: is told alone, and audited, whatever they ask for', async (user_id, message, by) => {
    for (const text of ['enter shop', 'exit shop', 'status', 'help', 'nonsense', '']) {
      await door.command(text, { user_id });
    }
    expect(door.told.map(({ to }) => to)).toEqual(Array(6).fill(user_id));
    for (const { text } of door.told) expect(text).toContain(message);
    expect(door.messages).toEqual([]);
    expect(door.forms).toEqual([]);
    expect(await mode()).toBe('normal');
    expect((await entries()).map((entry) => [entry.kind, entry.by])).toEqual(Array(6).fill(['not-admitted', by]));
  });

  it.each(['U0GUEST', 'U0BOT', 'U0OTHER', 'U0NOMAIL', 'U0INTERN'])(
    '%s: presses no button of others',
    async (userId) => {
      const { ts, id } = await ask();
      await door.press('run', ts, id, { userId });
      expect(door.told.map(({ to }) => to)).toEqual([userId]);
      expect(await mode()).toBe('normal');
      expect((await entries()).map(({ kind }) => kind)).toEqual(['not-admitted']);
    },
  );

  it('is not let in while Slack does not say who it is', async () => {
    door.down.add('user');
    await door.command('enter shop');
    expect(door.told).toMatchObject([{ text: expect.stringContaining('Slack does not say who you are just now') }]);
    expect(await mode()).toBe('normal');
  });

  it('is known as such within minutes, once they were an operator', async () => {
    await door.command('status');
    door.people.U0RELEASE = { ...door.people.U0RELEASE, deleted: true };
    door.env.clock.now += 6 * 60_000;
    await door.command('enter shop');
    expect(door.told.at(-1)?.text).toContain('deactivated');
  });
});

describe('an operator of another service', () => {
  it('is refused through the one door, and audited as everywhere', async () => {
    const services = door.deps.config.services.map((one) => ({ ...one, operators: [] }));
    const [shop] = services;
    const other = { ...shop, name: 'other', operators: ['other.lead@example.com'] } as NonNullable<typeof shop>;
    Object.assign(door.deps, { config: { ...door.deps.config, services: [...services, other] } });
    door.people.U0LEAD = { ...door.people.U0RELEASE, profile: { email: 'other.lead@example.com' } };
    await door.command('enter shop', { user_id: 'U0LEAD' });
    expect(door.told).toEqual([{ to: 'U0LEAD', text: expect.stringContaining('is not an operator of Shop') }]);
    expect(door.messages).toEqual([]);
    expect(await entries()).toMatchObject([
      { kind: 'operation', state: 'refused', by: 'other.lead@example.com', problem: { code: 'NOT_OPERATOR' } },
    ]);
  });
});

describe('a button', () => {
  it('pressed twice runs once', async () => {
    const { ts, id } = await ask();
    await door.press('run', ts, id);
    await door.press('run', ts, id);
    expect(door.told).toEqual([{ to: 'U0RELEASE', text: expect.stringContaining('decided already') }]);
    expect((await door.env.store.state('shop')).revision).toBe(1);
    expect(await entries()).toHaveLength(1);
  });

  it('pressed hours later runs nothing, and is gone for everybody', async () => {
    const { ts, id } = await ask();
    door.env.clock.now += 4 * 3_600_000;
    await door.press('run', ts, id);
    expect(door.told).toEqual([{ to: 'U0RELEASE', text: expect.stringContaining('too long ago') }]);
    expect(door.messages).toMatchObject([{ buttons: [] }]);
    expect(await mode()).toBe('normal');
  });

  it('pressed after somebody else has set the service runs nothing: it is not what was shown', async () => {
    const first = await ask();
    const second = await ask();
    await door.press('run', first.ts, first.id);
    await door.press('run', second.ts, second.id);
    expect(door.told).toEqual([{ to: 'U0RELEASE', text: expect.stringContaining('not so any more') }]);
    expect((await door.env.store.state('shop')).revision).toBe(1);
  });

  it.each([
    ['of nothing that we know', 'production-ffffffff'],
    ['with something else in it', '__proto__'],
    ['with nothing in it', ''],
  ])('%s runs nothing', async (_what, value) => {
    const { ts } = await ask();
    await door.press('run', ts, value);
    expect(door.told).toEqual([{ to: 'U0RELEASE', text: expect.stringContaining('does not know this message') }]);
    expect(await mode()).toBe('normal');
  });

  it('in another channel, app or workspace runs nothing', async () => {
    const { ts, id } = await ask();
    for (const more of [{ channel: 'C0OTHER' }, { appId: 'A0OTHER' }, { workspace: 'T0OTHER' }]) {
      await door.press('run', ts, id, more);
    }
    expect(await mode()).toBe('normal');
    expect((await entries()).map(({ kind }) => kind)).toEqual(Array(3).fill('not-admitted'));
  });
});

describe('what is delivered again', () => {
  it('does nothing twice: by Slack, by Lambda, or by somebody who listened', async () => {
    const form = commandForm('enter shop');
    await door.send(form);
    await door.send(form, { 'x-slack-retry-num': '1' });
    await door.send(form);
    expect(door.messages).toHaveLength(1);
    const refused = commandForm('enter shop', { user_id: 'U0INTERN' });
    await door.send(refused);
    await door.send(refused);
    expect(await entries()).toHaveLength(1);
    expect(door.told).toHaveLength(1);
  });

  it('is neither told nor audited twice, of a button that was nobody’s to press', async () => {
    const { ts, id } = await ask();
    const form = { payload: JSON.stringify(pressPayload('run', ts, id, { userId: 'U0GUEST' })) };
    await door.send(form);
    await door.send(form);
    expect(await entries()).toHaveLength(1);
    expect(door.told).toHaveLength(1);
  });
});

describe('what nobody understands', () => {
  it.each([
    ['no form', {}],
    ['a payload that is no JSON', { payload: '{' }],
    ['a payload of a kind that we never asked for', { payload: JSON.stringify({ type: 'shortcut' }) }],
    ['a payload with a list for a person', { payload: JSON.stringify({ type: 'block_actions', user: [] }) }],
    ['an event', { payload: JSON.stringify({ type: 'event_callback' }) }],
  ])('is refused, though Slack signed it: %s', async (_what, form) => {
    expect(await door.send(form as Record<string, string>)).toMatchObject({ status: 400 });
    expect(door.handed).toEqual([]);
  });
});
