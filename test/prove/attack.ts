import { checkAllowlistEntry } from '../../contract/allowlist.ts';
import { createTokenCheck } from '../../lambda/src/api/access-token.ts';
import { startCognito } from '../../local/cognito/start.ts';
import { ON_CALL, Servers } from '../simulation/servers.ts';
import { committed } from '../simulation/truth.ts';
import { at, line, MANAGER, START } from '../unit/lambda/rundown/terminal.ts';
import { BODIES, CALLERS, ORDERS, POOL, RANGES, ROWS, TOKENS } from './attacks.ts';

/** Tries the attack corpus on the bare handlers. */

export interface Tried {
  readonly attacks: number;
  readonly wrong: readonly string[];
}

const SYNC = 'POST /rundowns/{id}/sync';
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
  const parts = await Promise.all([tokens(), bodies(), rows(), orders(), callers()]);
  const ranges = RANGES.flatMap(([text, isLetIn]) =>
    checkAllowlistEntry(text).ok === isLetIn
      ? []
      : [`the range ${shown(text)} lets ${isLetIn ? 'nobody' : 'somebody'} in`],
  );
  const all = [TOKENS, BODIES, ROWS, ORDERS, CALLERS, RANGES];
  return { attacks: all.reduce((sum, { length }) => sum + length, 0), wrong: [...parts.flat(), ...ranges] };
}

async function tokens(): Promise<string[]> {
  const pools = { production: POOL, staging: { ...POOL, userPoolId: 'eu-west-1_Staging', clientId: 'staging-client' } };
  const cognito = await startCognito({ clock: { now: Date.now } as never, pools });
  const servers = new Servers();
  const logged: string[] = [];
  servers.onLog = (entry) => logged.push(entry);
  const { userPoolId, clientId } = POOL;
  servers.checkToken = createTokenCheck(
    { userPoolId, clientId, jwksUri: cognito.jwksUri('production') },
    (...entry) => {
      logged.push(JSON.stringify(entry));
    },
  );
  try {
    const wrong: string[] = [];
    for (const [what, due, make] of TOKENS) {
      const authorization = await make(cognito);
      const { status, body } = await servers.http(SYNC, 'sheet', {}, { headers: { authorization } });
      if (status !== due) wrong.push(`the token "${what}" is answered with ${status}, not ${due}`);
      const token = authorization?.split(' ')[1] ?? '';
      if (token.length > 20 && `${logged.join()}${body}`.includes(token)) wrong.push(`the token "${what}" is told on`);
    }
    return wrong;
  } finally {
    await cognito.close();
  }
}

async function bodies(): Promise<string[]> {
  const wrong: string[] = [];
  for (const [what, due, body] of BODIES) {
    const servers = new Servers();
    const text = typeof body === 'string' ? body : JSON.stringify(body(good()));
    const answer = await servers.http(SYNC, 'sheet', undefined, { body: text });
    if (codeOf(answer.body) !== due)
      wrong.push(`the body "${what}" is answered with ${codeOf(answer.body)}, not ${due}`);
    if (servers.table.items().length > 0) wrong.push(`the body "${what}" left something behind`);
  }
  return wrong;
}

/** An operator's own event covers the row; and one good row beside it must be served. */
async function rows(): Promise<string[]> {
  const wrong: string[] = [];
  for (const [what, row] of ROWS) {
    const servers = new Servers();
    const now = servers.clock.now;
    const edit = { tab: 'rundown', by: MANAGER, rows: [2], coversStatus: true, coversPlan: true };
    const request = {
      ...good(),
      cause: 'edit',
      edit: { ...edit, seenAt: new Date(now).toISOString() },
      steps: [
        { row: 2, ...GO, ...row },
        { row: 3, ...line('9', 'payments', 'Enter maintenance', at(30)), status: 'Done' },
      ],
    };
    const { status, body } = await servers.http(SYNC, 'sheet', request);
    if (status !== 200) {
      wrong.push(`the row "${what}" is answered with ${status} ${codeOf(body)}`);
      continue;
    }
    if (ran(servers) > 0) wrong.push(`the row "${what}" was run`);
    const { rows: answers } = JSON.parse(body) as { rows: { basis: { row: number }; cells: Record<string, string> }[] };
    const isServed = answers.some(({ basis, cells }) => basis.row === 3 && cells.result?.includes('by hand'));
    if (!isServed) wrong.push(`beside the row "${what}" another one was not served`);
    for (const { cells } of answers.filter(({ basis }) => basis.row === 2)) {
      if (cells.status === 'Done') wrong.push(`the row "${what}" is said to be Done`);
      // The script writes literals; a sentence of ours does not begin as a formula all the same.
      for (const [name, text] of Object.entries(cells)) {
        if (name !== 'status' && /^\s*[=+@-]/.test(text)) wrong.push(`the row "${what}" gets ${name} ${shown(text)}`);
      }
    }
  }
  return wrong;
}

async function orders(): Promise<string[]> {
  const wrong: string[] = [];
  for (const [what, due, more] of ORDERS) {
    const { servers, answer } = await breakGlass(ON_CALL, more);
    if (codeOf(answer.body) !== due)
      wrong.push(`the order "${what}" is answered with ${codeOf(answer.body)}, not ${due}`);
    if (ran(servers) > 0) wrong.push(`the order "${what}" was run`);
  }
  const { servers } = await breakGlass(ON_CALL, {});
  return ran(servers) === 1 ? wrong : [...wrong, 'a good order was not run'];
}

async function callers(): Promise<string[]> {
  const wrong: string[] = [];
  for (const caller of CALLERS) {
    const { servers, answer } = await breakGlass(caller, {});
    const isRefused = answer.status === 401 || answer.status === 403;
    if (!isRefused || ran(servers) > 0) wrong.push(`the caller ${caller} is answered with ${answer.status}`);
  }
  return wrong;
}

async function breakGlass(caller: string | undefined, more: object) {
  const servers = new Servers();
  const requestedAt = new Date(servers.clock.now).toISOString();
  const order = { operationId: 'order-1', service: 'shop', action: 'enter', reason: 'the sheet is down', requestedAt };
  const iam = caller === undefined ? {} : { userArn: caller };
  const answer = await servers.http(
    'POST /break-glass/operations',
    '',
    { ...order, ...more },
    { requestContext: { authorizer: { iam } } },
  );
  return { servers, answer };
}
