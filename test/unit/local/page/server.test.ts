import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Listening } from '../../../../local/http-server.ts';
import { startPage } from '../../../../local/page/server.ts';
import { createFakeHost, START_AT } from './fake-host.ts';

const assets = fileURLToPath(new URL('../../../../local/page/browser/', import.meta.url));

let fake: ReturnType<typeof createFakeHost>;
let page: Listening;
let errors: unknown[];

beforeEach(async () => {
  fake = createFakeHost();
  errors = [];
  page = await startPage({ host: fake.host, assets, onError: (error) => errors.push(error) });
});
afterEach(() => page.close());

const get = (path: string) => fetch(`${page.url}${path}`);

/** The fields of answers that these tests look into. */
interface Body {
  readonly values: string[][];
  readonly rowsRevision: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly hops: unknown[];
  readonly log: string[];
  readonly notices: unknown[];
  readonly warnings: string[];
  readonly undo: string;
  readonly formatting: { columnWidths: object };
  readonly sites: unknown[];
  readonly spreadsheets: { name: string }[];
}
const bodyOf = (answer: Response) => answer.json() as Promise<Body>;
const json = async (path: string) => bodyOf(await get(path));
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${page.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const go = { sheet: 'Rundown', range: 'C3', values: [['Go']], user: 'release.manager@example.com' };

/** As `fetch` cannot: with a Host of one's own choice. @returns the status. */
function statusFor(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${page.url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the sheet as HTTP', () => {
  it('tells the tabs and the display values of each, header first', async () => {
    expect(await json('/api/sheets')).toEqual({ tabs: ['Rundown', 'Read me'] });
    expect(await json('/api/sheets/Read%20me')).toEqual({ values: [['Hello']], rowsRevision: 0 });
    expect((await json('/api/sheets/Rundown?spreadsheet=sheet-1')).values[2]).toEqual([
      '2',
      'Close the shop',
      'Planned',
    ]);
  });

  it('puts an edit into the sheet as typed by that person', async () => {
    const answer = await post('/api/edits', go);
    expect([answer.status, await bodyOf(answer)]).toEqual([200, { applied: true }]);
    expect((await json('/api/sheets/Rundown')).values[2]?.[2]).toBe('Go');
    expect(fake.edits[0]?.user).toBe('release.manager@example.com');
  });

  it('takes a paste over several cells, and a person whom nobody names', async () => {
    const values = [
      ['Migrate', 'Go'],
      [null, true],
    ];
    expect((await post('/api/edits', { ...go, range: 'B3:C4', values, user: '' })).status).toBe(200);
    expect((await json('/api/sheets/Rundown')).values.slice(2)).toEqual([
      ['2', 'Migrate', 'Go'],
      ['3', '', 'true'],
    ]);
  });

  it('inserts, sorts and deletes rows', async () => {
    const user = 'release.manager@example.com';
    const steps = async () => (await json('/api/sheets/Rundown')).values.map(([step]) => step);
    await post('/api/rows', { sheet: 'Rundown', kind: 'insert', row: 2, count: 2, user });
    expect(await steps()).toEqual(['Step', '', '', '1', '2', '3']);
    await post('/api/rows', { sheet: 'Rundown', kind: 'delete', row: 2, count: 2, user });
    await post('/api/rows', { sheet: 'Rundown', kind: 'sort', column: 2, user });
    expect(await steps()).toEqual(['Step', '2', '3', '1']);
  });
});

it('tells by what name a change can be taken back, and takes it back for that person', async () => {
  const user = 'release.manager@example.com';
  const { undo } = await bodyOf(await post('/api/rows', { sheet: 'Rundown', kind: 'insert', row: 2, user }));
  expect((await post('/api/undo', { undo, user })).status).toBe(200);
  expect(fake.undone).toEqual([`undo-insert by ${user}`]);
  const nameless = await post('/api/undo', { user });
  expect([nameless.status, await nameless.json()]).toMatchObject([400, { field: 'undo' }]);
});

describe('rows that moved since a person looked at them', () => {
  const user = 'release.manager@example.com';
  const insert = { sheet: 'Rundown', kind: 'insert', row: 2, user };
  const seen = async () => (await json('/api/sheets/Rundown')).rowsRevision;

  it.each([
    ['an edit', '/api/edits', go],
    ['a row to delete', '/api/rows', { sheet: 'Rundown', kind: 'delete', row: 3, user }],
    ['a row to insert', '/api/rows', insert],
  ])('%s that says what was seen is refused, and changes nothing', async (_what, path, body) => {
    const rowsRevision = await seen();
    await post('/api/rows', insert);
    const before = await json('/api/sheets/Rundown');
    const answer = await post(path, { ...body, rowsRevision });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'ROWS_MOVED', field: 'rowsRevision' });
    expect(await json('/api/sheets/Rundown')).toEqual(before);
    expect((await post(path, { ...body, rowsRevision: before.rowsRevision })).status).toBe(200);
  });

  it('what says nothing of it is done where the cells are now', async () => {
    await post('/api/rows', insert);
    expect((await post('/api/edits', go)).status).toBe(200);
  });
});

