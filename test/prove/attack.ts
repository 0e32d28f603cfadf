import { request } from 'node:http';
import { allowedRows, keysOf } from '../../apps-script/src/check-answer.ts';
import { defineConfig } from '../../config/define-config.ts';
import type { ConfigInput } from '../../config/schema.ts';
import { checkAllowlistEntry } from '../../contract/allowlist.ts';
import type { RowAnswer } from '../../contract/sync-answer.ts';
import { createTokenCheck } from '../../lambda/src/api/access-token.ts';
import { startPage } from '../../local/page/server.ts';
import { printable } from '../../ops/printable.ts';
import { type HttpAnswer, ON_CALL, Servers } from '../simulation/servers.ts';
import { committed } from '../simulation/truth.ts';
import { at, line, MANAGER, START } from '../unit/lambda/rundown/terminal.ts';
import { createFakeHost } from '../unit/local/page/fake-host.ts';
import { type Door, type GatewayDoor, type Sent, withDoors } from './attack-doors.ts';
import { ANSWERS, BODIES, BOTH, CALLERS, ESCAPES, ORDERS, POOL, RANGES, ROWS, TOKENS } from './attacks.ts';
import { CONFIGS } from './config-attacks.ts';
import { GOOD_EDIT, HTTP, PAGE } from './http-attacks.ts';
import { SLACK_ATTACKS } from './slack-attacks.ts';

/** Tries the attack corpus: what comes over HTTP on the bare handlers, and again through the local gateway. */

export interface Tried {
  readonly attacks: number;
  readonly wrong: readonly string[];
}

const SYNC = { method: 'POST', route: '/rundowns/{id}/sync', id: 'sheet' } as const;
const GO = line('2', 'shop', 'Enter maintenance', at(1));
const good = () => ({
  protocol: 1,
  syncId: 'attack',
  readAt: new Date(START).toISOString(),
  cause: 'tick',
  sheet: { name: 'x', timeZone: 'Etc/UTC', locale: 'en_GB' },
  steps: [{ row: 2, ...GO }],
});
const codeOf = (body: string): string => (JSON.parse(body) as { code?: string }).code ?? 'no code';
const ran = (servers: Servers): number => committed(servers.table.items()).length;
const shown = (text: string): string => JSON.stringify(text).slice(0, 60);

export async function attack(): Promise<Tried> {
  const wrong = await withDoors(async ([handlers, gateway]) => [
    ...(await throughDoor(handlers)),
    ...(await throughDoor(gateway)),
    ...(await overHttp(gateway)),
  ]);
  const alone = [ranges(), escapes(), answers(), configs(), await page()];
  const twice = [TOKENS, BODIES, ROWS, ORDERS, CALLERS, SLACK_ATTACKS];
  const once = [HTTP, RANGES, ESCAPES, ANSWERS, CONFIGS, PAGE];
  const sum = (all: readonly (readonly unknown[])[]) => all.reduce((count, { length }) => count + length, 0);
  return { attacks: 2 * sum(twice) + sum(once), wrong: [...wrong, ...alone.flat()] };
}

async function throughDoor(door: Door): Promise<string[]> {
  const token = `Bearer ${await door.cognito.sign('production', { scope: BOTH })}`;
  const all = [await tokens(door), await bodies(door, token), await rows(door, token)];
  const wrong = [...all, await orders(door), await callers(door), await slack(door)].flat();
  return wrong.map((text) => `${door.name}: ${text}`);
}

async function tokens(door: Door): Promise<string[]> {
  const { cognito } = door;
  const servers = new Servers();
  const logged: string[] = [];
  servers.onLog = (entry) => logged.push(entry);
  const { userPoolId, clientId } = POOL;
  const jwksUri = cognito.jwksUri('production');
  servers.checkToken = createTokenCheck({ userPoolId, clientId, jwksUri }, (...entry) => {
    logged.push(JSON.stringify(entry));
  });
  const wrong: string[] = [];
  for (const [what, due, make] of TOKENS) {
    const authorization = await make(cognito);
    const { status, body } = await door.send(servers, { ...SYNC, body: '{}', authorization });
    if (status !== due) wrong.push(`the token "${what}" is answered with ${status}, not ${due}`);
    const token = authorization?.split(' ')[1] ?? '';
    if (token.length > 20 && `${logged.join()}${body}`.includes(token)) wrong.push(`the token "${what}" is told on`);
  }
  return wrong;
}

