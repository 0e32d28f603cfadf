/**
 * What Drawbridge relies on from DynamoDB. Runs against the local one, or against another endpoint:
 *
 *   AWS_ENDPOINT_URL_DYNAMODB=https://dynamodb.eu-west-1.amazonaws.com AWS_REGION=eu-west-1 \
 *   npm run jest -- test/conformance/dynamodb
 *
 * with credentials from the environment. It makes a small table and deletes it again; CONFORMANCE_TABLE names one that is
 * there already, with the keys `pk` and `sk`, in which it leaves a few items below `CONFORMANCE#`.
 */
import { randomUUID } from 'node:crypto';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  IdempotentParameterMismatchException,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { startDynamodb, tableDefinition } from '../../local/dynamodb/start.ts';

const { AWS_ENDPOINT_URL_DYNAMODB: remote, AWS_REGION: region = 'eu-west-1', CONFORMANCE_TABLE } = process.env;
const TableName = CONFORMANCE_TABLE ?? `drawbridge-conformance-${randomUUID().slice(0, 8)}`;
const run = randomUUID().slice(0, 8);

let client: DynamoDBClient;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  if (remote) client = new DynamoDBClient({ region, endpoint: remote });
  else {
    const local = await startDynamodb();
    undo.push(() => local.close());
    client = new DynamoDBClient({ region, endpoint: local.url, credentials: OURS });
  }
  undo.push(async () => client.destroy());
  if (CONFORMANCE_TABLE) return;
  await client.send(new CreateTableCommand(tableDefinition(TableName)));
  undo.push(() => client.send(new DeleteTableCommand({ TableName })));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName });
}, 120_000);
afterAll(async () => {
  for (const one of undo.reverse()) await one();
}, 60_000);

const OURS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Keys of one test, apart from all others. */
function createKeys() {
  const pk = { S: `CONFORMANCE#${run}#${randomUUID()}` };
  return (sk: string) => ({ pk, sk: { S: sk } });
}

const N = (value: number) => ({ N: String(value) });
const S = (value: string) => ({ S: value });

async function read(Key: ReturnType<ReturnType<typeof createKeys>>) {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return Item;
}

const put = (Item: object, more: object = {}): TransactWriteItem => ({
  Put: { TableName, Item: Item as never, ...more },
});
const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));

async function refusal(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: Error) => error,
  );
}

async function reasonsOf(promise: Promise<unknown>) {
  const error = await refusal(promise);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  return (error as TransactionCanceledException).CancellationReasons;
}

const IS_NEW = { ConditionExpression: 'attribute_not_exists(pk)' };
const versionIs = (version: number) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': N(version) },
});

