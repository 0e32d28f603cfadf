import { problem } from '../../../../contract/problem.ts';
import { answer, type ChatDependencies } from '../../../../lambda/src/chat/answer.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { UNKNOWN_SERVICE } from '../../../../lambda/src/store/audit.ts';
import { createTestEnvironment, OPERATOR, requestOf, type TestEnvironment } from '../../../builders.ts';

/** What a channel gets done in which no person is proven. */

const CHANNEL = 'C0123456789';
const NOBODY = `channel ${CHANNEL}, person not proven`;
const SOURCE = { kind: 'chat-channel', channel: CHANNEL };

let env: TestEnvironment;
let deps: ChatDependencies;
let requests = 0;
beforeEach(() => open());
afterEach(() => env.close());

async function open(
  more: { allow?: ('status' | 'enter' | 'exit')[]; channel?: string } = {},
  production = true,
): Promise<void> {
  await env?.close();
  env = await createTestEnvironment();
  const chat = { workspace: 'T0123456789', channel: CHANNEL, ...more };
  deps = {
    ...env.deps,
    config: { ...env.deps.config, production, chat },
    chat: { ...chat, channel: CHANNEL },
  };
  // The site is closed as soon as its firewall is.
  env.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r1' });
}

function ask(event: unknown, requestId?: string) {
  requests += 1;
  return answer(deps, { event, requestId: requestId ?? `request-${requests}`, until: env.clock.now + 60_000 });
}
const told = () => env.notices.map(({ message }) => message);
const audit = (service = 'shop') => env.store.audit(service, '', 20);
const mode = async () => (await env.store.state('shop')).mode;

it('closes a service, tells the channel how far it is and then the proof, and audits that nobody is known', async () => {
  await ask({ command: 'enter', service: 'shop' });
  expect(await mode()).toBe('maintenance');
  expect(told().at(-1)).toContain('Shop is closed to everyone');
  const threads = new Set(env.notices.map(({ thread }) => thread));
  expect([threads.size, env.notices[0]?.subject]).toEqual([1, 'Enter maintenance: Shop (production)']);
  expect(await audit()).toMatchObject([{ action: 'enter', state: 'verified', by: NOBODY, source: SOURCE }]);
});

it('says so for as long as visitors still get in, and never that it is closed', async () => {
  env.sees = () => ({ kind: 'answered', status: 200 });
  await ask({ command: 'enter', service: 'shop' });
  expect(told().join('\n')).toMatch(/still got in/);
  expect(told().join('\n')).not.toContain('Shop is closed to everyone.');
});

it('tells how services are, and changes and audits nothing', async () => {
  await ask({ command: 'status' });
  expect(env.notices).toMatchObject([
    { subject: 'Services (production)', message: expect.stringMatching(/^Shop: Open\. /) },
  ]);
  expect([await mode(), await audit(), await audit(UNKNOWN_SERVICE)]).toEqual(['normal', [], []]);
});

it.each(['exit', 'enable-allowlist', 'disable-allowlist'])(
  'in production %s is refused by name and audited, though the service is the channel’s own',
  async (command) => {
    await ask({ command: 'enter', service: 'shop' });
    env.clock.now += 10_000;
    await ask({ command, service: 'shop' });
    expect(told().at(-1)).toContain(
      `Nothing was run. The channel ${CHANNEL} may not ask for ${command}. It may ask for status, enter.`,
    );
    expect(await mode()).toBe('maintenance');
    expect((await audit()).find(({ action }) => action === command)).toMatchObject({
      state: 'refused',
      by: NOBODY,
      source: SOURCE,
      problem: { code: 'NOT_OPERATOR' },
    });
  },
);

it('opens what it closed where the config says in writing that it may', async () => {
  await open({ allow: ['enter', 'exit'] });
  await ask({ command: 'enter', service: 'shop' });
  env.clock.now += 10_000;
  await ask({ command: 'exit', service: 'shop' });
  expect(await mode()).toBe('normal');
  await ask({ command: 'status' });
  expect(told().at(-1)).toContain('may not ask for status. It may ask for: enter, exit');
});

it('opens outside of production what it closed', async () => {
  await open({}, false);
  await ask({ command: 'enter', service: 'shop' });
  env.clock.now += 10_000;
  await ask({ command: 'exit', service: 'shop' });
  expect(await mode()).toBe('normal');
});

it('lets another channel than the one that the config names ask for nothing', async () => {
  await open({ channel: 'C9876543210' });
  await ask({ command: 'enter', service: 'shop' });
  expect([await mode(), told()]).toEqual([
    'normal',
    [`Nothing was run. The channel ${CHANNEL} may not ask for enter. Ask an operator to do it in the release sheet.`],
  ]);
});

