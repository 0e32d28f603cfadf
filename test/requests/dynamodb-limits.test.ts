import { checkRequest } from './check-request.ts';

const TableName = 'drawbridge';
const keyOf = (sk: string) => ({ pk: { S: 'SERVICE#shop' }, sk: { S: sk } });
const versionIs = {
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': { N: '7' } },
};

const good = () => ({
  ClientRequestToken: '0b4ba9a1-5c0e-4a8d-9f0a-6f1c1f6f3c1e',
  TransactItems: [
    { Put: { TableName, Item: { ...keyOf('STATE'), version: { N: '8' } }, ...versionIs } },
    {
      Update: {
        TableName,
        Key: keyOf('INTENT'),
        UpdateExpression: 'REMOVE #intent',
        ExpressionAttributeNames: { '#intent': 'intent' },
      },
    },
    { Delete: { TableName, Key: keyOf('OLD'), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
    { ConditionCheck: { TableName, Key: keyOf('SHEET'), ConditionExpression: 'attribute_exists(pk)' } },
  ] as Record<string, Record<string, unknown>>[],
});
type Transaction = ReturnType<typeof good>;

const problemsOf = (value: Transaction) =>
  checkRequest({ service: 'dynamodb', operation: 'TransactWriteItems', value }).join('\n');

it('lets a transaction pass that AWS takes', () => {
  expect(problemsOf(good())).toBe('');
});

it.each<[string, (request: Transaction) => unknown, string]>([
  ['of no items', (request) => request.TransactItems.splice(0), '1 to 100, no item twice, 4 MB at most'],
  [
    'that names an item twice',
    ({ TransactItems }) => TransactItems.push({ Put: { TableName, Item: keyOf('OLD') } }),
    'no item twice',
  ],
  [
    'of 101 items',
    ({ TransactItems }) => {
      for (let index = 4; index < 101; index += 1)
        TransactItems.push({ Put: { TableName, Item: keyOf(String(index)) } });
    },
    '1 to 100',
  ],
  [
    'of more than 4 MB',
    ({ TransactItems }) => {
      for (let index = 0; index < 11; index += 1)
        TransactItems.push({ Put: { TableName, Item: { ...keyOf(String(index)), text: { S: 'x'.repeat(390_000) } } } });
    },
    '4 MB at most',
  ],
  [
    'with two things in one item',
    ({ TransactItems }) => Object.assign(TransactItems[0] as object, { Delete: { TableName, Key: keyOf('X') } }),
    'TransactItems[0] must be: exactly one member',
  ],
  [
    'with a value that its update does not use',
    ({ TransactItems }) =>
      Object.assign(TransactItems[1]?.Update as object, { ExpressionAttributeValues: { ':x': { N: '1' } } }),
    'Update must be: every placeholder',
  ],
  [
    'with a check of nothing',
    ({ TransactItems }) => delete TransactItems[3]?.ConditionCheck?.ConditionExpression,
    'ConditionCheck.ConditionExpression is missing',
  ],
  [
    'with a token that is too long',
    (request) => {
      request.ClientRequestToken += 'x';
    },
    'ClientRequestToken must be: 1 to 36',
  ],
  [
    'with an empty sort key',
    ({ TransactItems }) => Object.assign(TransactItems[2]?.Delete as object, { Key: keyOf('') }),
    'Delete.Key must be: the whole key',
  ],
  [
    'that asks for what only single writes return',
    ({ TransactItems }) => Object.assign(TransactItems[0]?.Put as object, { ReturnValues: 'ALL_OLD' }),
    'Put.ReturnValues is no member of',
  ],
])('finds a transaction %s', (_what, spoil, said) => {
  const request = good();
  spoil(request);
  expect(problemsOf(request)).toContain(said);
});