describe('a transaction', () => {
  it('puts, updates, deletes and checks, all at once', async () => {
    const key = createKeys();
    await transact([put({ ...key('old') }), put({ ...key('checked'), version: N(3) }), put({ ...key('state') })]);
    await transact([
      put({ ...key('new'), version: N(1) }, IS_NEW),
      {
        Update: {
          TableName,
          Key: key('state'),
          UpdateExpression: 'SET #mode = :mode ADD #count :one REMOVE gone',
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#mode)',
          ExpressionAttributeNames: { '#mode': 'mode', '#count': 'count' },
          ExpressionAttributeValues: { ':mode': S('maintenance'), ':one': N(1) },
        },
      },
      { Delete: { TableName, Key: key('old') } },
      { ConditionCheck: { TableName, Key: key('checked'), ...versionIs(3) } },
    ]);
    expect(await read(key('new'))).toEqual({ ...key('new'), version: N(1) });
    expect(await read(key('state'))).toEqual({ ...key('state'), mode: S('maintenance'), count: N(1) });
    expect(await read(key('old'))).toBeUndefined();
    expect(await read(key('checked'))).toEqual({ ...key('checked'), version: N(3) });
  });

  it('makes the item that an update or a true check does not find', async () => {
    const key = createKeys();
    await transact([
      {
        Update: {
          TableName,
          Key: key('made'),
          UpdateExpression: 'SET version = if_not_exists(version, :none) + :one',
          ExpressionAttributeValues: { ':none': N(0), ':one': N(1) },
        },
      },
      { ConditionCheck: { TableName, Key: key('absent'), ...IS_NEW } },
      { Delete: { TableName, Key: key('never there') } },
    ]);
    expect(await read(key('made'))).toEqual({ ...key('made'), version: N(1) });
    expect(await read(key('absent'))).toBeUndefined();
  });

  it('writes nothing if one condition fails, and gives a reason for each item', async () => {
    const key = createKeys();
    const state = { ...key('state'), version: N(7) };
    await transact([put(state)]);
    const error = await refusal(
      transact([
        put(key('operation'), IS_NEW),
        put({ ...key('state'), version: N(6) }, { ...versionIs(5), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
        { Delete: { TableName, Key: key('state 2'), ...versionIs(5), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
        { ConditionCheck: { TableName, Key: key('state 3'), ...IS_NEW } },
      ]),
    );
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
        '[None, ConditionalCheckFailed, ConditionalCheckFailed, None]',
      $metadata: { httpStatusCode: 400 },
    });
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    expect((error as TransactionCanceledException).CancellationReasons).toEqual([
      { Code: 'None' },
      { ...failed, Item: state },
      failed,
      { Code: 'None' },
    ]);
    expect(await read(key('operation'))).toBeUndefined();
    expect(await read(key('state'))).toEqual(state);
  });

  it('shows no item that was not asked for', async () => {
    const key = createKeys();
    await transact([put(key('state'))]);
    const [reason] = (await reasonsOf(transact([put(key('state'), IS_NEW)]))) ?? [];
    expect(reason).toEqual({ Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' });
  });

  it('writes nothing if an update does not suit the item that it finds', async () => {
    const key = createKeys();
    await transact([put({ ...key('state'), mode: S('normal') })]);
    const reasons = await reasonsOf(
      transact([
        put(key('operation')),
        {
          Update: {
            TableName,
            Key: key('state'),
            UpdateExpression: 'SET #mode = #mode + :one',
            ExpressionAttributeNames: { '#mode': 'mode' },
            ExpressionAttributeValues: { ':one': N(1) },
          },
        },
      ]),
    );
    expect(reasons).toMatchObject([
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
    ]);
    expect(await read(key('operation'))).toBeUndefined();
  });

  it('lets one of many win that all claim an item, and tells the others so', async () => {
    const key = createKeys();
    const claims = Array.from({ length: 12 }, (_, index) =>
      transact([put({ ...key('state'), version: N(index) }, IS_NEW), put({ ...key(`audit ${index}`) })]),
    );
    const outcomes = await Promise.allSettled(claims);
    const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      const [reason] = (outcome.reason as TransactionCanceledException).CancellationReasons ?? [];
      expect(['ConditionalCheckFailed', 'TransactionConflict']).toContain(reason?.Code);
    }
    const audits = await Promise.all(claims.map((_, index) => read(key(`audit ${index}`))));
    expect(audits.flatMap((audit, index) => (audit ? [index] : []))).toEqual(winners);
  });

  it('counts each that went through, beside single writes of the same item', async () => {
    const key = createKeys();
    const plusOne = {
      TableName,
      Key: key('counter'),
      UpdateExpression: 'ADD #count :one',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':one': N(1) },
    };
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 8 }, () => transact([{ Update: plusOne }])),
      ...Array.from({ length: 8 }, () => client.send(new UpdateItemCommand(plusOne))),
    ]);
    const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(done).toBeGreaterThan(0);
    expect(await read(key('counter'))).toEqual({ ...key('counter'), count: N(done) });
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('TransactionConflict');
    }
  });
});

describe('a client request token', () => {
  const addOne = (Key: object): TransactWriteItem => ({
    Update: {
      TableName,
      Key: Key as never,
      UpdateExpression: 'ADD version :one',
      ExpressionAttributeValues: { ':one': N(1) },
    },
  });

  it('keeps a transaction that is sent twice from being done twice', async () => {
    const key = createKeys();
    const token = randomUUID();
    await transact([addOne(key('state'))], token);
    await transact([addOne(key('state'))], token);
    expect(await read(key('state'))).toMatchObject({ version: N(1) });
  });

  it('is refused with another transaction', async () => {
    const key = createKeys();
    const token = randomUUID();
    await transact([addOne(key('state'))], token);
    const error = await refusal(transact([addOne(key('other'))], token));
    expect(error).toBeInstanceOf(IdempotentParameterMismatchException);
    expect(await read(key('other'))).toBeUndefined();
  });

  it('holds nothing against a transaction that was cancelled', async () => {
    const key = createKeys();
    const token = randomUUID();
    const claim = [put({ ...key('state') }, { ConditionExpression: 'attribute_exists(pk)' })];
    await reasonsOf(transact(claim, token));
    await transact([put(key('state'))]);
    await transact(claim, token);
  });
});

