import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { createTable, startDynamodb } from '../../../../local/dynamodb/start.ts';
import type { Listening } from '../../../../local/http-server.ts';

let server: Listening;
let client: DynamoDBClient;
beforeAll(async () => {
  server = await startDynamodb();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: server.url, region: 'eu-west-1', credentials });
  await createTable(server.url, 'drawbridge-test');
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const item = (sk: string, revision: string) => ({
  pk: { S: 'SERVICE#shop' },
  sk: { S: sk },
  revision: { N: revision },
});

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
  const transaction = new TransactWriteItemsCommand({
    TransactItems: [{ Put: { TableName: 'drawbridge-test', Item: item('AUDIT', '1') } }],
  });
  await expect(client.send(transaction)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'TransactWriteItems is not supported by the local DynamoDB',
  });
});
