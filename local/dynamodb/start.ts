import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type Listening, listen } from '../http-server.ts';

/** What dynalite 4 answers; everything else is refused by name. */
export const DYNAMODB_EMULATES = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
] as const;

/** Starts an in-memory DynamoDB on a loopback port; tables are there at once. */
export async function startDynamodb({ port }: { port?: number } = {}): Promise<Listening> {
  const engine = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return listen((request, response) => {
    const operation = /^DynamoDB_\d+\.(\w+)$/.exec(String(request.headers['x-amz-target'] ?? ''))?.[1];
    if (operation && !(DYNAMODB_EMULATES as readonly string[]).includes(operation)) {
      request.resume();
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(
        JSON.stringify({
          __type: 'com.amazonaws.dynamodb.v20120810#ValidationException',
          message: `${operation} is not supported by the local DynamoDB`,
        }),
      );
    } else engine.emit('request', request, response);
  }, port);
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
