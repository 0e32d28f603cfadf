import type { Servers } from './servers.ts';
import type { Shown } from './slack-side.ts';

/** Somebody in Slack who reads what is there, and asks again when nothing came of it. */

const MOST_ATTEMPTS = 4;

/** Types the command, and presses the button of what they are asked. */
export async function wishInSlack(servers: Servers, text: string, userId: string): Promise<void> {
  await untilRun(servers, userId, async () => {
    servers.note(`${userId} types ${text}`);
    await servers.fromSlack(servers.slack.command(text, userId));
  });
}

/** Presses a button of the newest notice; then the one of what they are asked. */
export async function pressNotice(servers: Servers, button: string, userId: string): Promise<void> {
  await untilRun(servers, userId, () =>
    press(servers, servers.slack.messages.filter(has(button)).at(-1), button, userId),
  );
}

const has =
  (button: string) =>
  ({ buttons }: Shown): boolean =>
    buttons.some(({ id }) => id === button);

/** A question that was confirmed has no buttons any more. */
async function untilRun(servers: Servers, userId: string, ask: () => Promise<void>): Promise<void> {
  const { messages } = servers.slack;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const before = messages.filter(has('run')).at(-1);
    const question = await afterAMinute(servers, ask, () => {
      const newest = messages.filter(has('run')).at(-1);
      return newest === before ? undefined : newest;
    });
    if (!question) continue;
    for (let presses = 0; presses < MOST_ATTEMPTS && has('run')(question); presses += 1) {
      await afterAMinute(
        servers,
        () => press(servers, question, 'run', userId),
        () => (has('run')(question) ? undefined : question),
      );
    }
    // What it says now is how far it has come; else they are told to ask again.
    if (!has('run')(question) && !/again/i.test(question.text)) return;
  }
}

async function afterAMinute(
  servers: Servers,
  act: () => Promise<void>,
  found: () => Shown | undefined,
): Promise<Shown | undefined> {
  await act();
  if (!found()) await servers.minute();
  return found();
}

async function press(servers: Servers, message: Shown | undefined, button: string, userId: string): Promise<void> {
  const pressed = message?.buttons.find(({ id }) => id === button);
  if (!message || !pressed) return;
  servers.note(`${userId} presses ${button}`);
  await servers.fromSlack(servers.slack.press(message, pressed, userId));
}
