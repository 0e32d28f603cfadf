import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable, type Table } from '../../../../lambda/src/store/table.ts';

/** What is sent to DynamoDB, and what is done when it does not answer as hoped: answered here by hand. */

interface Sent {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}
type Answer =
  | object
  | Error
  | { readonly refused: string; readonly status?: number; readonly reasons?: readonly string[] };

let sent: Sent[];
let paused: number[];

/** @param answers - One for each call; the last one for all that follow. */
let dice = 0.5;
beforeEach(() => {
  dice = 0.5;
});
function tableThatAnswers(...answers: readonly Answer[]): Table {
  sent = [];
  paused = [];
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'production', secretAccessKey: 'local' },
    endpoint: 'http://127.0.0.1:1',
    maxAttempts: 1,
    requestHandler: {
      async handle({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) {
        const answer = answers[Math.min(sent.length, answers.length - 1)] ?? {};
        sent.push({
          operation: headers['x-amz-target']?.split('.')[1] ?? '',
          body: JSON.parse(new TextDecoder().decode(body)),
        });
        if (answer instanceof Error) throw answer;
        return { response: responseOf(answer) };
      },
    } as never,
  });
  return createTable('table', { client, sleep: async (ms) => void paused.push(ms), random: () => dice });
}

function responseOf(answer: Answer) {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  if (!('refused' in answer)) return { statusCode: 200, headers, body: Buffer.from(JSON.stringify(answer)) };
  const { refused, status = 400, reasons } = answer;
  const CancellationReasons = reasons?.map((Code) => ({ Code }));
  const said = { __type: `com.amazonaws.dynamodb.v20120810#${refused}`, message: 'no', CancellationReasons };
  return { statusCode: status, headers, body: Buffer.from(JSON.stringify(said)) };
}

const key = (sk: string) => ({ pk: 'A', sk });
const stored = (sk: string) => ({ pk: { S: 'A' }, sk: { S: sk }, is: { S: sk } });
const write = { put: { ...key('1') }, label: 'one' };
const cancelled = (...reasons: readonly string[]) => ({ refused: 'TransactionCanceledException', reasons });

