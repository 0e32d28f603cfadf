import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { serveAwsJson } from '../aws-json.ts';
import type { Clock } from '../clock.ts';
import { credentialScopeOf } from '../credential-scope.ts';
import type { Listening } from '../http-server.ts';
import { check, createStore, OPERATIONS, type Operation, perform, VALIDATIONS } from './dynalite.ts';
import { notSigned, notSupported, refusalOf } from './errors.ts';
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

  async function call(name: string, body: object, fault: ReturnType<Faults['take']>): Promise<object> {
    if (name === 'TransactWriteItems') return writes.transact(body, fault);
    const operation = OPERATIONS.find((one) => one === name);
    if (!operation) throw notSupported(name);
    if (SINGLE_WRITES.includes(operation)) return writes.single(operation, body, fault);
    const run = async () => perform(store, operation, check(store, body, VALIDATIONS[operation]));
    return IN_TURN.includes(operation) ? writes.inTurn(run) : run();
  }

  const server = await serveAwsJson({
    ...{ version: '1.0', target: 'DynamoDB_20120810', largestBytes: LARGEST_BODY_BYTES, port },
    async call({ operation, headers, body }) {
      if (!credentialScopeOf(headers)) throw notSigned();
      const fault = faults.take(operation);
      const outcome = await call(operation, body, fault);
      return fault === 'unanswered' ? undefined : outcome;
    },
    refusalOf,
  });
  return { ...server, failNext: faults.failNext };
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
