import {
  cellText,
  HEADERS,
  isStep,
  readAllowlist,
  readBoard,
  readHeaders,
  readRundown,
} from '../../../../apps-script/src/sheet/rundown-tab.ts';
import { STATUSES } from '../../../../contract/status.ts';
import { ALLOWLIST_TAB } from '../../../../release-sheet-template/allowlist.ts';
import { exampleRundown, RUNDOWN_COLUMNS } from '../../../../release-sheet-template/rundown.ts';
import { SERVICES_TAB } from '../../../../release-sheet-template/services.ts';
import { STATUS_STYLES } from '../../../../release-sheet-template/statuses.ts';

const names = Object.values(HEADERS);
const rowsOf = (values: unknown[][], shown = values.map((line) => line.map(cellText))) => {
  const reading = readRundown({ values, shown });
  if (!reading.ok) throw new Error(reading.message);
  return reading.rundown.rows;
};

describe('headers', () => {
  it('are found in any order and case, with blanks around and other columns between', () => {
    const headers = readHeaders([[...names].reverse().flatMap((name) => ['Note', `  ${name.toUpperCase()} `])]);
    expect(headers.ok && [headers.columns.step, headers.columns.operation]).toEqual([19, 1]);
  });

  it('that are missing or there twice are all named', () => {
    const headers = readHeaders([[...names.filter((name) => name !== 'Service' && name !== 'By'), 'status']]);
    expect(headers).toMatchObject({ ok: false, isOurs: true, resultColumn: 4 });
    expect(headers.ok === false && headers.message).toMatch(/"Service", "By" is missing.*"Status" is there twice/);
  });

  it('of an empty tab are missing, and there is nowhere to tell it', () => {
    expect(readHeaders([])).toMatchObject({ ok: false, isOurs: false, resultColumn: undefined });
  });

  it('below a title are told with the row that they stand in', () => {
    const headers = readHeaders([['Release 42'], [], [...names]]);
    expect(headers).toMatchObject({ ok: false, isOurs: true, message: expect.stringContaining('stands in row 3') });
  });

  it('of a table of somebody’s own are none of ours', () => {
    expect(readHeaders([['Step', 'Status', 'Owner', 'Result']])).toMatchObject({ ok: false, isOurs: false });
  });
});

describe('rows', () => {
  const line = (cells: Partial<Record<keyof typeof HEADERS, unknown>>) =>
    (Object.keys(HEADERS) as (keyof typeof HEADERS)[]).map((name) => cells[name] ?? '');

  it('say what people see: step 3.10 is not step 3.1', () => {
    const cells = line({ step: 3.1, service: 'shop' });
    const [row] = rowsOf([names, cells], [[...names], cells.map((cell) => (cell === 3.1 ? '3.10' : String(cell)))]);
    expect(row).toMatchObject({ row: 2, step: '3.10', service: 'shop' });
  });

  it('tell a time as it is shown, and the instant that it stands for', () => {
    const at = new Date('2026-11-22T02:05:00Z');
    const [row] = rowsOf(
      [names, line({ plannedStart: at })],
      [[...names], line({ plannedStart: '22/11 02:05' }) as string[]],
    );
    expect(row?.plannedStart).toEqual({ text: '22/11 02:05', at: '2026-11-22T02:05:00.000Z' });
    expect(rowsOf([names, line({ plannedStart: 'at noon' })])[0]?.plannedStart).toEqual({ text: 'at noon' });
  });

  it('our own times are instants, and what somebody wrote over them is text', () => {
    const [row] = rowsOf([names, line({ started: new Date(0), finished: 'soon' })]);
    expect([row?.started, row?.finished]).toEqual(['1970-01-01T00:00:00.000Z', 'soon']);
  });

  it('are steps of ours if they name a Service or an Action', () => {
    expect([isStep({ service: ' ', action: '' }), isStep({ service: 'shop', action: '' })]).toEqual([false, true]);
  });
});

describe('the template', () => {
  const [headers = [], ...lines] = exampleRundown(Date.parse('2026-11-22T02:00:00Z'));

  it('has every column that the script needs, and every status', () => {
    expect(readHeaders([RUNDOWN_COLUMNS.map(({ header }) => header)]).ok).toBe(true);
    expect(STATUS_STYLES.map(({ status }) => status)).toEqual(STATUSES);
    expect(readBoard([SERVICES_TAB.columns.map(({ header }) => header)])).toBeDefined();
    expect(readAllowlist([ALLOWLIST_TAB.columns.map(({ header }) => header)], String)).toEqual([]);
  });

  it('its example has ten steps, people’s own between ours', () => {
    const rows = rowsOf([headers, ...lines]);
    expect(rows).toHaveLength(10);
    expect(rows.filter(isStep).map(({ step }) => step)).toEqual(['2', '5', '7', '8', '9', '10']);
  });
});

it('a line of the Allowlist is sent with its time as the clocks of the sheet show it; one without an address is none', () => {
  const until = new Date('2026-11-22T06:00:00Z');
  const values = [
    ['Note', 'Until', 'Address or range', 'Who', 'Services'],
    ['x', until, '192.0.2.1', 'Ada', 'shop'],
    ['x', '6 o’clock', '192.0.2.2', '', ''],
    ['x', '', '', 'Grace', ''],
  ];
  expect(readAllowlist(values, () => '07:00')).toEqual([
    { row: 2, address: '192.0.2.1', who: 'Ada', until: { text: '07:00', at: until.toISOString() }, services: 'shop' },
    { row: 3, address: '192.0.2.2', who: '', until: { text: '6 o’clock' }, services: '' },
  ]);
});