async function bodies(door: Door, authorization: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [what, due, body] of BODIES) {
    const servers = new Servers();
    const text = typeof body === 'string' ? body : JSON.stringify(body(good()));
    const answer = await door.send(servers, { ...SYNC, body: text, authorization });
    if (codeOf(answer.body) !== due)
      wrong.push(`the body "${what}" is answered with ${codeOf(answer.body)}, not ${due}`);
    if (servers.table.items().length > 0) wrong.push(`the body "${what}" left something behind`);
  }
  return wrong;
}

/** An operator's own event covers the row; and one good row beside it must be served. */
async function rows(door: Door, authorization: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [what, row] of ROWS) {
    const servers = new Servers();
    const now = servers.clock.now;
    const edit = { tab: 'rundown', by: MANAGER, rows: [2], coversStatus: true, coversPlan: true };
    const body = JSON.stringify({
      ...good(),
      cause: 'edit',
      edit: { ...edit, seenAt: new Date(now).toISOString() },
      steps: [
        { row: 2, ...GO, ...row },
        { row: 3, ...line('9', 'payments', 'Enter maintenance', at(30)), status: 'Done' },
      ],
    });
    const { status, body: answered } = await door.send(servers, { ...SYNC, body, authorization });
    if (status !== 200) {
      wrong.push(`the row "${what}" is answered with ${status} ${codeOf(answered)}`);
      continue;
    }
    if (ran(servers) > 0) wrong.push(`the row "${what}" was run`);
    const told = JSON.parse(answered) as { rows: { basis: { row: number }; cells: Record<string, string> }[] };
    const isServed = told.rows.some(({ basis, cells }) => basis.row === 3 && cells.result?.includes('by hand'));
    if (!isServed) wrong.push(`beside the row "${what}" another one was not served`);
    for (const { cells } of told.rows.filter(({ basis }) => basis.row === 2)) {
      if (cells.status === 'Done') wrong.push(`the row "${what}" is said to be Done`);
      // The script writes literals; a sentence of ours does not begin as a formula all the same.
      for (const [name, text] of Object.entries(cells)) {
        if (name !== 'status' && /^\s*[=+@-]/.test(text)) wrong.push(`the row "${what}" gets ${name} ${shown(text)}`);
      }
    }
  }
  return wrong;
}

async function orders(door: Door): Promise<string[]> {
  const wrong: string[] = [];
  for (const [what, due, more] of ORDERS) {
    const { servers, answer } = await breakGlass(door, ON_CALL, more);
    if (codeOf(answer.body) !== due)
      wrong.push(`the order "${what}" is answered with ${codeOf(answer.body)}, not ${due}`);
    if (ran(servers) > 0) wrong.push(`the order "${what}" was run`);
  }
  const { servers } = await breakGlass(door, ON_CALL, {});
  return ran(servers) === 1 ? wrong : [...wrong, 'a good order was not run'];
}

async function callers(door: Door): Promise<string[]> {
  const wrong: string[] = [];
  for (const caller of CALLERS) {
    const { servers, answer } = await breakGlass(door, caller, {});
    const isRefused = answer.status === 401 || answer.status === 403;
    if (!isRefused || ran(servers) > 0) wrong.push(`the caller ${caller} is answered with ${answer.status}`);
  }
  return wrong;
}

async function breakGlass(door: Door, caller: string | undefined, more: object) {
  const servers = new Servers();
  const requestedAt = new Date(servers.clock.now).toISOString();
  const order = { operationId: 'order-1', service: 'shop', action: 'enter', reason: 'the sheet is down', requestedAt };
  const sent: Sent = {
    method: 'POST',
    route: '/break-glass/operations',
    body: JSON.stringify({ ...order, ...more }),
    caller,
  };
  return { servers, answer: await door.send(servers, sent) };
}

