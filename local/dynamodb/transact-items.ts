import {
  check,
  createKey,
  type Members,
  type Operation,
  type Request,
  type Store,
  type Table,
  tableOf,
  VALIDATIONS,
  validateItem,
  validateKey,
} from './dynalite.ts';
import { invalid, notSupported } from './errors.ts';

/** One of the up to 100 items of a transaction. */
export interface TransactItem {
  /** The single write that does it. A check is a deletion that is not carried out. */
  readonly operation: Operation;
  readonly isCheck: boolean;
  readonly request: Request;
}

const EXPRESSIONS = ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'];

const KINDS = {
  ConditionCheck: { operation: 'DeleteItem', members: ['TableName', 'Key'], needs: ['ConditionExpression'] },
  Put: { operation: 'PutItem', members: ['TableName', 'Item'], needs: [] },
  Delete: { operation: 'DeleteItem', members: ['TableName', 'Key'], needs: [] },
  Update: { operation: 'UpdateItem', members: ['TableName', 'Key'], needs: ['UpdateExpression'] },
} as const satisfies Record<string, Kind>;

interface Kind {
  readonly operation: Operation;
  readonly members: readonly string[];
  readonly needs: readonly string[];
}

function membersOf({ operation, members, needs }: Kind): Members {
  const { types } = VALIDATIONS[operation];
  const of = (name: string) => [name, types[name]] as const;
  const needed = (name: string) => [name, { type: 'String', notNull: true }] as const;
  return {
    ...Object.fromEntries([...members, ...EXPRESSIONS].map(of)),
    ...Object.fromEntries(needs.map(needed)),
    ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
  } as Members;
}

/** The shape of the whole request, as dynalite writes its own down. */
const TYPES: Members = {
  ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
  ReturnConsumedCapacity: { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] },
  ReturnItemCollectionMetrics: { type: 'String', enum: ['SIZE', 'NONE'] },
  TransactItems: {
    type: 'List',
    notNull: true,
    lengthGreaterThanOrEqual: 1,
    lengthLessThanOrEqual: 100,
    children: {
      type: 'ValueStruct<TransactWriteItem>',
      children: Object.fromEntries(
        Object.entries(KINDS).map(([name, kind]) => [
          name,
          { type: `FieldStruct<${name}>`, children: membersOf(kind) },
        ]),
      ),
    },
  },
};

/** @throws What the request alone shows to be wrong: its shape, its size in items, its expressions. */
export function readTransactItems(store: Store, request: object): TransactItem[] {
  const checked = check(store, request, { types: TYPES });
  for (const name of ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics']) {
    if ((checked[name] ?? 'NONE') !== 'NONE') throw notSupported(`${name} of TransactWriteItems`);
  }
  return (checked.TransactItems as Readonly<Record<string, Request>>[]).map((entry) => {
    const [given, ...others] = Object.entries(entry ?? {});
    if (!given) throw invalid('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
    if (others.length > 0) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    const [name, one] = given as [keyof typeof KINDS, Request];
    const { operation } = KINDS[name];
    const problem = VALIDATIONS[operation].custom?.(one, store);
    if (problem) throw invalid(problem);
    return { operation, isCheck: name === 'ConditionCheck', request: one };
  });
}

/** What tells the item of a single write from all others; undefined if its key does not fit the table. */
export async function itemIdOf(store: Store, { TableName, Key, Item }: Request): Promise<string | undefined> {
  const table: Table = await tableOf(store, TableName);
  if (Item ? validateItem(Item, table) : validateKey(Key ?? {}, table)) return undefined;
  return `${TableName} ${createKey(Item ?? Key ?? {}, table)}`;
}
