import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { rowsOf } from '../../local/sheet-rows.ts';
import { signedHeaders } from '../../local/slack/deliver.ts';
import { BOT, GUEST, MANAGER, MEMBER, NO_EMAIL, STRANGER, UNCONFIRMED } from '../../local/slack/people.ts';
import type { LocalSlackApp } from '../../local/slack/start.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { DIST, go, signed, siteUrl, startTestStack } from '../stack.ts';
import { eventually } from './eventually.ts';

/** The second door: what people in Slack type and press, over a Slack that signs as the real one does. */

let stack: Stack;
let app: LocalSlackApp;
beforeAll(async () => {
  stack = await startTestStack();
  app = stack.slack.production as LocalSlackApp;
});
afterAll(() => stack?.close());

const toldTo = (userId: string) => app.workspace.ephemerals.filter(({ to }) => to === userId).map(({ text }) => text);
const lastMessage = () => app.workspace.messages.at(-1);
const publicSees = async () => (await visit(siteUrl(stack, 'payments'), { as: 'public' })).status;

async function audited() {
  const { entries } = (await (await signed(stack, '/audit')).json()) as { entries: object[] };
  return entries;
}

it('tells an operator who asks for status how every service is', async () => {
  await app.command({ userId: MANAGER, text: 'status' });
  await eventually(() => expect(toldTo(MANAGER)).toEqual(['Shop: Open; Payments: Open']));
  expect(toldTo(GUEST)).toEqual([]);
});

it('closes a service of production once its question is answered, and proves it in the same message', async () => {
  await app.command({ userId: MANAGER, text: 'enter payments' });
  await eventually(() => expect(lastMessage()?.text).toContain('Close Payments to everyone? (production)'));
  const question = lastMessage();
  expect(question?.text).toContain('The public will see: Everyone gets the maintenance page (503)');
  expect(question?.text).toContain('Nobody holds it.');
  expect(await publicSees()).toBe(200);

  await app.press({ userId: MANAGER, ts: question?.ts ?? '', button: 'run' });
  await eventually(() => expect(lastMessage()?.text).toContain('Payments is closed to everyone'));
  expect(lastMessage()?.ts).toBe(question?.ts);
  expect(lastMessage()?.blocks.some(({ type }) => type === 'actions')).toBe(false);
  expect(await publicSees()).toBe(503);
  expect(await audited()).toMatchObject([
    {
      service: 'payments',
      action: 'enter',
      state: 'verified',
      by: 'release.manager@example.com',
      source: { kind: 'slack', channel: 'C0123456789' },
    },
  ]);
});

it('tells the sheet at its next sync, and the channel of what the sheet did', async () => {
  stack.clock.moveTo(stack.clock.now() + 61_000);
  await stack.runtime.tick();
  const [line] = rowsOf(stack, 'Services').filter(({ value }) => value('Service') === 'payments');
  expect(line?.value('Mode')).toBe('Closed');
  expect(line?.value('Set by')).toBe('release.manager@example.com');
  expect(line?.value('Held by')).toBe('release.manager@example.com, from Slack');

  await stack.runSlack();
  await go(stack, 'shop', 'Enter maintenance');
  await stack.runSlack();
  const told = app.workspace.messages.filter(({ thread }) => thread !== undefined);
  expect(told.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Enter maintenance, release.manager@example.com \(step 2\): Shop is closed to everyone/),
  );
  const board = app.workspace.messages.find(({ ts }) => ts === told.at(-1)?.thread);
  expect(board?.text).toMatch(/^Shop \(production\): Closed/);
});

it('refuses a guest, an intern, and whoever is of another company: each alone, and nothing changes', async () => {
  const before = app.workspace.messages.length;
  for (const userId of [GUEST, MEMBER, STRANGER, BOT, NO_EMAIL, UNCONFIRMED]) {
    await app.command({ userId, text: 'exit payments' });
    await eventually(() => expect(toldTo(userId).join()).toContain('Nothing was run.'));
  }
  expect(app.workspace.messages).toHaveLength(before);
  expect(await publicSees()).toBe(503);
  const refused = (await audited()).filter((entry) => 'kind' in entry && entry.kind === 'not-admitted');
  expect(refused).toHaveLength(6);
});