describe('several spreadsheets', () => {
  it('tells how the bar of tabs looks, and how each tab', async () => {
    expect(await json('/api/formatting')).toEqual({
      tabs: [
        { name: 'Rundown', colour: '#1a73e8', isHidden: false },
        { name: 'Read me', isHidden: true },
      ],
    });
    expect((await json('/api/formatting/Rundown?spreadsheet=sheet-1')).formatting.columnWidths).toEqual({ A: 44 });
  });

  it('makes a copy, which is in the list from then on', async () => {
    const user = 'intern@example.com';
    const made = await post('/api/spreadsheets/sheet-1/copy', { name: 'Release 43', user });
    expect([made.status, await made.json()]).toEqual([200, { id: 'copy-1' }]);
    expect(fake.copies).toEqual([{ id: 'sheet-1', name: 'Release 43', user }]);
    expect((await json('/api/spreadsheets')).spreadsheets.map(({ name }) => name)).toEqual(['Release', 'Release 43']);
    expect((await post('/api/spreadsheets/copy-1/copy', {})).status).toBe(200);
  });

  it('passes on what Sheets tells a person whom it lets through', async () => {
    const answer = await post('/api/edits', { ...go, sheet: 'Read me', range: 'A1' });
    expect((await bodyOf(answer)).warnings).toEqual(['Edit anyway?']);
  });
});

