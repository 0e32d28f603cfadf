import type { ServiceConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { verify } from '../../../../lambda/src/proof/verify.ts';
import { alert } from '../../../../lambda/src/reconcile/alert.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { OPERATOR, requestOf } from '../../../builders.ts';
import { createSlackDoor, type SlackDoor } from './door.ts';

/** What the channel hears of what others did. */

let door: SlackDoor;
beforeEach(async () => {
  door = await createSlackDoor();
  await door.tick();
  door.env.clock.now += 60_000;
});
afterEach(() => door.env.close());

const texts = () => door.messages.map(({ text }) => text);
const asked = (more = {}) => requestOf({ requestedAt: new Date(door.env.clock.now).toISOString(), ...more });
const minute = async () => {
  door.env.clock.now += 60_000;
  await door.tick();
};
const service = () => door.env.deps.config.services[0] as ServiceConfig;
const NOTICE = { subject: '[production] Shop is contested', message: 'Find out who changes them.', service: 'shop' };
const call = () => door.env.store.addSlackNotice(NOTICE, new Date(door.env.clock.now).toISOString());

it('is what a sheet did, under one message of the service, changed when it is proven and not told again', async () => {
  await operate(door.env.deps, asked());
  await minute();
  expect(texts()).toEqual([
    expect.stringMatching(/^Shop \(production\): Closing…/),
    expect.stringMatching(/^Enter maintenance, release.manager@example.com \(step 2\): Closing Shop…/),
  ]);
  expect(door.messages[1]?.thread).toBe(door.messages[0]?.ts);

  door.env.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r1' });
  await verify(door.env.deps, service(), { forMs: 30_000 });
  await minute();
  expect(texts()).toEqual([
    expect.stringMatching(/^Shop \(production\): Closed/),
    expect.stringMatching(/^Enter maintenance.*: Shop is closed to everyone/),
  ]);
  await minute();
  await minute();
  expect(door.messages).toHaveLength(2);
  expect(door.messages[1]?.changes).toBe(1);
});

it('goes on where somebody deleted its messages: what comes next begins a new one', async () => {
  await operate(door.env.deps, asked());
  await minute();
  door.messages.splice(0);
  door.env.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r1' });
  await verify(door.env.deps, service(), { forMs: 30_000 });
  await minute();
  expect(texts()).toEqual([]);
  await operate(door.env.deps, asked({ operationId: 'production-00000002', action: 'exit' }));
  await minute();
  expect(texts()[0]).toMatch(/^Shop \(production\): Opening…/);
});

it('leaves out what was asked in the channel itself, and who was not let in: they were told', async () => {
  await door.command('enter shop', { user_id: 'U0GUEST' });
  await door.command('enter shop');
  const question = door.messages[0];
  const record = door.env.table.items().find((item) => item.ts === question?.ts);
  await door.press('run', question?.ts ?? '', String(record?.id));
  await minute();
  expect(door.messages).toHaveLength(1);
});

it('does not begin with what happened before there was a channel', async () => {
  const other = await createSlackDoor();
  await operate(other.env.deps, requestOf({ requestedAt: new Date(other.env.clock.now).toISOString() }));
  other.env.clock.now += 60_000;
  await other.tick();
  other.env.clock.now += 60_000;
  await other.tick();
  expect(other.messages).toEqual([]);
  await other.env.close();
});

it('is told later what Slack did not take, in the order in which it happened', async () => {
  door.down.add('post');
  await operate(door.env.deps, asked());
  await call();
  await minute();
  expect(door.messages).toEqual([]);
  door.env.clock.now += 10_000;
  await operate(door.env.deps, asked({ action: 'exit' }));
  door.down.clear();
  await minute();
  expect(texts().slice(1)).toEqual([
    expect.stringMatching(/^Enter maintenance/),
    expect.stringMatching(/^Exit maintenance/),
    expect.stringContaining('Shop is contested'),
  ]);
  await minute();
  expect(door.messages).toHaveLength(4);
});

it('an execution that dies after a message repeats that one at most, and loses none', async () => {
  await operate(door.env.deps, asked());
  await call();
  let isDead = false;
  door.env.table.meanwhile = (what, side) => {
    if (side !== 'before' || isDead || !what.includes('slack feed') || door.messages.length < 2) return;
    isDead = true;
    throw new Error('the execution died');
  };
  await minute();
  door.env.table.meanwhile = undefined;
  await minute();
  const facts = texts().filter((text) => text.startsWith('Enter maintenance'));
  expect(facts.length).toBeLessThanOrEqual(2);
  expect(texts().filter((text) => text.includes('contested'))).toHaveLength(1);
});

it('calls people once for a condition, with buttons while the service is not open', async () => {
  await operate(door.env.deps, asked());
  await call();
  await call();
  await minute();
  await minute();
  const calls = door.messages.filter(({ text }) => text.includes('contested'));
  expect(calls).toMatchObject([{ buttons: ['open-now', 'take-over', 'on-it'] }]);
});

it('tells a repair once, by the notice that calls people, which names the environment once', async () => {
  const { env } = door;
  const sees = (mark: string) => () => ({ kind: 'answered', status: 503, maintenanceMode: mark }) as const;
  await operate(env.deps, asked());
  env.sees = sees('r1');
  await verify(env.deps, service(), { forMs: 30_000 });
  const place = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
  const group = await env.ruleGroups.read(place);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(place, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
  env.clock.now += 60_000;
  const at = new Date(env.clock.now).toISOString();
  await reconcile({ ...env.deps, notify: (notice) => env.store.addSlackNotice(notice, at) });
  await minute();
  const told = texts().filter((text) => /firewall rules/.test(text) && !/^Shop \(production\)/.test(text));
  expect(told).toHaveLength(1);
  expect(told[0]?.match(/production/g)).toHaveLength(1);
});

it('has no buttons but one where the service is open', async () => {
  await call();
  await minute();
  const calls = door.messages.filter(({ text }) => text.includes('contested'));
  expect(calls).toMatchObject([{ buttons: ['on-it'] }]);
});

it('calls people once though an execution died before it could note that it has', async () => {
  await call();
  door.env.table.meanwhile = (what, side) => {
    if (side !== 'before' || door.messages.length < 2 || !what.includes('slack notice')) return;
    door.env.table.meanwhile = undefined;
    throw new Error('the execution died');
  };
  await minute();
  expect(door.env.table.meanwhile).toBeUndefined();
  await minute();
  expect(door.messages.filter(({ text }) => text.includes('contested'))).toHaveLength(1);
});

it('what Slack does not change now is changed later: only what is gone is given up', async () => {
  const logged: unknown[] = [];
  Object.assign(door.deps, { log: (...entry: unknown[]) => void logged.push(entry) });
  await operate(door.env.deps, asked());
  await minute();
  door.env.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r1' });
  await verify(door.env.deps, service(), { forMs: 30_000 });
  door.down.add('update');
  await minute();
  expect(logged).toEqual([['warn', 'not told in Slack yet', { message: 'A request error occurred: fetch failed' }]]);
  door.down.clear();
  await minute();
  expect(texts()).toEqual([expect.stringMatching(/: Closed/), expect.stringContaining('Shop is closed to everyone')]);
});

it('another execution that is at it is left alone, for as long as it may take', async () => {
  await operate(door.env.deps, asked());
  const before = await door.env.store.slackFeed();
  const leaseUntil = new Date(door.env.clock.now + 60_000).toISOString();
  await door.env.store.putSlackFeed(before, { since: '', told: {}, threads: {}, ...before, leaseUntil });
  await door.tick();
  expect(door.messages).toEqual([]);
  await minute();
  expect(door.messages).toHaveLength(2);
});

it('names the service of what calls people', async () => {
  const told: unknown[] = [];
  const deps = { ...door.env.deps, notify: async (notice: unknown) => void told.push(notice) };
  const condition = { id: 'overdue 1', metric: 'Overdue' as const, notice: { subject: 's', message: 'm' } };
  await alert(deps, service(), await door.env.store.state('shop'), [condition]);
  expect(told).toEqual([{ subject: 's', message: 'm', service: 'shop' }]);
});

describe('a night', () => {
  const HOUR_MS = 60 * 60_000;
  const begun = () => door.env.clock.now;
  /** The steps that a sheet has armed, as so many hours from now. */
  const arm = async (...hours: number[]) => {
    const armed = hours.map((ahead) => ({
      ...{ operationId: `production-${ahead}`, step: `${ahead}`, service: 'shop', action: 'enter' },
      plannedStart: new Date(begun() + ahead * HOUR_MS).toISOString(),
      requestedBy: OPERATOR,
    }));
    const sheet = { name: 'Release 42', heardAt: new Date(begun()).toISOString(), hasIntents: false, armed };
    const put = { pk: 'WAITING', sk: 'sheet-1', spreadsheetId: 'sheet-1', ...sheet };
    await door.env.table.commit([{ put, label: 'waiting' }]);
  };
  const digests = () => door.messages.filter(({ text }) => /for the night/.test(text));

  it('is told once before it begins, in the channel itself, with what is armed, for when and by whom', async () => {
    await arm(9);
    await minute();
    expect(digests()).toEqual([]);
    await arm(7, 8);
    for (let again = 0; again < 3; again += 1) await minute();
    expect(digests()).toMatchObject([{ text: expect.stringContaining('2 steps run by themselves'), changes: 0 }]);
    expect(digests()[0]?.text).toMatch(/step 7 of Release 42, Enter maintenance, shop; armed by release.manager@/);
    expect(digests()[0]?.thread).toBeUndefined();
  });

  it('is told in the first minute of a new channel, which hears nothing of what happened before', async () => {
    await door.env.close();
    door = await createSlackDoor();
    await operate(door.env.deps, asked());
    door.env.clock.now += 60_000;
    await arm(7);
    await door.tick();
    expect(texts()).toEqual([expect.stringMatching(/^Armed for the night.*\n.*step 7 of Release 42/)]);
  });

  it('is one message, which is changed when a step is armed or disarmed', async () => {
    await arm(7);
    await minute();
    await arm(7, 8);
    await minute();
    expect(digests()).toMatchObject([{ text: expect.stringContaining('2 steps'), changes: 1 }]);
    await arm();
    await minute();
    expect(digests()).toMatchObject([{ text: expect.stringContaining('Nothing is armed'), changes: 2 }]);
  });

  it('that Slack did not take is told when it is back', async () => {
    door.down.add('post');
    await arm(7);
    await minute();
    await minute();
    expect(door.messages).toEqual([]);
    door.down.clear();
    await minute();
    expect(digests()).toHaveLength(1);
  });

  it('is told twice at most by an execution that dies, and not lost', async () => {
    await arm(7);
    let isDead = false;
    door.env.table.meanwhile = (what, side) => {
      if (side !== 'before' || isDead || !what.includes('slack feed') || digests().length < 1) return;
      isDead = true;
      throw new Error('the execution died');
    };
    await minute();
    await minute();
    await minute();
    expect(isDead).toBe(true);
    expect(digests()).toHaveLength(2);
  });

  it('whose message somebody deleted is told anew when it changes', async () => {
    await arm(7);
    await minute();
    door.messages.splice(door.messages.indexOf(digests()[0] as (typeof door.messages)[number]), 1);
    await arm(7, 8);
    await minute();
    expect(digests()).toMatchObject([{ text: expect.stringContaining('2 steps') }]);
  });

  it('of the next day has a message of its own', async () => {
    await arm(7);
    await minute();
    await arm();
    door.env.clock.now += 20 * HOUR_MS;
    await arm(5);
    await minute();
    expect(digests()).toHaveLength(2);
  });

  it('is not told where the config says so, and a step only as long before as it says', async () => {
    const { config } = door.deps;
    Object.assign(config, { reminders: { digestHours: 0, minutes: 30, byEmail: false } });
    await arm(0.75);
    await minute();
    expect(door.messages).toEqual([]);
    door.env.clock.now += 15 * 60_000;
    await minute();
    expect(texts()).toEqual([expect.any(String), expect.stringMatching(/^Armed for .*step 0.75/)]);
  });
});

describe('the buttons of a call', () => {
  beforeEach(async () => {
    await operate(door.env.deps, asked());
    await call();
    await minute();
  });
  const notice = () => door.messages.find(({ text }) => text.includes('contested'));
  const id = () => `${new Date(door.env.clock.now - 60_000).toISOString()} ${NOTICE.subject}`;

  it('say who is on it', async () => {
    await door.press('on-it', notice()?.ts ?? '', id());
    expect(notice()).toMatchObject({
      text: expect.stringContaining(`${OPERATOR} is on it.`),
      buttons: ['open-now', 'take-over'],
    });
  });

  it.each([
    ['open-now', 'Open Shop to everyone? (production)'],
    ['take-over', 'Close Shop to everyone? (production)'],
  ])('%s asks what the command would, and runs nothing yet', async (button, question) => {
    await door.press(button, notice()?.ts ?? '', 'shop');
    expect(door.messages.at(-1)?.text).toContain(question);
    expect(door.messages.at(-1)?.text).toContain(`${OPERATOR} holds it (step 2)`);
    expect((await door.env.store.state('shop')).revision).toBe(1);
  });

  it.each(['open-now', 'take-over', 'on-it'])('%s is nothing for a guest, nor of what nobody knows', async (button) => {
    const before = JSON.stringify(door.messages);
    await door.press(button, notice()?.ts ?? '', 'shop', { userId: 'U0GUEST' });
    await door.press(button, notice()?.ts ?? '', 'nonsense');
    expect(JSON.stringify(door.messages)).toBe(before);
    expect(door.told.map(({ text }) => text)).toEqual([
      expect.stringContaining('Guests may not ask'),
      expect.stringContaining('does not know this message'),
    ]);
  });
});
