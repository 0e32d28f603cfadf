import { randomUUID } from 'node:crypto';
import { DynamoDBClient, type TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { problem } from '../../../contract/problem.ts';
import { timeouts } from '../model/sdk-timeouts.ts';

/** Everything that is remembered is in one table; the only file that knows DynamoDB. Reads are strongly consistent. */
export interface Table {
  get<T>(key: Key): Promise<T | undefined>;
  /** In the order of the keys. */
  getAll<T>(keys: readonly Key[]): Promise<(T | undefined)[]>;
  query<T>(pk: string, options?: QueryOptions): Promise<(T & { readonly sk: string })[]>;
  /**
   * All or nothing. Conflicts, throttling and lost answers are retried here.
   * @throws ProblemError TRY_AGAIN - It could not be written now. It is not known whether it was, if an answer was lost.
   */
  commit(writes: readonly Write[]): Promise<Commit>;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Key & Readonly<Record<string, unknown>>;

export interface QueryOptions {
  readonly prefix?: string;
  /** Only items whose sort key is at least this. */
  readonly from?: string;
  /** Only items whose sort key is at most this; in place of a prefix. */
  readonly to?: string;
  readonly newestFirst?: boolean;
  readonly most?: number;
}

/** `version` of the stored item; or that there is none. */
type IfVersion = number | 'absent';

/** There is none, or the time in its attribute has come. */
export interface IfOver {
  readonly attribute: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A label says which write's condition failed. */
export type Write =
  | { readonly put: Item; readonly ifVersion?: IfVersion; readonly ifOver?: IfOver; readonly label: string }
  | { readonly remove: Key; readonly ifVersion?: number; readonly label: string }
  | {
      readonly update: Key;
      readonly add?: Readonly<Record<string, number>>;
      /** Paths of attributes. */
      readonly unset?: readonly (readonly string[])[];
      readonly ifExists?: readonly (readonly string[])[];
      readonly label: string;
    }
  | { readonly check: Key; readonly ifVersion: IfVersion; readonly label: string };

export type Commit = { readonly ok: true } | { readonly ok: false; readonly failed: readonly string[] };

export interface TableOptions {
  readonly client?: DynamoDBClient;
  sleep(ms: number): Promise<void>;
  /** 0 to 1; for jitter. */
  random(): number;
}

/** A call that hangs must not eat the time that the firewall needs; the SDK tries three times. */
const newClient = () => new DynamoDBClient({ maxAttempts: 3, requestHandler: timeouts(2_000) });

const BATCH = 100;
const MOST_ATTEMPTS = 6;
const PAUSE_MS = 40;

export function createTable(tableName: string, { client = newClient(), sleep, random }: TableOptions): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const pause = (attempt: number) => sleep(PAUSE_MS * 2 ** attempt * (0.5 + random()));

  async function getBatch(keys: readonly Key[]): Promise<Item[]> {
    const items: Item[] = [];
    let missing: readonly Key[] = keys;
    for (let attempt = 0; missing.length > 0; attempt += 1) {
      if (attempt === MOST_ATTEMPTS) throw tryAgain();
      if (attempt > 0) await pause(attempt);
      const answer = await documents.send(
        new BatchGetCommand({ RequestItems: { [tableName]: { Keys: [...missing], ConsistentRead: true } } }),
      );
      items.push(...((answer.Responses?.[tableName] ?? []) as Item[]));
      missing = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[];
    }
    return items;
  }

  return {
    async get<T>(key: Key) {
      const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
      return Item && withoutKeys<T>(Item as Item);
    },

    async getAll<T>(keys: readonly Key[]) {
      const unique = [...new Map(keys.map((key) => [idOf(key), key])).values()];
      const batches = Array.from({ length: Math.ceil(unique.length / BATCH) }, (_none, at) =>
        unique.slice(at * BATCH, (at + 1) * BATCH),
      );
      const found = (await Promise.all(batches.map(getBatch))).flat();
      const byId = new Map(found.map((item) => [idOf(item), item]));
      return keys.map((key) => {
        const item = byId.get(idOf(key));
        return item && withoutKeys<T>(item);
      });
    },

    async query<T>(
      pk: string,
      { prefix = '', from, to, newestFirst = false, most = Number.POSITIVE_INFINITY }: QueryOptions = {},
    ) {
      const items: (T & { sk: string })[] = [];
      let next: Record<string, unknown> | undefined;
      const range = rangeOf(prefix, from, to);
      do {
        const page = await documents.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: `pk = :pk${range.condition}`,
            ExpressionAttributeValues: { ':pk': pk, ...range.values },
            ConsistentRead: true,
            ScanIndexForward: !newestFirst,
            ...(most === Number.POSITIVE_INFINITY ? {} : { Limit: most - items.length }),
            ExclusiveStartKey: next,
          }),
        );
        for (const { pk: _pk, ...item } of page.Items ?? []) items.push(item as T & { sk: string });
        next = page.LastEvaluatedKey;
      } while (next && items.length < most);
      return items.slice(0, most);
    },

    async commit(writes) {
      // The same token for each attempt: an answer that was lost does not make it twice.
      const ClientRequestToken = randomUUID();
      const TransactItems = writes.map((write) => itemOf(tableName, write));
      for (let attempt = 0; ; attempt += 1) {
        try {
          await documents.send(new TransactWriteCommand({ ClientRequestToken, TransactItems }));
          return { ok: true };
        } catch (error) {
          const reasons = reasonsOf(error);
          const failed = writes.flatMap(({ label }, at) => (reasons[at] === 'ConditionalCheckFailed' ? [label] : []));
          if (failed.length > 0) return { ok: false, failed };
          if (!isRetryable(error, reasons)) throw error;
          if (attempt + 1 >= MOST_ATTEMPTS) throw tryAgain(error);
          await pause(attempt);
        }
      }
    },
  };
}

