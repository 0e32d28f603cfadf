import { fitsTransaction, type Item, isKey, itemBytes, placeholdersFit } from './dynamodb-rules.ts';
import { exactlyOne, type Limit, numbers, oneOf, text } from './limit.ts';

const DYNAMODB = 'https://docs.aws.amazon.com/amazondynamodb/latest/';
const CONSTRAINTS = `${DYNAMODB}developerguide/Constraints.html`;
const TYPES = `${DYNAMODB}developerguide/HowItWorks.NamingRulesDataTypes.html`;
const pageOf = (name: string) => `${DYNAMODB}APIReference/API_${name}.html`;
const TABLE_NAME = /^[a-zA-Z0-9_.-]+$/;

/** Structures that name a table and may hold expressions: requests, and the parts of a transaction. */
const SINGLE = ['PutItem', 'UpdateItem', 'DeleteItem'] as const;
const IN_TRANSACTION = ['Put', 'Update', 'Delete', 'ConditionCheck'] as const;
const WRITES = [...SINGLE.map((call) => `${call}Input`), ...IN_TRANSACTION];
const WITH_EXPRESSIONS = [...WRITES, 'QueryInput'];
const EXPRESSIONS = [
  ...WRITES.map((write) => `${write}.ConditionExpression`),
  'UpdateItemInput.UpdateExpression',
  'Update.UpdateExpression',
  'QueryInput.KeyConditionExpression',
];
const WITH_KEY = ['GetItemInput', 'UpdateItemInput', 'DeleteItemInput', 'Update', 'Delete', 'ConditionCheck'];
const nameOf = (structure: string) => structure.replace(/Input$/, '');

const TRANSACTION: Limit[] = [
  exactlyOne('TransactWriteItem', pageOf('TransactWriteItem'), { Put: {}, Delete: {} }),
  text('TransactWriteItemsInput.ClientRequestToken', pageOf('TransactWriteItems'), 1, 36, /\S/, 'x'.repeat(37)),
  {
    of: 'TransactWriteItemsInput.TransactItems',
    rule: '1 to 100, no item twice, 4 MB at most',
    source: pageOf('TransactWriteItems'),
    is: fitsTransaction,
    bad: [{ Put: { TableName: 'a', Item: {} } }, { Delete: { TableName: 'a', Key: {} } }],
  },
  {
    of: 'ConditionCheck',
    rule: 'a condition',
    source: pageOf('ConditionCheck'),
    is: ({ ConditionExpression }: { ConditionExpression?: string }) => Boolean(ConditionExpression),
    bad: { Key: {} },
  },
];

export const DYNAMODB_CALLS: Limit[] = [
  ...[...WITH_EXPRESSIONS, 'GetItemInput'].map((of) => text(`${of}.TableName`, TYPES, 3, 255, TABLE_NAME, 'our table')),
  ...WITH_EXPRESSIONS.map((of) => ({
    of,
    rule: 'every placeholder of its expressions is defined, and every one defined is used',
    source: pageOf(nameOf(of)),
    is: placeholdersFit,
    bad: { ConditionExpression: '#state = :received', ExpressionAttributeNames: { '#state': 'state' } },
  })),
  ...EXPRESSIONS.map((of) => text(of, CONSTRAINTS, 1, 4_096, /^[^{}"]+$/, '{ "pk": 1 }')),
  ...['PutItemInput.Item', 'Put.Item'].map((of) => ({
    of,
    rule: '400 KB at most, with a key of 1 to 2,048 and 1 to 1,024 bytes',
    source: CONSTRAINTS,
    is: (item: Item) => isKey(item) && itemBytes(item) <= 400 * 1_024,
    bad: { pk: { S: 'SERVICE#shop' }, sk: { S: '' } },
  })),
  ...WITH_KEY.map((of) => ({
    of: `${of}.Key`,
    rule: 'the whole key and nothing else',
    source: pageOf(nameOf(of)),
    is: (key: Item) => isKey(key) && Object.keys(key).length === 2,
    bad: { pk: { S: 'SERVICE#shop' } },
  })),
  ...WRITES.map((of) =>
    oneOf(`${of}.ReturnValuesOnConditionCheckFailure`, pageOf(nameOf(of)), { old: 'ALL_OLD', none: 'NONE' }, 'ALL_NEW'),
  ),
  ...SINGLE.map((call) =>
    oneOf(
      `${call}Input.ReturnValues`,
      pageOf(call),
      call === 'UpdateItem'
        ? { none: 'NONE', old: 'ALL_OLD', updatedOld: 'UPDATED_OLD', new: 'ALL_NEW', updatedNew: 'UPDATED_NEW' }
        : { none: 'NONE', old: 'ALL_OLD' },
      'ALL',
    ),
  ),
  ...TRANSACTION,
  numbers('QueryInput.Limit', pageOf('Query'), 1, 2 ** 31 - 1, 0),
  {
    of: 'KeysAndAttributes.Keys',
    rule: '1 to 100 whole keys, none twice',
    source: pageOf('BatchGetItem'),
    is: (keys: Item[]) =>
      keys.length >= 1 &&
      keys.length <= 100 &&
      keys.every((key) => isKey(key) && Object.keys(key).length === 2) &&
      new Set(keys.map((key) => JSON.stringify([key.pk, key.sk]))).size === keys.length,
    bad: [],
  },
  text('AttributeValue.N', TYPES, 1, 38, /^-?\d+(\.\d+)?$/, 'ten'),
];

export const NOT_LIMITED_IN_DYNAMODB: Readonly<Record<string, string>> = {
  'AttributeValue.S': 'counts towards the item',
  ...Object.fromEntries(
    WITH_EXPRESSIONS.map((of) => [
      `${of}.ExpressionAttributeNames[]`,
      'names of our own attributes; the placeholders are checked',
    ]),
  ),
};