describe('refuses', () => {
  it('a transaction that names an item twice', async () => {
    const key = createKeys();
    const twice = [put(key('state')), { ConditionCheck: { TableName, Key: key('state'), ...IS_NEW } }];
    expect(await refusal(transact(twice))).toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    expect(await read(key('state'))).toBeUndefined();
  });

  it('a transaction of no items, and of more than 100', async () => {
    const key = createKeys();
    expect(await refusal(transact([]))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /^1 validation error detected: Value .* at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1$/,
      ),
    });
    const many = (count: number) => Array.from({ length: count }, (_, index) => put(key(String(index))));
    expect(await refusal(transact(many(101)))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /^1 validation error detected: Value .* at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/s,
      ),
    });
    expect(await read(key('0'))).toBeUndefined();
    await transact(many(100));
    expect(await read(key('99'))).toEqual(key('99'));
  });

  it('a transaction of more than 4 MB', async () => {
    const key = createKeys();
    const large = Array.from({ length: 11 }, (_, index) =>
      put({ ...key(`large ${index}`), text: S('x'.repeat(390_000)) }),
    );
    const { name } = await refusal(transact(large));
    expect(['ValidationException', 'TransactionCanceledException']).toContain(name);
    expect(await read(key('large 0'))).toBeUndefined();
  }, 60_000);

  it('two things in one item of a transaction, or none', async () => {
    const key = createKeys();
    const both = { ...put(key('one')), Delete: { TableName, Key: key('two') } };
    expect(await refusal(transact([both]))).toMatchObject({
      name: 'ValidationException',
      message: 'TransactItems can only contain one of Check, Put, Update or Delete',
    });
    expect(await refusal(transact([{}]))).toMatchObject({ name: 'ValidationException' });
  });

  it.each([
    ['a syntax error', { ConditionExpression: 'version ==' }],
    ['a name that is not defined', { ConditionExpression: 'attribute_exists(#version)' }],
    ['a value that nobody uses', { ...IS_NEW, ExpressionAttributeValues: { ':unused': N(1) } }],
    ['a reserved word', { ConditionExpression: 'attribute_exists(state)' }],
  ])('an expression with %s, in a transaction as in a single write', async (_what, more) => {
    const Item = createKeys()('state');
    expect(await refusal(client.send(new PutItemCommand({ TableName, Item, ...more })))).toMatchObject({
      name: 'ValidationException',
    });
    expect(await refusal(transact([put(Item, more)]))).toMatchObject({ name: 'ValidationException' });
    expect(await read(Item)).toBeUndefined();
  });

  it('a table that is not there', async () => {
    const Item = createKeys()('state');
    const there = createKeys()('state');
    const elsewhere = { Put: { TableName: `${TableName}-not-there`, Item } };
    expect(await refusal(transact([put(there), elsewhere]))).toBeInstanceOf(ResourceNotFoundException);
    expect(await read(there)).toBeUndefined();
  });
});

describe('a single write', () => {
  it('shows the item that a failed condition has found, if asked', async () => {
    const key = createKeys();
    const Item = { ...key('state'), version: N(7) };
    await client.send(new PutItemCommand({ TableName, Item }));
    const shown = { ...versionIs(6), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const update = { TableName, Key: key('state'), UpdateExpression: 'SET version = :version', ...shown };
    for (const command of [new PutItemCommand({ TableName, Item, ...shown }), new UpdateItemCommand(update)]) {
      const error = await refusal(client.send(command as PutItemCommand));
      expect(error).toBeInstanceOf(ConditionalCheckFailedException);
      expect(error).toMatchObject({ message: 'The conditional request failed', Item });
    }
    const silent = await refusal(client.send(new PutItemCommand({ TableName, Item, ...versionIs(6) })));
    expect((silent as ConditionalCheckFailedException).Item).toBeUndefined();
  });

  it('goes on from an item as an update leaves it', async () => {
    const key = createKeys();
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('sheet'),
        UpdateExpression: 'ADD #sequence :one SET seen = :seen',
        ExpressionAttributeNames: { '#sequence': 'sequence' },
        ExpressionAttributeValues: { ':one': N(1), ':seen': S('2026-12-24T01:00:00Z') },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual({ ...key('sheet'), sequence: N(1), seen: S('2026-12-24T01:00:00Z') });
  });
});

describe('a read', () => {
  it('finds the items of one key by how their names begin, in order, page by page, from either end', async () => {
    const key = createKeys();
    const names = ['AUDIT#1', 'AUDIT#2', 'AUDIT#3', 'STATE'];
    await transact(names.map((name) => put(key(name))));
    const query = (more: object) =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': key('').pk, ':prefix': S('AUDIT#') },
          ConsistentRead: true,
          ...more,
        }),
      );
    const first = await query({ Limit: 2 });
    const second = await query({ Limit: 2, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(first.Items).toEqual([key('AUDIT#1'), key('AUDIT#2')]);
    expect(second.Items).toEqual([key('AUDIT#3')]);
    expect(second.LastEvaluatedKey).toBeUndefined();
    const last = await query({ ScanIndexForward: false, Limit: 1 });
    expect(last.Items).toEqual([key('AUDIT#3')]);
  });

  it('gets several items at once, and leaves out what is not there', async () => {
    const key = createKeys();
    await transact([put(key('STATE')), put(key('PROOF'))]);
    const Keys = [key('STATE'), key('PROOF'), key('SEEN')];
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    expect(Responses?.[TableName]).toHaveLength(2);
    expect(Responses?.[TableName]).toEqual(expect.arrayContaining([key('STATE'), key('PROOF')]));
  });
});
