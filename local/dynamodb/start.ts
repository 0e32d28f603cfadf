import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import { BodyTooLargeError, type Listening, listen, readBody } from '../http-server.ts';
import { check, createStore, OPERATIONS, type Operation, perform, VALIDATIONS } from './dynalite.ts';
import { asDynamodbError, DynamodbError, notSupported } from './errors.ts';
import { createFaults, type Faults } from './faults.ts';
import { createWrites } from './writes.ts';

export interface DynamodbOptions {
  readonly port?: number;
  /** When client tokens are forgotten; the machine's if left out. */
  readonly clock?: Pick<Clock, 'now'>;
}

export interface Dynamodb extends Listening, Pick<Faults, 'failNext'> {}

/** What the local DynamoDB answers; everything else is refused by name. */
export const DYNAMODB_EMULATES: readonly string[] = [
  ...[...OPERATIONS, 'TransactWriteItems'].sort(),
  'transactions of 100 items and 4 MB, with conflicts, reasons and client request tokens',
  'items that a failed condition has found',
];

const LARGEST_BODY_BYTES = 16 * 1024 * 1024;
/** A read of one item sees all of a transaction, or nothing. */
const IN_TURN: readonly Operation[] = ['BatchWriteItem', 'GetItem'];
const SINGLE_WRITES: readonly Operation[] = ['DeleteItem', 'PutItem', 'UpdateItem'];

/** Starts an in-memory DynamoDB on a loopback port; tables are there at once. */
export async function startDynamodb({ port, clock = Date }: DynamodbOptions = {}): Promise<Dynamodb> {
  const store = createStore();
  const writes = createWrites(store, () => clock.now());
  const faults = createFaults();

  function call(name: string, body: object, fault: ReturnType<Faults['take']>): Promise<object> {
    if (name === 'TransactWriteItems') return writes.transact(body, fault);
    const operation = OPERATIONS.find((one) => one === name);
    if (!operation) throw notSupported(name);
    if (SINGLE_WRITES.includes(operation)) return writes.single(operation, body, fault);
    const run = async () => perform(store, operation, check(store, body, VALIDATIONS[operation]));
    return IN_TURN.includes(operation) ? writes.inTurn(run) : run();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = operationOf(request);
    const fault = faults.take(operation);
    const outcome = await readJson(request)
      .then((body) => call(operation, body, fault))
      .catch(asAnswer);
    if (fault === 'unanswered') response.destroy();
    else send(response, outcome);
  }

  const server = await listen((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  }, port);
  return { ...server, failNext: faults.failNext };
}

/** Supported or not. */
const operationOf = ({ headers }: IncomingMessage): string =>
  /^DynamoDB_20120810\.(\w+)$/.exec(String(headers['x-amz-target'] ?? ''))?.[1] ?? 'A request without an operation';

/** Signatures are not checked, only that there is one. */
async function readJson(request: IncomingMessage): Promise<object> {
  const { authorization = '' } = request.headers;
  try {
    const body = await readBody(request, LARGEST_BODY_BYTES);
    if (authorization.startsWith('AWS4-')) return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const type = error instanceof BodyTooLargeError ? 'RequestEntityTooLarge' : 'SerializationException';
    throw new DynamodbError({ __type: `com.amazon.coral.service#${type}`, message: (error as Error).message });
  }
  const message = 'Request is missing Authentication Token';
  throw new DynamodbError({ __type: 'com.amazon.coral.service#MissingAuthenticationTokenException', message });
}

/** An unforeseen error is the service's own: 500, as the SDK expects it. */
function asAnswer(error: unknown): DynamodbError {
  const message = `the local DynamoDB failed: ${(error as Error).message}`;
  const type = 'com.amazonaws.dynamodb.v20120810#InternalServerError';
  return asDynamodbError(error) ?? new DynamodbError({ __type: type, message }, 500);
}

function send(response: ServerResponse, outcome: object): void {
  const failed = outcome instanceof DynamodbError;
  response.writeHead(failed ? outcome.statusCode : 200, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(failed ? outcome.body : outcome));
}

/** The one table of a deployment: string keys `pk` and `sk`, paid by request. */
export function tableDefinition(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  };
}

/** Creates a deployment's table, as `cdk deploy` does; it can be used when this returns. */
export async function createTable(url: string, name: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: url, region: 'eu-west-1', credentials });
  try {
    await client.send(new CreateTableCommand(tableDefinition(name)));
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName: name });
  } finally {
    client.destroy();
  }
}