it.each([
  ['a sheet', requestOf()],
  ['a person in Slack', requestOf({ source: { kind: 'slack', channel: 'C9876543210' } })],
  ['the break-glass command', requestOf({ source: { kind: 'break-glass' } })],
])('does not touch what %s holds, whatever the config lets it ask for', async (_who, held) => {
  await open({ allow: ['enter', 'exit'] });
  await operate(deps, held);
  env.clock.now += 10_000;
  await ask({ command: 'exit', service: 'shop' });
  expect(await mode()).toBe('maintenance');
  expect(told().at(-1)).toContain(OPERATOR);
  expect((await audit()).find(({ action }) => action === 'exit')).toMatchObject({
    state: 'refused',
    problem: { code: 'HELD_BY_OTHER' },
  });
});

it.each([
  ['a misspelt command', { command: 'entr', service: 'shop' }, 'Did you mean enter?'],
  ['an unknown command', { command: 'destroy', service: 'shop' }, 'There is no "destroy"'],
  ['a misspelt service', { command: 'enter', service: 'shpo' }, 'Did you mean shop?'],
  ['a variable that nobody filled in', { command: 'enter', service: '$service' }, 'no service "$service"'],
  ['no service', { command: 'enter' }, 'Say which service to enter. There are: shop.'],
  ['more than one word', { command: 'enter', service: 'shop for 2h' }, 'It must be one word'],
  ['another field', { command: 'enter', service: 'shop', takeOver: true }, 'takeOver'],
  ['no command', {}, 'command'],
  ['no object', 'enter shop', 'not what the commands of the channel send'],
  ['nothing', null, 'not what the commands of the channel send'],
])('runs nothing of %s, says why, and audits it', async (_what, event, message) => {
  await ask(event);
  expect(told()).toEqual([expect.stringContaining(message)]);
  expect([await mode(), await audit()]).toEqual(['normal', []]);
  expect(await audit(UNKNOWN_SERVICE)).toMatchObject([{ kind: 'not-admitted', by: NOBODY, source: SOURCE }]);
});

it('asks for one service at a time: a group is refused by its name', async () => {
  deps = { ...deps, config: { ...deps.config, groups: [{ name: 'all', services: ['shop', 'payments'] }] } };
  const payments = { ...deps.config.services[0]!, name: 'payments' };
  deps = { ...deps, config: { ...deps.config, services: [...deps.config.services, payments] } };
  await ask({ command: 'enter', service: 'all' });
  expect(told()).toEqual([
    'Nothing was run. "all" is a group, and a channel asks for one service at a time: shop, payments.',
  ]);
  expect(await mode()).toBe('normal');
});

it('while the table is busy is told to ask again; what was written all the same is told as it stands', async () => {
  for (const side of ['before', 'after'] as const) {
    env.table.meanwhile = (call, when) => {
      if (when !== side || !call.includes('operation, audit')) return;
      env.table.meanwhile = undefined;
      throw problem('TRY_AGAIN', 'The table is busy just now. Send the same request again: it runs once.');
    };
    await ask({ command: 'enter', service: 'shop' });
  }
  const [first, ...rest] = told();
  expect(first).toBe(
    'Nothing was run. Drawbridge has too much to write just now. Ask again in a moment; or use the release sheet.',
  );
  expect(rest.at(-1)).toContain('Shop is closed to everyone');
  expect(rest.join('\n')).not.toContain('Nothing was run');
});

it('delivered again later it does nothing twice, and tells what it came to', async () => {
  await ask({ command: 'enter', service: 'shop' }, 'the-same');
  env.clock.now += 60_000;
  await ask({ command: 'enter', service: 'shop' }, 'the-same');
  expect((await env.store.state('shop')).revision).toBe(1);
  expect(await audit()).toMatchObject([{ state: 'verified' }]);
  expect(told().at(-1)).toContain('Shop is closed to everyone');
});

it('delivered twice at once it does nothing twice, and neither says that nothing was run', async () => {
  const asked = { event: { command: 'enter', service: 'shop' }, requestId: 'the-same', until: env.clock.now + 60_000 };
  await Promise.all([answer(deps, asked), answer({ ...deps, now: () => deps.now() + 1_000 }, asked)]);
  expect((await env.store.state('shop')).revision).toBe(1);
  expect(await audit()).toHaveLength(1);
  expect(told().join('\n')).not.toContain('Nothing was run');
});