it('lets nothing in that Slack has not signed, or signed long ago', async () => {
  const url = `${stack.gateway.apiUrl('production')}/slack`;
  const told = toldTo(GUEST).length;
  const body = await app.command({ userId: GUEST, text: 'status' });
  await eventually(() => expect(toldTo(GUEST)).toHaveLength(told + 1));
  const post = (headers: Record<string, string>) => fetch(url, { method: 'POST', headers, body });
  const wrong = signedHeaders('not the secret', body, stack.clock.now());
  expect((await post(wrong)).status).toBe(401);
  expect((await post({ 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(401);
  // Slack's own, ten minutes later.
  stack.clock.moveTo(stack.clock.now() + 1_000);
  const sentAt = stack.clock.now() - 10 * 60_000;
  expect((await app.sendAt(body, sentAt)).status).toBe(401);
  // What somebody listened to does nothing a second time.
  expect((await app.send(body)).status).toBe(200);
  await stack.clock.sleep(1_000);
  expect(toldTo(GUEST)).toHaveLength(told + 1);
});

it('opens a form where words are missing, and goes on from there', async () => {
  await app.command({ userId: MANAGER, text: '' });
  await eventually(() => expect(app.workspace.views).toHaveLength(1));
  await app.submit({ userId: MANAGER, fields: { action: 'exit', service: 'payments', addresses: '', duration: '' } });
  await eventually(() => expect(lastMessage()?.text).toContain('Open Payments to everyone? (production)'));
});

it('goes on while Slack is down, and tells of it when it is back', async () => {
  const question = lastMessage();
  app.fail('chat.update', 'rate-limited');
  await app.press({ userId: MANAGER, ts: question?.ts ?? '', button: 'run' });
  await eventually(async () => expect(await publicSees()).toBe(200));
  expect(lastMessage()?.text).toContain('Open Payments to everyone?');
  app.fail('chat.update', undefined);
  await eventually(() => expect(lastMessage()?.text).toContain('Payments is open to everyone'), 30_000);
});

it('takes a new signing secret beside the older one, until that is forgotten', async () => {
  const url = `${stack.gateway.apiUrl('production')}/slack`;
  const newer = '0123456789abcdef'.repeat(2);
  const command = async (args: string[], typed: string) => {
    const env = {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: 'production',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_SSM: stack.ssm.url,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    const file = fileURLToPath(new URL('ops/slack-secrets.mjs', DIST));
    const child = spawn(process.execPath, [file, 'production', ...args], { env });
    child.stdin.end(typed);
    const [told, code] = await Promise.all([text(child.stderr), new Promise((ended) => child.on('exit', ended))]);
    return { code, told };
  };
  const status = async (secret: string) => {
    const body = new URLSearchParams({ api_app_id: 'nobody' }).toString();
    const headers = signedHeaders(secret, body, stack.clock.now());
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };
  // 400: signed, and not understood.
  expect(await status(newer)).toBe(401);
  expect(await command([], `${newer}\n\n`)).toEqual({ code: 0, told: expect.stringContaining('--finish') });
  stack.clock.moveTo(stack.clock.now() + 4 * 60_000);
  await eventually(async () => expect(await status(newer)).toBe(400));
  expect((await app.send('api_app_id=nobody')).status).toBe(400);
  expect((await command(['--finish'], '')).code).toBe(0);
  stack.clock.moveTo(stack.clock.now() + 4 * 60_000);
  await eventually(async () => expect((await app.send('api_app_id=nobody')).status).toBe(401));
  expect(await status(newer)).toBe(400);
});

it('writes no secret into any log', () => {
  const logs = stack.deployments.production?.slack?.logs().join('\n') ?? '';
  expect(logs).toContain('not let in');
  expect(logs).not.toMatch(/xox[bp]-|x-slack-signature|v0=/);
});
