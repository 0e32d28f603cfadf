import { requestOf } from '../../../../lambda/src/rundown/plan/intent-request.ts';
import { readRows } from '../../../../lambda/src/rundown/plan/read-rows.ts';

const OWN = { status: 'Go', result: '', started: '', finished: '', by: '', operation: '' };
const step = (more: object = {}) => ({
  ...OWN,
  ...{ row: 2, step: '1', plannedStart: { text: '' }, service: 'shop', action: 'Enter maintenance' },
  ...more,
});
const read = (request: object) => readRows(request as never, 'production');

it('reads rows of both tabs, and the allowlist only where it was read', () => {
  const line = { row: 2, address: '192.0.2.1', who: '', until: { text: '' }, services: '' };
  const reading = read({
    steps: [step()],
    picks: [{ ...OWN, row: 3, service: 'shop', action: '' }],
    allowlist: [line],
  });
  expect(reading.rows.map(({ tab, row }) => [tab, row])).toEqual([
    ['rundown', 2],
    ['services', 3],
  ]);
  expect([reading.allowlist, reading.ignored]).toEqual([[line], []]);
  expect(read({})).toEqual({ rows: [], ignored: [] });
  expect(read({ allowlist: [] }).allowlist).toEqual([]);
});

it('takes a blank Do now for no pick: its row says what its Status says', () => {
  const picks = [
    { ...OWN, status: 'Done', row: 3, service: 'shop', action: '  ' },
    { ...OWN, status: 'Done', row: 4, service: 'shop', action: 'Exit maintenance' },
  ];
  const { rows } = read({ picks });
  expect(rows.map(({ word, plannedStart }) => [word, plannedStart])).toEqual([
    ['Done', { text: '' }],
    ['Go', { text: '' }],
  ]);
});

it('serves the others where one is not understood, and names that one', () => {
  const { rows, ignored } = read({
    steps: [step({ service: 7 }), step({ row: 3 }), null],
    picks: [{ row: 'x' }],
    allowlist: [{ row: 5 }],
  });
  expect(rows.map(({ row }) => row)).toEqual([3]);
  expect(ignored.map(({ row, message }) => [row, message.split(':')[0]])).toEqual([
    [2, 'steps[0]'],
    [undefined, 'steps[2]'],
    [undefined, 'picks[0]'],
    [5, 'allowlist[0]'],
  ]);
});

it('leaves out rows of another environment, by the name that their operation begins with', () => {
  const operation = (id: string) => {
    const { rows, ignored } = read({ steps: [step({ operation: id })] });
    return rows.length === 1 ? 'ours' : ignored;
  };
  const ours = ['production-0123abcd', 'production-0123abcd_shop', ''];
  for (const id of [...ours, 'op-1', 'staging-0123abcd0', 'see staging-0123abcd']) expect(operation(id)).toBe('ours');
  for (const id of ['staging-0123abcd', 'staging-0123abcd_shop-api']) {
    expect(operation(id)).toEqual([{ row: 2, message: `Its operation ${id} belongs to staging, not to production.` }]);
  }
});

it('asks for what the step’s intent says, in the name of its sheet', () => {
  const intent = {
    operationId: 'x',
    service: 'shop',
    action: 'enter',
    requestedBy: 'a@example.com',
    seenAt: 'then',
    step: '4',
  };
  expect(requestOf(intent as never, 'sheet-1')).toEqual({
    ...{ operationId: 'x', service: 'shop', action: 'enter', requestedBy: 'a@example.com', requestedAt: 'then' },
    source: { kind: 'sheet', spreadsheetId: 'sheet-1', step: '4' },
  });
  expect(requestOf({ ...intent, allowlist: ['192.0.2.1'] } as never, 'sheet-1')).toMatchObject({
    allowlist: ['192.0.2.1'],
  });
});