/** Whatever comes: nothing is asked of the channel, nothing runs; and whoever Slack names is told why. */
async function slack(door: Door): Promise<string[]> {
  const wrong: string[] = [];
  for (const { what, status, told, make, questions = 0 } of SLACK_ATTACKS) {
    const servers = new Servers(undefined, undefined, { hasSlack: true });
    let answer: HttpAnswer | undefined;
    for (const { headers, body } of await make(servers)) {
      answer = await door.send(servers, {
        method: 'POST',
        route: '/slack',
        body,
        headers: { ...headers, 'content-type': 'text/plain' },
      });
    }
    const heard = [answer?.body ?? '', ...servers.slack.told.map(({ text }) => text)].join('\n');
    const asked = servers.slack.messages.filter(({ buttons }) => buttons.length > 0).length;
    if (answer?.status !== status) wrong.push(`Slack, ${what}, is answered with ${answer?.status}, not ${status}`);
    if (!heard.includes(told)) wrong.push(`Slack, ${what}: nobody is told "${told}", but ${shown(heard)}`);
    if (asked !== questions) wrong.push(`Slack, ${what}: the channel is asked ${asked} times, not ${questions}`);
    if (ran(servers) > 0) wrong.push(`Slack, ${what}, was run`);
  }
  return wrong;
}

async function overHttp(door: GatewayDoor): Promise<string[]> {
  const wrong: string[] = [];
  for (const { what, status, method = 'POST', path, headers } of HTTP) {
    const servers = new Servers(undefined, undefined, { hasSlack: true });
    door.open(servers);
    const requestedAt = new Date(servers.clock.now).toISOString();
    const body = JSON.stringify({ operationId: 'order-1', service: 'shop', action: 'enter', reason: 'x', requestedAt });
    const url = new URL(door.url);
    const more = (await headers?.({ url: new URL(`${door.url}${path}`), method, body, cognito: door.cognito })) ?? {};
    const got = await send(
      url,
      `${url.pathname}${path}`,
      method,
      { 'content-type': 'application/json', ...more },
      method === 'POST' ? body : undefined,
    );
    if (got !== status) wrong.push(`HTTP, ${what}, is answered with ${got}, not ${status}`);
    if (servers.table.items().length > 0) wrong.push(`HTTP, ${what}, left something behind`);
  }
  return wrong;
}

async function page(): Promise<string[]> {
  const { host, edits } = createFakeHost();
  const { url, close } = await startPage({ host, assets: 'local/page/browser', onError: () => {} });
  try {
    const wrong: string[] = [];
    for (const { what, status, method = 'POST', path, headers = {}, body = GOOD_EDIT } of PAGE) {
      const type = { 'content-type': 'application/json' };
      const got = await send(new URL(url), path, method, { ...type, ...headers }, method === 'GET' ? undefined : body);
      if (got !== status) wrong.push(`the page, ${what}, answers ${got}, not ${status}`);
    }
    return edits.length === 0 ? wrong : [...wrong, `the page took ${edits.length} edits`];
  } finally {
    await close();
  }
}

/** As it is: fetch() would put a path in order, and lets nobody choose the host. */
const send = (url: URL, path: string, method: string, headers: Record<string, string>, body: string | undefined) =>
  new Promise<number>((resolve, reject) => {
    const sent = request({ host: url.hostname, port: url.port, path, method, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });

const ranges = (): string[] =>
  RANGES.flatMap(([text, isLetIn]) =>
    checkAllowlistEntry(text).ok === isLetIn
      ? []
      : [`the range ${shown(text)} lets ${isLetIn ? 'nobody' : 'somebody'} in`],
  );

/** What others wrote moves no cursor, and leaves what people write as it is. */
const escapes = (): string[] =>
  ESCAPES.flatMap(([text, due]) =>
    printable(text) === due ? [] : [`the terminal gets ${shown(printable(text))} of ${shown(text)}`],
  );

/** What a hostile environment answers about rows that are not its own: the script writes none of it. */
function answers(): string[] {
  const sent = new Set(keysOf({ steps: [{ ...GO, service: 'shop-staging' }], picks: [{ service: 'shop-staging' }] }));
  return ANSWERS.flatMap(([what, answer]) => {
    const rows = [answer as RowAnswer];
    const taken = allowedRows({ environment: 'staging', rows }, sent, () => {});
    return taken.length === 0 ? [] : [`the answer "${what}" is written`];
  });
}

const configs = (): string[] =>
  CONFIGS.flatMap(([what, input, due]) => {
    try {
      defineConfig(input as ConfigInput);
      return [`the config with ${what} is taken`];
    } catch (error) {
      const { message } = error as Error;
      return message.includes(due) ? [] : [`the config with ${what} is told ${shown(message)}`];
    }
  });
