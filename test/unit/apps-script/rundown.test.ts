import { cellText, HEADERS, readRundown, STATUSES } from '../../../apps-script/src/rundown.ts';
import { runs } from '../../../apps-script/src/sheet.ts';
import { exampleRundown, RUNDOWN_COLUMNS } from '../../../release-sheet-template/rundown.ts';
import { STATUS_STYLES } from '../../../release-sheet-template/statuses.ts';

const ok = (values: readonly (readonly unknown[])[]) => {
  const reading = readRundown(values);
  if (!reading.ok) throw new Error(reading.message);
  return reading.rundown;
};
const names = Object.values(HEADERS);

describe('headers', () => {
  it('are found in any order and case, with blanks around and other columns between', () => {
    const { columns } = ok([[...names].reverse().flatMap((name) => ['Note', `  ${name.toUpperCase()} `])]);
    expect(columns.step).toBe(19);
    expect(columns.operation).toBe(1);
  });

  it('that are missing or there twice are all named', () => {
    const reading = readRundown([[...names.filter((name) => name !== 'Service' && name !== 'By'), 'status']]);
    expect(reading).toMatchObject({ ok: false, resultColumn: 4 });
    expect(reading.ok === false && reading.message).toMatch(/"Service", "By" is missing.*"Status" is there twice/);
  });

  it('of an empty tab are missing, and there is nowhere to tell it', () => {
    expect(readRundown([])).toMatchObject({ ok: false, resultColumn: undefined });
  });
});

describe('rows', () => {
  const [headers = [], ...lines] = exampleRundown(Date.parse('2026-11-22T02:00:00Z'));

  it('are the same row after a sort, whatever the script wrote into them', () => {
    const before = ok([headers, ...lines]).rows[1];
    const moved = lines.map((line) => [...line]).reverse();
    (moved[8] as string[])[headers.indexOf('Result')] = 'Closing…';
    expect(ok([headers, ...moved]).rows[8]?.identity).toBe(before?.identity);
  });

  it('are another row when anything of people’s own differs', () => {
    const changed = lines.map((line) => [...line]);
    (changed[1] as string[])[headers.indexOf('Planned start')] = '04:00';
    expect(ok([headers, ...changed]).rows[1]?.identity).not.toBe(ok([headers, ...lines]).rows[1]?.identity);
  });

  it('a time is compared by value, not by how it is shown', () => {
    expect(cellText(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('writing own cells', () => {
  const own = { status: 'Go', result: 'old', started: 'then', finished: '', by: 'x', operation: 'op-1' };
  const columns = (order: readonly string[]) =>
    ok([order.map((name) => HEADERS[name as keyof typeof HEADERS] ?? name)]).columns;
  const all = ['step', 'plannedStart', 'service', 'action'];

  it('neighbours go in one call, and a gap of our own keeps what it says', () => {
    const place = columns([...all, 'status', 'result', 'started', 'finished', 'by', 'operation']);
    expect(runs(place, { status: 'Done', result: 'new', finished: 'now' }, own)).toEqual([
      { first: 4, values: ['Done', 'new', 'then', 'now'] },
    ]);
  });

  it('a column of somebody else is never bridged; the id is written first and Status last', () => {
    const place = columns([...all, 'status', 'Note', 'result', 'started', 'finished', 'by', 'Note 2', 'operation']);
    expect(runs(place, { status: 'Running', result: 'new', operation: 'op-2' }, own)).toEqual([
      { first: 11, values: ['op-2'] },
      { first: 6, values: ['new'] },
      { first: 4, values: ['Running'] },
    ]);
  });
});

describe('the template', () => {
  it('has every column that the script needs, and every status', () => {
    const headers = RUNDOWN_COLUMNS.map(({ header }) => header);
    expect(headers).toEqual(expect.arrayContaining(names));
    expect(STATUS_STYLES.map(({ status }) => status)).toEqual([...STATUSES]);
  });

  it('its example has ten steps, people’s own between ours', () => {
    const rows = ok(exampleRundown(0)).rows;
    expect(rows).toHaveLength(10);
    expect(rows.filter(({ action }) => action === '').length).toBeGreaterThanOrEqual(3);
    expect(rows.every(({ status }) => status === 'Planned')).toBe(true);
  });
});
