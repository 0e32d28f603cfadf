import { exampleRundown } from '../../../release-sheet-template/rundown.ts';
import { builtScript } from './built-script.ts';
import { type Cell, Google, type HttpRequest } from './google.ts';

/**
 * What each kind of wake-up costs on the real platform is its service calls: a read or write of values, properties, cache,
 * lock, URL or trigger, and the opening of a spreadsheet.
 */

const SHEET = 'release-42';
const MANAGER = 'release.manager@example.com';
const MINUTE_MS = 60_000;
let code: string;
beforeAll(async () => {
  code = await builtScript();
});

/** A connected sheet, synced once, whose servers answer as little as they can. */
function night({ afterMs = 9 * 3_600_000 } = {}) {
  const google = new Google(code);
  google.network = (request) => ({ status: 200, body: JSON.stringify(answerTo(request, google.now, afterMs)) });
  google.books.set(
    SHEET,
    new Map<string, Cell[][]>([
      ['Rundown', exampleRundown(google.now)],
      ['Read me', [['', '']]],
      [
        'Notes',
        [
          ['Who', 'What'],
          ['', ''],
          ['', ''],
        ],
      ],
    ]),
  );
  const access = (name: string) => ({
    apiUrl: `https://api.${name}.example.com`,
    tokenUrl: `https://auth.${name}.example.com/oauth2/token`,
    ...{ clientId: 'id', clientSecret: 'secret' },
  });
  google.userProperties.set(
    'connection:production',
    JSON.stringify({ environment: 'production', ...access('production') }),
  );
  google.userProperties.set(`sheet:${SHEET}`, JSON.stringify({ id: SHEET, name: SHEET, tabId: 1 }));
  google.run('onMinute');
  google.now += MINUTE_MS;
  const column = (header: string) => (google.tab(SHEET)[0] as Cell[]).indexOf(header) + 1;
  const edit = (row: number, header: string, value: Cell) =>
    google.edit(SHEET, row, column(header), [[value]], MANAGER);
  return { google, edit };
}

function answerTo({ url, payload = '{}' }: HttpRequest, now: number, afterMs: number): unknown {
  if (url.includes('/oauth2/')) return { access_token: 'token', expires_in: 3600 };
  const table = { headers: [], rows: [] };
  const goodUntil = new Date(now + MINUTE_MS).toISOString();
  if (url.endsWith('/tables')) {
    return { environment: 'production', version: 1, services: table, audit: table, check: [], goodUntil };
  }
  const { edit, steps = [] } = JSON.parse(payload);
  const rows = steps
    .filter(({ row }: { row: number }) => edit?.rows.includes(row))
    .map((step: Record<string, string>) => ({
      tab: 'rundown',
      basis: { ...step, was: [{ status: step.status, operation: step.operation }] },
      cells: { status: 'Running', result: 'Closing…', operation: 'production-1' },
    }));
  return {
    ...{ protocol: 1, environment: 'production', production: true, sequence: now, rows },
    banner: { connectedUntil: new Date(now + MINUTE_MS).toISOString() },
    again: { afterMs },
    tables: { version: 1 },
    names: { hash: 'h', services: [{ name: 'shop', title: 'Shop' }], groups: [] },
  };
}

const sentAt = (calls: readonly string[]) => calls.findIndex((call) => call.startsWith('fetchAll post')) + 1;

it('an edit that cannot matter costs nothing', () => {
  const { google, edit } = night();
  expect(edit(3, 'Task', 'Close the shop, then call Ada').calls).toEqual([]);
  expect(google.edit(SHEET, 1, 1, [['shop']], MANAGER, { tab: 'Read me' }).calls).toEqual([]);
});

it('one that could matter by its text, but not by its place, costs one read', () => {
  const { google, edit } = night();
  expect(edit(3, 'Task', 'shop').calls).toHaveLength(1);
  expect(google.edit(SHEET, 2, 1, [['Go']], MANAGER, { tab: 'Notes' }).calls).toHaveLength(1);
});

it('an edit of our own columns, and Skipped of a step at rest, cost a read and a mark', () => {
  const { edit } = night();
  expect(edit(3, 'Result', '1').calls).toEqual(['getValues', 'userProperties.setProperty']);
  expect(edit(3, 'Status', 'Skipped').calls).toEqual(['getValues', 'userProperties.setProperty']);
});

it('an idle tick costs one', () => {
  expect(night().google.run('onMinute').calls).toEqual(['userProperties.getProperties']);
});

it('a Go is sent with its eighth call at the latest, and shows Running within twenty', () => {
  const { google, edit } = night();
  const { calls, log } = edit(3, 'Status', 'Go');
  expect([sentAt(calls), log]).toEqual([7, []]);
  expect(google.tab(SHEET)[2]?.[6]).toBe('Running');
  expect(calls.findIndex((call) => call.includes('"Running"')) + 1).toBeLessThanOrEqual(20);
});

it('one that was pasted costs no more', () => {
  const { google } = night();
  const { calls } = google.edit(SHEET, 3, 7, [['Go']], MANAGER, { value: false });
  expect(sentAt(calls)).toBeLessThanOrEqual(8);
});

it('a tick of a sheet near its steps opens it once, and reads its rundown twice: what cells hold, and what people see', () => {
  const { google } = night({ afterMs: MINUTE_MS });
  const { calls } = google.run('onMinute');
  const of = (kind: string) => calls.filter((call) => call.startsWith(kind)).length;
  expect([of('open'), of('getValues'), of('getDisplayValues')]).toEqual([1, 1, 1]);
  expect(of('fetchAll post')).toBe(1);
  expect(calls.length).toBeLessThanOrEqual(8);
});
