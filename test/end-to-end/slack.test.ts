import { GUEST, MANAGER } from '../../local/slack/people.ts';
import type { LocalSlackApp } from '../../local/slack/start.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { signed, siteUrl, startTestStack } from '../stack.ts';
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