describe('reads', () => {
  it('are strongly consistent, all of them', async () => {
    const table = tableThatAnswers({});
    await table.get(key('1'));
    await table.getAll([key('1')]);
    await table.query('A');
    expect(
      sent.map(({ body }) => body.ConsistentRead ?? (body.RequestItems as never as { table: object }).table),
    ).toEqual([true, expect.objectContaining({ ConsistentRead: true }), true]);
  });

  it('of many ask again for what was not answered, later each time', async () => {
    const left = (...sks: readonly string[]) => ({
      table: { Keys: sks.map((sk) => ({ pk: { S: 'A' }, sk: { S: sk } })) },
    });
    const table = tableThatAnswers(
      { Responses: { table: [stored('1')] }, UnprocessedKeys: left('2', '3') },
      { Responses: { table: [stored('3')] }, UnprocessedKeys: left('2') },
      { Responses: { table: [stored('2')] } },
    );
    expect(await table.getAll([key('1'), key('2'), key('3'), key('4')])).toEqual([
      { is: '1' },
      { is: '2' },
      { is: '3' },
      undefined,
    ]);
    const asked = sent.map(({ body }) => (body.RequestItems as { table: { Keys: unknown[] } }).table.Keys.length);
    expect([asked, paused]).toEqual([
      [4, 2, 1],
      [80, 160],
    ]);
  });

  it('of many give up after six attempts, and may be tried again', async () => {
    const UnprocessedKeys = { table: { Keys: [{ pk: { S: 'A' }, sk: { S: '1' } }] } };
    const reading = tableThatAnswers({ UnprocessedKeys }).getAll([key('1')]);
    await expect(reading).rejects.toMatchObject({ code: 'TRY_AGAIN' });
    expect(sent).toHaveLength(6);
  });

  it('of a whole partition name nothing else: DynamoDB takes no empty prefix', async () => {
    await tableThatAnswers({}).query('A');
    expect(sent[0]?.body).toMatchObject({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': {} },
    });
    expect(Object.keys(sent[0]?.body.ExpressionAttributeValues as object)).toEqual([':pk']);
  });

  it('of none ask nothing', async () => {
    expect(await tableThatAnswers({}).getAll([])).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('of one partition go on to the next page, and ask for no more than is wanted', async () => {
    const pages = [
      { Items: [stored('1'), stored('2')], LastEvaluatedKey: { pk: { S: 'A' }, sk: { S: '2' } } },
      { Items: [stored('3')], LastEvaluatedKey: { pk: { S: 'A' }, sk: { S: '3' } } },
      { Items: [] },
    ];
    expect(await tableThatAnswers(...pages).query('A')).toHaveLength(3);
    expect(sent.map(({ body: { Limit, ExclusiveStartKey } }) => [Limit, ExclusiveStartKey !== undefined])).toEqual([
      [undefined, false],
      [undefined, true],
      [undefined, true],
    ]);
    expect(await tableThatAnswers(...pages).query('A', { most: 3, newestFirst: true })).toHaveLength(3);
    expect(sent.map(({ body: { Limit, ScanIndexForward } }) => [Limit, ScanIndexForward])).toEqual([
      [3, false],
      [1, false],
    ]);
  });
});

describe('a transaction', () => {
  it.each<readonly [string, Answer]>([
    ...['TransactionInProgressException', 'ProvisionedThroughputExceededException', 'ThrottlingException'].map(
      (refused) => [refused, { refused }] as const,
    ),
    ...['RequestLimitExceeded', 'TimeoutError'].map((refused) => [refused, { refused }] as const),
    ['an error of DynamoDB’s', { refused: 'InternalServerError', status: 500 }],
    ['an error that nobody knows', { refused: 'Odd', status: 500 }],
    ['no answer at all', new Error('ECONNRESET')],
    ['others at the same item', cancelled('TransactionConflict', 'None')],
    ['throttled in part', cancelled('ThrottlingError', '')],
    ['throttled', cancelled('ProvisionedThroughputExceeded', 'None')],
  ])('is sent again, as the same, after %s', async (_what, refusal) => {
    const table = tableThatAnswers(refusal, refusal, {});
    expect(await table.commit([write, { ...write, put: { ...key('2') } }])).toEqual({ ok: true });
    expect(new Set(sent.map(({ body }) => body.ClientRequestToken)).size).toBe(1);
    expect(paused).toEqual([40, 80]);
  });

  it('is given up after six attempts, with what was answered', async () => {
    const committing = tableThatAnswers({ refused: 'ThrottlingException' }).commit([write]);
    await expect(committing).rejects.toMatchObject({ code: 'TRY_AGAIN', cause: { name: 'ThrottlingException' } });
    await expect(committing).rejects.toThrow('Send the same request again: it runs once.');
    expect([sent.length, paused]).toEqual([6, [40, 80, 160, 320, 640]]);
  });

  it.each([
    [0, 20],
    [1, 60],
  ])('waits by chance (%d), so that those who met do not meet again', async (chance, pause) => {
    dice = chance;
    await tableThatAnswers({ refused: 'ThrottlingException' }, {}).commit([write]);
    expect(paused).toEqual([pause]);
  });

  it.each<readonly [string, Answer]>([
    ['refused', { refused: 'ValidationException' }],
    ['refused in part', cancelled('ValidationError', 'TransactionConflict')],
    ['not granted', { refused: 'AccessDeniedException' }],
  ])('that is %s is a fault of ours: it is not sent again', async (_what, refusal) => {
    await expect(tableThatAnswers(refusal).commit([write])).rejects.not.toMatchObject({ code: 'TRY_AGAIN' });
    expect(sent).toHaveLength(1);
  });

  it('names the writes whose condition failed, whatever else was in the way', async () => {
    const table = tableThatAnswers(cancelled('TransactionConflict', 'ConditionalCheckFailed'));
    const writes = [write, { put: { ...key('2') }, ifVersion: 3, label: 'two' }];
    expect(await table.commit(writes)).toEqual({ ok: false, failed: ['two'] });
    expect(sent).toHaveLength(1);
  });
});
