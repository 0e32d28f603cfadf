import { parseRange } from '../../../../local/page/a1.ts';
import { PageProblem } from '../../../../local/page/page-problem.ts';
import type { CopyRequest, PageEvent, SheetEdit, SheetHost, SiteVisit } from '../../../../local/page/sheet-host.ts';
import type { TabFormatting } from '../../../../local/page/tab-formatting.ts';

/** A tab that nobody has dressed. */
export const PLAIN_FORMATTING: TabFormatting = {
  frozenRows: 1,
  frozenColumns: 0,
  tabColor: null,
  isHidden: false,
  columnWidths: {},
  backgrounds: [],
  fontColors: [],
  fontWeights: [],
  wraps: [],
  numberFormats: [],
  validations: [],
  conditionalFormats: [],
  protections: [],
  notes: [],
  formulas: {},
};

export const START_AT = Date.parse('2026-11-22T02:00:00Z');

/** A host with a sheet, a clock and two sites that remember what was done to them. */
export function createFakeHost() {
  const sheets: Record<string, string[][]> = {
    Rundown: [
      ['Step', 'Task', 'Status'],
      ['1', 'Tell support', 'Done'],
      ['2', 'Close the shop', 'Planned'],
      ['3', 'Deploy', 'Planned'],
    ],
    'Read me': [['Hello']],
  };
  const listeners = new Set<(event: PageEvent) => void>();
  const edits: SheetEdit[] = [];
  const undone: string[] = [];
  const visits: SiteVisit[] = [];
  const copies: CopyRequest[] = [];
  let now = START_AT;
  let rowsRevision = 0;
  const tell = (event: PageEvent) => {
    for (const listener of listeners) listener(event);
  };
  const rowsOf = (sheet: string) => sheets[sheet] as string[][];
  const host: SheetHost = {
    spreadsheets: () => [
      { id: 'sheet-1', name: 'Release', kind: 'release' },
      ...copies.map(({ name = 'Copy of Release' }, at) => ({ id: `copy-${at + 1}`, name, kind: 'copy' as const })),
    ],
    async copy(request) {
      copies.push(request);
      tell({ kind: 'spreadsheets', spreadsheet: `copy-${copies.length}` });
      return `copy-${copies.length}`;
    },
    tabs: () => Object.keys(sheets),
    tabFacts: () => [
      { name: 'Rundown', colour: '#1a73e8', isHidden: false },
      { name: 'Read me', isHidden: true },
    ],
    values: (sheet) => rowsOf(sheet),
    rowsRevision: () => rowsRevision,
    tabFormatting: (sheet) => ({ ...PLAIN_FORMATTING, columnWidths: { A: sheet === 'Rundown' ? 44 : 900 } }),
    async edit(edit) {
      const { row, column } = parseRange(edit.range) as { row: number; column: number };
      const rows = rowsOf(edit.sheet);
      if (row + edit.values.length - 1 > rows.length) {
        throw new PageProblem('INVALID_FIELD', `The sheet has ${rows.length} rows.`, 'range');
      }
      edits.push(edit);
      edit.values.forEach((cells, down) => {
        cells.forEach((cell, across) => {
          (rows[row - 1 + down] as string[])[column - 1 + across] = String(cell ?? '');
        });
      });
      tell({ kind: 'sheet', spreadsheet: 'sheet-1', sheet: edit.sheet });
      return { warnings: edit.sheet === 'Read me' ? ['Edit anyway?'] : [] };
    },
    async rows({ sheet, kind, row = 1, count = 1, column = 1 }) {
      const rows = rowsOf(sheet);
      rowsRevision += 1;
      if (kind === 'insert') rows.splice(row - 1, 0, ...Array.from({ length: count }, () => ['', '', '']));
      if (kind === 'delete') rows.splice(row - 1, count);
      if (kind === 'sort') {
        const [header = [], ...body] = rows;
        body.sort((a, b) => String(a[column - 1]).localeCompare(String(b[column - 1])));
        sheets[sheet] = [header, ...body];
      }
      return { warnings: [], undo: `undo-${kind}` };
    },
    async undo({ undo, user }) {
      undone.push(`${undo} by ${user}`);
      return { warnings: [] };
    },
    clock: {
      now: () => now,
      async moveTo(at) {
        now = at;
        tell({ kind: 'clock', now: new Date(at).toISOString() });
      },
    },
    async run(functionName, user = 'the owner') {
      if (functionName === 'breaks') throw new Error('secret-token-in-a-stack');
      return { ok: true, log: [`${functionName} ran as ${user}`] };
    },
    sites: () => [
      {
        environment: 'production',
        service: 'shop',
        title: 'Shop',
        target: 'CLOUDFRONT/us-east-1',
        url: 'http://127.0.0.1:1/',
      },
      {
        environment: 'staging',
        service: 'shop-staging',
        title: 'Shop (staging)',
        target: 'REGIONAL/eu-west-1',
        url: 'http://127.0.0.1:2/',
      },
    ],
    async visitSite(asked) {
      visits.push(asked);
      return { status: asked.as === 'public' ? 503 : 200, headers: { 'retry-after': '600' }, body: `for ${asked.as}` };
    },
    services: async () => ({ services: [], groups: [] }),
    notices: () => [{ at: START_AT, environment: 'production', subject: 'Shop is contested', message: 'Look at it.' }],
    hops: (since = 0) =>
      [START_AT, START_AT + 500]
        .filter((at) => at >= since)
        .map((at) => ({
          at,
          part: 'waf' as const,
          what: 'UpdateRuleGroup drawbridge-shop',
          said: 'accepted',
          ok: true,
        })),
    channels: () => [],
    act: async () => {},
    token: async (environment) => `token of ${environment}`,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { host, edits, undone, visits, copies, tell, listeners };
}
