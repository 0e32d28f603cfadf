import { setTimeout as sleep } from 'node:timers/promises';
import { MOVES } from '../contract/modes.ts';
import { INTERN, RELEASE_MANAGER } from './people.ts';
import { rowsOf, type SheetRow, stepOf } from './sheet-rows.ts';
import { GUEST, MANAGER } from './slack/people.ts';
import { type Stack, startStack } from './stack.ts';
import { type Visit, visit } from './visit.ts';

/** `npm run demo`: the whole rundown without a browser. Every status code printed here was really received. */

const SERVICE = 'shop';
const SERVICE_TITLE = 'Shop';
const LONGEST_STEP_MS = 60_000;

type Expected = Readonly<Record<string, number>>;

const VISITS: Readonly<Record<string, Visit>> = {
  'public page': { as: 'public' },
  'public API': { as: 'public', path: '/api/cart', headers: { accept: 'application/json' } },
  preflight: {
    as: 'public',
    path: '/api/cart',
    method: 'OPTIONS',
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' },
  },
  tester: { as: 'tester' },
  'health check': { as: 'public', path: '/health' },
};

const OPEN: Expected = { 'public page': 200, 'public API': 200, tester: 200, 'health check': 200 };
const CLOSED: Expected = { 'public page': 503, 'public API': 503, preflight: 204, tester: 503, 'health check': 200 };
const TESTERS_IN: Expected = { ...CLOSED, tester: 200 };

let failures = 0;

function line(step: string, outcome: string, ok: boolean): void {
  if (!ok) failures += 1;
  console.log(`${ok ? '✓' : '✗'} ${step.padEnd(34)} ${outcome}`);
}

async function visitAll(stack: Stack, expected: Expected): Promise<{ text: string; ok: boolean }> {
  const url = stack.sites.find(({ service }) => service === SERVICE)?.url as string;
  const seen = await Promise.all(
    Object.entries(expected).map(async ([name, status]) => {
      const answer = await visit(url, VISITS[name] as Visit);
      const marked = answer.status >= 500 && !answer.headers['x-maintenance-mode'] ? ' without our header!' : '';
      return { text: `${name} ${answer.status}${marked}`, ok: answer.status === status && !marked };
    }),
  );
  return { text: seen.map(({ text }) => text).join(' · '), ok: seen.every(({ ok }) => ok) };
}

/** Sets Go as somebody who reads: a step that is not due yet asks once. */
async function go(stack: Stack, row: SheetRow, user: string): Promise<SheetRow> {
  const after = await typeGo(stack, row, user);
  return after.value('Result').includes('set Go again within') ? typeGo(stack, after, user) : after;
}

/** Types Go as that person and waits until the script has answered in the row. */
async function typeGo(stack: Stack, row: SheetRow, user: string): Promise<SheetRow> {
  const rundown = () => rowsOf(stack, 'Rundown');
  const { executions } = await stack.runtime.edit({
    spreadsheetId: stack.releaseSheet,
    sheet: 'Rundown',
    range: row.cell('Status'),
    values: [['Go']],
    user,
  });
  await Promise.race([executions, sleep(LONGEST_STEP_MS, undefined, { ref: false })]);
  return rundown().find(({ value }) => value('Step') === row.value('Step')) as SheetRow;
}

async function play(stack: Stack): Promise<void> {
  const before = await visitAll(stack, OPEN);
  line('Before the release', before.text, before.ok);
  const steps = [
    ['enter', CLOSED],
    ['enable-allowlist', TESTERS_IN],
    ['disable-allowlist', CLOSED],
    ['exit', OPEN],
  ] as const;
  for (const [action, expected] of steps) {
    const { title } = MOVES[action];
    const row = stepOf(stack, SERVICE, title);
    if (action === 'exit') await refusal(stack, row);
    const after = await go(stack, row, RELEASE_MANAGER);
    const seen = await visitAll(stack, expected);
    const status = after.value('Status');
    line(`Step ${row.value('Step')}: ${title}`, `row ${status} · ${seen.text}`, seen.ok && status === 'Done');
  }
}

/** Somebody who is no operator tries to open the site. */
async function refusal(stack: Stack, row: SheetRow): Promise<void> {
  const after = await go(stack, row, INTERN);
  const seen = await visitAll(stack, CLOSED);
  const status = after.value('Status');
  line(`Step ${row.value('Step')}: by an intern`, `row ${status} · ${seen.text}`, seen.ok && status === 'Failed');
  console.log(`  “${after.value('Result')}”`);
}

/** The same in Slack: typed, confirmed by a button, proven in the same message. */
async function playSlack(stack: Stack): Promise<void> {
  const app = stack.slack.production;
  if (!app) return;
  const steps = [
    ['enter', CLOSED, 'closed to everyone'],
    ['exit', OPEN, 'open to everyone'],
  ] as const;
  for (const [action, expected, proof] of steps) {
    await app.command({ userId: MANAGER, text: `${action} ${SERVICE}` });
    const last = () => app.workspace.messages.at(-1);
    const isDone = await until(() => last()?.blocks.some(({ type }) => type === 'actions') ?? false);
    if (isDone) await app.press({ userId: MANAGER, ts: last()?.ts ?? '', button: 'run' });
    const isProven = await until(() => last()?.text.includes(`${SERVICE_TITLE} is ${proof}`) ?? false);
    const seen = await visitAll(stack, expected);
    line(
      `Slack: /drawbridge ${action} ${SERVICE}`,
      `${isProven ? 'proven' : 'not proven'} · ${seen.text}`,
      seen.ok && isProven,
    );
  }
  await app.command({ userId: GUEST, text: `enter ${SERVICE}` });
  const isTold = await until(() => app.workspace.ephemerals.some(({ to }) => to === GUEST));
  const seen = await visitAll(stack, OPEN);
  line('Slack: by a guest', `${isTold ? 'refused' : 'no answer'} · ${seen.text}`, seen.ok && isTold);
}

async function until(holds: () => boolean): Promise<boolean> {
  for (let left = LONGEST_STEP_MS; left > 0 && !holds(); left -= 100) await sleep(100);
  return holds();
}

const stack = await startStack({ dist: new URL('../', import.meta.url) });
try {
  await play(stack);
  await playSlack(stack);
} finally {
  await stack.close();
}
console.log(failures ? `${failures} checks did not hold.` : 'Every check held.');
process.exitCode = failures ? 1 : 0;
