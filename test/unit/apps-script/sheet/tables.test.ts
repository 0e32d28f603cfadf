import { checkWrites, keyedWrites, orderedWrites } from '../../../../apps-script/src/sheet/tables.ts';

const wall = (at: Date) => at.toISOString().slice(0, 19);
const written = (writes: readonly { row: number; column: number; value: unknown }[]) =>
  writes.map(({ row, column, value }) => `${row},${column} ${value instanceof Date ? value.toISOString() : value}`);

describe('the tab Services', () => {
  const headers = ['Service', 'Mode', 'Environment'];
  const table = (environment: string, rows: string[][]) => ({ environment, table: { headers, key: 'Service', rows } });
  const shop = ['shop', 'Closed', 'production'];
  const payments = ['payments', 'Open', 'production'];
  const staging = ['shop-staging', 'Open', 'staging'];
  const write = (values: unknown[][], ...tables: ReturnType<typeof table>[]) =>
    written(keyedWrites(values, tables, wall));

  it('is filled in the order that it was told, one environment after the other', () => {
    const values = [headers, ['', '', '']];
    expect(write(values, table('production', [shop, payments]), table('staging', [staging]))).toEqual([
      '2,0 shop',
      '2,1 Closed',
      '2,2 production',
      '3,0 payments',
      '3,1 Open',
      '3,2 production',
      '4,0 shop-staging',
      '4,1 Open',
      '4,2 staging',
    ]);
  });

  it('only what differs is written, each service in its row, wherever people sorted it, beside columns of their own', () => {
    const values = [
      ['Note', 'Mode', 'Environment', 'Service'],
      ['x', 'Open', 'production', 'payments'],
      ['y', 'Open', 'production', 'shop'],
    ];
    expect(write(values, table('production', [shop, payments]))).toEqual(['3,1 Closed']);
  });

  it.each(['shpo', 'payments'])(
    'a service whose name somebody wrote %s over gets it back, and stands there once',
    (name) => {
      const values = [headers, [name, 'Closed', 'production'], ['payments', 'Open', 'production']];
      const after = values.map((line) => [...line]);
      for (const { row, column, value } of keyedWrites(values, [table('production', [shop, payments])], wall)) {
        (after[row - 1] as unknown[])[column] = value;
      }
      expect(
        after
          .slice(1)
          .map(([service]) => service)
          .sort(),
      ).toEqual(['payments', 'shop']);
    },
  );

  it('a service that is told no more is emptied; the rows of an environment that did not answer stay', () => {
    const values = [headers, shop, payments, staging];
    expect(write(values, table('production', [shop]))).toEqual(['3,0 ', '3,1 ', '3,2 ']);
  });

  it('without the column of its key nobody knows which row is whose: nothing is written', () => {
    expect(write([['Mode'], ['Open']], table('production', [shop]))).toEqual([]);
  });
});

describe('the tab Audit', () => {
  const line = (minute: number, what: string) => [{ at: `2026-11-22T02:0${minute}:00.000Z` }, what];
  const table = (...rows: ReturnType<typeof line>[]) => ({
    environment: 'x',
    table: { headers: ['At', 'What'], rows },
  });
  const write = (values: unknown[][], ...tables: ReturnType<typeof table>[]) =>
    written(orderedWrites(values, tables, wall));
  const at = (minute: number) => new Date(`2026-11-22T02:0${minute}:00.000Z`);

  it('lines of several environments stand in the order of their times, up or down as each tells them', () => {
    const order = (...tables: ReturnType<typeof table>[]) =>
      write([['What']], ...tables).map((text) => text.split(' ')[1]);
    expect(order(table(line(1, 'a'), line(4, 'd')), table(line(2, 'b'), line(3, 'c')))).toEqual(['a', 'b', 'c', 'd']);
    expect(order(table(line(4, 'd'), line(1, 'a')), table(line(3, 'c'), line(2, 'b')))).toEqual(['d', 'c', 'b', 'a']);
    expect(order(table(), table(line(1, 'a')))).toEqual(['a']);
  });

  it('only what is new is written; what somebody wrote below or over it goes', () => {
    const values = [
      ['At', 'What', 'Mine'],
      [at(1), 'a', 'x'],
      [at(2), 'forged', 'y'],
      ['', '', ''],
      ['', 'graffiti', 'z'],
    ];
    expect(write(values, table(line(1, 'a'), line(2, 'b'), line(3, 'c')))).toEqual([
      '3,1 b',
      '4,0 2026-11-22T02:03:00.000Z',
      '4,1 c',
      '5,1 ',
    ]);
  });
});

describe('the column Check of the Allowlist', () => {
  const values = [
    ['Check', 'Address or range'],
    ['', '192.0.2.1'],
    ['Let in.', '192.0.2.9'],
    ['Ready.', '192.0.2.3'],
  ];
  const check = (environment: string, ...says: [number, string, string][]) => ({
    environment,
    check: says.map(([row, address, text]) => ({ row, address, says: text })),
  });

  it('has a sentence for each environment, once if they say the same', () => {
    const production = check('production', [2, '192.0.2.1', 'Let in.'], [4, '192.0.2.3', 'Ready.']);
    const staging = check('staging', [2, '192.0.2.1', 'Not sent yet.'], [4, '192.0.2.3', 'Ready.']);
    expect(written(checkWrites(values, [production, staging], false))).toEqual([
      '2,0 production: Let in.\nstaging: Not sent yet.',
    ]);
  });

  it('never says of one address what was said of another', () => {
    expect(written(checkWrites(values, [check('production', [2, '192.0.2.7', 'Let in.'])], false))).toEqual([]);
  });

  it('is empty where nobody says anything, once all have answered', () => {
    expect(written(checkWrites(values, [check('production')], true))).toEqual(['3,0 ', '4,0 ']);
    expect(written(checkWrites(values, [check('production')], false))).toEqual([]);
  });
});