describe('a mistake in a request changes nothing and names the field and the remedy', () => {
  const cases: [string, string, unknown, number, string, string | undefined, RegExp][] = [
    ['a range that is none', '/api/edits', { ...go, range: '3C' }, 400, 'INVALID_FIELD', 'range', /A1 notation/],
    ['a range bottom up', '/api/edits', { ...go, range: 'C3:A1' }, 400, 'INVALID_FIELD', 'range', /top left one first/],
    ['too few values', '/api/edits', { ...go, range: 'C3:C4' }, 400, 'INVALID_FIELD', 'values', /2 rows of 1/],
    ['ragged rows', '/api/edits', { ...go, range: 'B3:C3' }, 400, 'INVALID_FIELD', 'values', /1 row of 2/],
    [
      'an object in a cell',
      '/api/edits',
      { ...go, values: [[{}]] },
      400,
      'INVALID_FIELD',
      'values[0][0]',
      /text, a number/,
    ],
    [
      'a row that is no list',
      '/api/edits',
      { ...go, values: ['Go'] },
      400,
      'INVALID_FIELD',
      'values[0]',
      /list of cells/,
    ],
    ['no user', '/api/edits', { ...go, user: undefined }, 400, 'INVALID_FIELD', 'user', /missing/],
    ['a user who is no address', '/api/edits', { ...go, user: 'me' }, 400, 'INVALID_FIELD', 'user', /e-mail address/],
    ['an unknown field', '/api/edits', { ...go, sheets: 1 }, 400, 'INVALID_FIELD', 'sheets', /Leave it out/],
    ['an unknown tab', '/api/edits', { ...go, sheet: 'Rundwon' }, 404, 'UNKNOWN_SHEET', 'sheet', /Rundown, Read me/],
    [
      'an unknown spreadsheet',
      '/api/edits',
      { ...go, spreadsheet: 'x' },
      404,
      'UNKNOWN_SPREADSHEET',
      'spreadsheet',
      /sheet-1/,
    ],
    ['a cell outside the grid', '/api/edits', { ...go, range: 'C99' }, 400, 'INVALID_FIELD', 'range', /4 rows/],
    ['a body that is no JSON', '/api/edits', '{"sheet":', 400, 'MALFORMED_JSON', undefined, /well-formed/],
    ['a body that is no object', '/api/edits', '[]', 400, 'INVALID_FIELD', '(the whole body)', /object/],
    [
      'a delete without a row',
      '/api/rows',
      { sheet: 'Rundown', kind: 'delete', user: '' },
      400,
      'INVALID_FIELD',
      'row',
      /from 1/,
    ],
    [
      'a sort without a column',
      '/api/rows',
      { sheet: 'Rundown', kind: 'sort', user: '' },
      400,
      'INVALID_FIELD',
      'column',
      /from 1/,
    ],
    [
      'a change of rows unheard of',
      '/api/rows',
      { sheet: 'Rundown', kind: 'hide', user: '' },
      400,
      'INVALID_FIELD',
      'kind',
      /"insert"/,
    ],
    [
      'a clock that goes back',
      '/api/clock',
      { now: '2026-11-22T01:59:00Z' },
      409,
      'CLOCK_BACKWARD',
      'now',
      /later time/,
    ],
    ['a negative advance', '/api/clock', { advanceMs: -1 }, 400, 'INVALID_FIELD', 'advanceMs', /forward/],
    ['a time that is none', '/api/clock', { now: 'soon' }, 400, 'INVALID_FIELD', 'now', /ISO 8601/],
    ['both ways to move the clock', '/api/clock', { now: 1, advanceMs: 1 }, 400, 'INVALID_FIELD', 'now', /either/],
    ['neither way to move the clock', '/api/clock', {}, 400, 'INVALID_FIELD', 'now', /either/],
    [
      'a copy of an unknown spreadsheet',
      '/api/spreadsheets/nope/copy',
      {},
      404,
      'UNKNOWN_SPREADSHEET',
      'spreadsheet',
      /sheet-1/,
    ],
    ['a copy without a name', '/api/spreadsheets/sheet-1/copy', { name: '' }, 400, 'INVALID_FIELD', 'name', /empty/],
    ['a run as nobody', '/api/run', { function: 'onMinute', user: '' }, 400, 'INVALID_FIELD', 'user', /as somebody/],
    [
      'a function name with code in it',
      '/api/run',
      { function: 'a();b' },
      400,
      'INVALID_FIELD',
      'function',
      /onMinute/,
    ],
  ];
  it.each(cases)('%s', async (_, path, body, status, code, field, remedy) => {
    const before = JSON.stringify([await json('/api/sheets/Rundown'), await json('/api/clock')]);
    const answer = await post(path, body);
    const problem = await bodyOf(answer);
    expect([answer.status, problem.code, problem.field]).toEqual([status, code, field]);
    expect(problem.message).toMatch(remedy);
    expect(JSON.stringify([await json('/api/sheets/Rundown'), await json('/api/clock')])).toBe(before);
  });

  const reads: [string, string, number, string, RegExp][] = [
    ['an unknown tab', '/api/sheets/Nope', 404, 'UNKNOWN_SHEET', /Rundown/],
    ['a tab name in broken encoding', '/api/sheets/%E0%A4', 404, 'UNKNOWN_SHEET', /percent-encoded/],
    ['the formatting of an unknown tab', '/api/formatting/Nope', 404, 'UNKNOWN_SHEET', /Rundown/],
    ['a route with nothing where a name belongs', '/api/sheets/', 404, 'UNKNOWN_ROUTE', /nothing at/],
    ['an unknown service', '/api/visit?service=nope&as=public', 404, 'UNKNOWN_SERVICE', /shop, shop-staging/],
    [
      'another service’s target',
      '/api/visit?service=shop&target=REGIONAL/eu-west-1&as=public',
      404,
      'UNKNOWN_SERVICE',
      /CLOUDFRONT/,
    ],
    ['an unknown visitor', '/api/visit?service=shop&as=boss', 400, 'INVALID_FIELD', /"public", "tester"/],
    ['an unknown environment', '/api/token?environment=nope', 404, 'UNKNOWN_ENVIRONMENT', /production, staging/],
    ['a time in words', '/api/hops?since=yesterday', 400, 'INVALID_FIELD', /milliseconds/],
    ['an unknown path', '/api/sheet', 404, 'UNKNOWN_ROUTE', /sheet is at/],
    ['a path out of the page’s folder', '/..%2f..%2fpackage.json', 404, 'UNKNOWN_ROUTE', /nothing at/],
  ];
  it.each(reads)('%s', async (_, path, status, code, remedy) => {
    const answer = await get(path);
    const problem = await bodyOf(answer);
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(problem.message).toMatch(remedy);
  });

  it('answers a body over 1 MB, announced or not, with TOO_LARGE', async () => {
    const big = JSON.stringify({ ...go, values: [['x'.repeat(1_100_000)]] });
    const announced = await post('/api/edits', big);
    expect([announced.status, (await bodyOf(announced)).code]).toEqual([413, 'TOO_LARGE']);
    const streamed = await fetch(`${page.url}/api/edits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
    expect(fake.edits).toEqual([]);
  });

  it('says which methods a path knows', async () => {
    const answer = await get('/api/edits');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('keeps the text of an unforeseen error to the terminal', async () => {
    const answer = await post('/api/run', { function: 'breaks' });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret-token');
    expect(errors.map(String)).toEqual(['Error: secret-token-in-a-stack']);
  });
});

describe('only this machine’s own page may use it', () => {
  it('refuses a foreign name that resolves to this machine, for the page and the sheet alike', async () => {
    for (const path of ['/', '/api/sheets', '/api/token?environment=production']) {
      expect(await statusFor(path, { host: 'evil.example.com' })).toBe(403);
      expect(await statusFor(path, { host: 'localhost.evil.example.com' })).toBe(403);
      expect(await statusFor(path, { host: `localhost:${page.port}` })).toBe(200);
      expect(await statusFor(path, { host: `[::1]:${page.port}` })).toBe(200);
    }
  });

  it('refuses an edit from another origin and takes one from its own', async () => {
    for (const origin of ['https://evil.example.com', 'null', 'http://127.0.0.1:1']) {
      expect((await post('/api/edits', go, { origin })).status).toBe(403);
    }
    expect(fake.edits).toEqual([]);
    expect((await post('/api/edits', go, { origin: page.url })).status).toBe(200);
  });

  it('refuses the form posts that browsers send without asking', async () => {
    const answer = await post('/api/edits', go, { 'content-type': 'text/plain' });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([415, 'NOT_JSON']);
    expect(fake.edits).toEqual([]);
  });

  it('loads scripts and styles of its own only', async () => {
    const answer = await get('/');
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    expect(await answer.text()).not.toMatch(/(src|href)="https?:/);
  });
});

describe('what is around the sheet', () => {
  it('moves the clock forward, by a time or by milliseconds', async () => {
    expect(await json('/api/clock')).toEqual({ now: '2026-11-22T02:00:00.000Z' });
    expect(await (await post('/api/clock', { advanceMs: 60_000 })).json()).toEqual({ now: '2026-11-22T02:01:00.000Z' });
    expect(await (await post('/api/clock', { now: START_AT + 120_000 })).json()).toEqual({
      now: '2026-11-22T02:02:00.000Z',
    });
    await post('/api/clock', { now: '2026-11-22T03:00:00Z' });
    expect(await json('/api/clock')).toEqual({ now: '2026-11-22T03:00:00.000Z' });
  });

  it('shows what a visitor gets, asked from that visitor’s address', async () => {
    const seen = await json('/api/visit?service=shop&as=public&path=/api/cart&accept=application/json');
    expect(seen).toEqual({ status: 503, headers: { 'retry-after': '600' }, body: 'for public' });
    expect(fake.visits).toEqual([{ service: 'shop', as: 'public', path: '/api/cart', accept: 'application/json' }]);
  });

  it('never lets a path lead to another host', async () => {
    for (const path of ['//evil.example.com/', '/\\evil.example.com', 'http://evil.example.com/', '/a b']) {
      const answer = await get(`/api/visit?service=shop&as=public&path=${encodeURIComponent(path)}`);
      expect([answer.status, (await bodyOf(answer)).field]).toEqual([400, 'path']);
    }
    expect(fake.visits).toEqual([]);
  });

  it('runs a function of the script, and gives hops since a time, sites and tokens', async () => {
    expect(await (await post('/api/run', { function: 'onMinute' })).json()).toEqual({
      ok: true,
      log: ['onMinute ran as the owner'],
    });
    const user = 'release.manager@example.com';
    expect((await bodyOf(await post('/api/run', { function: 'connect', user }))).log).toEqual([
      `connect ran as ${user}`,
    ]);
    expect((await json(`/api/hops?since=${START_AT + 1}`)).hops).toHaveLength(1);
    expect((await json('/api/sites')).sites).toHaveLength(2);
    expect(await json('/api/token?environment=staging')).toEqual({ token: 'token of staging' });
    expect(await json('/api/services')).toEqual({ services: [], groups: [] });
    expect((await json('/api/notices')).notices).toHaveLength(1);
    expect((await json('/api/spreadsheets')).spreadsheets[0]?.name).toBe('Release');
  });
});

describe('the stream of events', () => {
  it('tells every reader what changed, and forgets a reader who has gone', async () => {
    const leaving = new AbortController();
    const stream = await fetch(`${page.url}/api/events`, { signal: leaving.signal });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    await post('/api/edits', go);
    let text = '';
    while (!text.includes('"sheet":"Rundown"')) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toContain('event: sheet\ndata: {');
    expect(fake.listeners.size).toBe(1);
    leaving.abort();
    while (fake.listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('ends with the server', async () => {
    const stream = await fetch(`${page.url}/api/events`);
    const ended = stream.text().catch(() => 'cut');
    await page.close();
    await ended;
    expect(fake.listeners.size).toBe(0);
  });
});
