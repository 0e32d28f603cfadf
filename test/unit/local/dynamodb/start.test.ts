import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { createTable, type Dynamodb, startDynamodb } from '../../../../local/dynamodb/start.ts';

let now = Date.parse('2026-12-24T01:00:00Z');
let server: Dynamodb;
let client: DynamoDBClient;
beforeAll(async () => {
  server = await startDynamodb({ clock: { now: () => now } });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: server.url, region: 'eu-west-1', credentials });
  await createTable(server.url, 'drawbridge-test');
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const keyOf = (sk: string) => ({ pk: { S: 'SERVICE#shop' }, sk: { S: sk } });
const item = (sk: string, revision: string) => ({ ...keyOf(sk), revision: { N: revision } });

it('has a table that can be used at once, with the keys and billing of the deployed one', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'drawbridge-test' }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  });
});

it('keeps the first of two writes that both claim to be the first revision', async () => {
  const put = (revision: string) =>
    client.send(
      new PutItemCommand({
        TableName: 'drawbridge-test',
        Item: item('STATE', revision),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  const both = await Promise.allSettled([put('1'), put('2')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { name: 'ConditionalCheckFailedException' },
  });
  const winner = both[0].status === 'fulfilled' ? '1' : '2';
  const { Item } = await client.send(
    new GetItemCommand({ TableName: 'drawbridge-test', Key: { pk: { S: 'SERVICE#shop' }, sk: { S: 'STATE' } } }),
  );
  expect(Item?.revision).toEqual({ N: winner });
});

it('refuses by name what it does not do', async () => {
  const read = new TransactGetItemsCommand({
    TransactItems: [{ Get: { TableName: 'drawbridge-test', Key: keyOf('STATE') } }],
  });
  await expect(client.send(read)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'TransactGetItems is not supported by the local DynamoDB',
  });
  const capacity = new TransactWriteItemsCommand({
    TransactItems: [{ Put: { TableName: 'drawbridge-test', Item: item('AUDIT', '1') } }],
    ReturnConsumedCapacity: 'TOTAL',
  });
  await expect(client.send(capacity)).rejects.toMatchObject({
    message: 'ReturnConsumedCapacity of TransactWriteItems is not supported by the local DynamoDB',
  });
});

it('says over the wire what AWS says of a cancelled transaction', async () => {
  const claim = {
    TableName: 'drawbridge-test',
    Item: item('CLAIMED', '1'),
    ConditionExpression: 'attribute_exists(pk)',
  };
  const other = { TableName: 'drawbridge-test', Item: item('OTHER', '1') };
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20261224/eu-west-1/dynamodb/aws4_request',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.TransactWriteItems',
    },
    body: JSON.stringify({ TransactItems: [{ Put: claim }, { Put: other }] }),
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.0');
  expect(await answer.json()).toEqual({
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    CancellationReasons: [
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      { Code: 'None' },
    ],
    Message:
      'Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed, None]',
  });
});

it('answers nobody who has not signed', async () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
  const answer = await fetch(server.url, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
  });
});

describe('a transaction', () => {
  const add = (sk: string): TransactWriteItem => ({
    Update: {
      TableName: 'drawbridge-test',
      Key: keyOf(sk),
      UpdateExpression: 'ADD revision :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  });
  const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
    client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
  const revisionOf = async (sk: string) => {
    const { Item } = await client.send(new GetItemCommand({ TableName: 'drawbridge-test', Key: keyOf(sk) }));
    return Item?.revision?.N;
  };

  it('is done again with its token once ten minutes have passed, and not before', async () => {
    await transact([add('TEN')], 'ten-minutes');
    now += 10 * 60_000 - 1;
    await transact([add('TEN')], 'ten-minutes');
    expect(await revisionOf('TEN')).toBe('1');
    now += 1;
    await transact([add('TEN')], 'ten-minutes');
    expect(await revisionOf('TEN')).toBe('2');
  });

  it('is told that the same one is still under way', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => transact([add('TWIN')], 'twins')));
    expect(await revisionOf('TWIN')).toBe('1');
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.name] : []));
    expect(reasons.every((name) => name === 'TransactionInProgressException')).toBe(true);
  });

  it('meets a conflict when a test wants it to, once or as often as that is said', async () => {
    server.failNext('TransactWriteItems', 'conflict', 2);
    for (const _ of [1, 2]) {
      await expect(transact([add('CONFLICT'), add('BESIDE')])).rejects.toMatchObject({
        name: 'TransactionCanceledException',
        CancellationReasons: [
          { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
          { Code: 'None' },
        ],
      });
    }
    await transact([add('CONFLICT'), add('BESIDE')]);
    expect(await revisionOf('CONFLICT')).toBe('1');
  });

  it('is throttled when a test wants it to be', async () => {
    server.failNext('TransactWriteItems', 'throttled');
    await expect(transact([add('THROTTLED')])).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ThrottlingError' }],
    });
    expect(await revisionOf('THROTTLED')).toBeUndefined();
  });

  it('is done once though its answer was lost: the SDK asks again with the same token', async () => {
    server.failNext('TransactWriteItems', 'unanswered');
    await transact([add('UNANSWERED')]);
    expect(await revisionOf('UNANSWERED')).toBe('1');
  });
});

it('lets a single write meet a conflict when a test wants it to', async () => {
  server.failNext('PutItem', 'conflict');
  const put = () => client.send(new PutItemCommand({ TableName: 'drawbridge-test', Item: item('SINGLE', '1') }));
  await expect(put()).rejects.toMatchObject({ name: 'TransactionConflictException' });
  await put();
});