const tryAgain = (cause?: unknown) => {
  const error = problem('TRY_AGAIN', 'The table is busy just now. Send the same request again: it runs once.');
  error.cause = cause;
  return error;
};

const idOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

function withoutKeys<T>({ pk: _pk, sk: _sk, ...value }: Item): T {
  return value as T;
}

function rangeOf(prefix: string, from: string | undefined, to: string | undefined) {
  if (from !== undefined) {
    return {
      condition: ' AND sk BETWEEN :from AND :to',
      values: { ':from': `${prefix}${from}`, ':to': to ?? `${prefix}\uffff` },
    };
  }
  return prefix === ''
    ? { condition: '', values: {} }
    : { condition: ' AND begins_with(sk, :prefix)', values: { ':prefix': prefix } };
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function itemOf(TableName: string, write: Write): TransactItem {
  if ('put' in write) {
    const condition = write.ifOver ? isOver(write.ifOver) : versionIs(write.ifVersion);
    return { Put: { TableName, Item: write.put, ...condition } };
  }
  if ('remove' in write) return { Delete: { TableName, Key: write.remove, ...versionIs(write.ifVersion) } };
  if ('check' in write) {
    const condition = versionIs(write.ifVersion) as { ConditionExpression: string };
    return { ConditionCheck: { TableName, Key: write.check, ...condition } };
  }
  return { Update: { TableName, Key: write.update, ...updateOf(write) } };
}

function versionIs(version: IfVersion | undefined) {
  if (version === undefined) return {};
  if (version === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  return { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
}

const isOver = ({ attribute, at }: IfOver) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR #over <= :over',
  ExpressionAttributeNames: { '#over': attribute },
  ExpressionAttributeValues: { ':over': at },
});

function updateOf({ add = {}, unset = [], ifExists = [] }: Extract<Write, { update: Key }>) {
  const names: Record<string, string> = {};
  const values: Record<string, number> = {};
  const nameOf = (attribute: string): string => {
    const known = Object.entries(names).find(([, name]) => name === attribute)?.[0];
    const placeholder = known ?? `#n${Object.keys(names).length}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const pathOf = (path: readonly string[]) => path.map(nameOf).join('.');
  const adds = Object.entries(add).map(([attribute, by], at) => {
    values[`:a${at}`] = by;
    return `${nameOf(attribute)} :a${at}`;
  });
  const removes = unset.map(pathOf);
  const conditions = ifExists.map((path) => `attribute_exists(${pathOf(path)})`);
  return {
    UpdateExpression: [
      ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
      ...(adds.length > 0 ? [`ADD ${adds.join(', ')}`] : []),
    ].join(' '),
    ...(conditions.length > 0 ? { ConditionExpression: conditions.join(' AND ') } : {}),
    ExpressionAttributeNames: names,
    ...(adds.length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

/** By write, why a transaction was cancelled. Compared by name: an error may have crossed a context. */
function reasonsOf(error: unknown): string[] {
  const { name, CancellationReasons = [] } = error as TransactionCanceledException;
  return name === 'TransactionCanceledException' ? CancellationReasons.map(({ Code = '' }) => Code) : [];
}

const RETRYABLE = new Set([
  'TransactionInProgressException',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TimeoutError',
]);
const RETRYABLE_REASONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

function isRetryable(error: unknown, reasons: readonly string[]): boolean {
  if (reasons.length > 0) return reasons.every((code) => code === 'None' || code === '' || RETRYABLE_REASONS.has(code));
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return RETRYABLE.has(name) || ($metadata !== undefined && ($metadata.httpStatusCode ?? 500) >= 500);
}
