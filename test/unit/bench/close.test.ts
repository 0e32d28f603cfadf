import { play } from '../../../bench/close/close.ts';
import { unitsOf } from '../../../bench/deployment/table-units.ts';

test('closing takes one read and one write of WAF, and as long, behind one web ACL and behind three', async () => {
  const [one, three] = [await play('Drawbridge', 'strict', 1, 1), await play('Drawbridge', 'strict', 1, 3)];
  expect(three).toEqual(one);
  expect([one.closeCalls, one.openCalls]).toEqual([
    expect.objectContaining({ waf: 2, throttled: 0 }),
    expect.objectContaining({ waf: 2, throttled: 0 }),
  ]);
}, 120_000);

test.each(['strict', 'bucket'] as const)(
  '%s: nobody whom it is compared with is throttled',
  async (mode) => {
    const three = [
      await play('script, one by one', mode, 1, 3),
      await play('script, all created first', mode, 1, 3),
      await play('recipe: a rule ready in each', mode, 1, 3),
      await play('floor: one get, one update', mode, 1, 3),
    ];
    const throttled = three.map(({ closeCalls, openCalls }) => closeCalls.throttled + openCalls.throttled);
    expect(throttled).toEqual([0, 0, 0, 0]);
    // One association in two seconds, one update a second.
    const [oneByOne, allFirst, recipe] = three.map(({ closedMs }) => closedMs) as [number, number, number];
    expect([oneByOne, allFirst].every((ms) => ms > 4_000 + 2 * 2_000)).toBe(true);
    expect(recipe).toBeGreaterThan(2 * 1_000);
  },
  120_000,
);

test('what DynamoDB bills: each item by 4 KB read and 1 KB written, what is missing too, transactions twice', () => {
  const item = (bytes: number) => ({ text: { S: 'x'.repeat(bytes) } });
  expect(unitsOf('GetItem', {}, {})).toEqual({ read: 1, write: 0 });
  expect(unitsOf('GetItem', {}, { Item: item(5_000) })).toEqual({ read: 2, write: 0 });
  expect(unitsOf('Query', {}, { Items: [item(3_000), item(3_000)] })).toEqual({ read: 2, write: 0 });
  const RequestItems = { table: { Keys: [{}, {}, {}] } };
  expect(unitsOf('BatchGetItem', { RequestItems }, { Responses: { table: [item(10)] } })).toEqual({
    read: 3,
    write: 0,
  });
  const TransactItems = [{ Put: { Item: item(1_500) } }, {}];
  expect(unitsOf('TransactWriteItems', { TransactItems }, {})).toEqual({ read: 0, write: 6 });
  expect(() => unitsOf('Scan', {}, {})).toThrow('Scan');
});
