import { createRequire } from 'node:module';

/** dynalite 4, used as a library: an operation is one file in `actions/` and one in `validations/`, of the same name. */

export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** What an operation was asked, with dynalite's own parsed expressions in it once it was checked. */
export interface Request {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly [member: string]: unknown;
}

export type Done<T = void> = (error?: unknown, value?: T) => void;

/** The items of one table, or of one index. */
export interface ItemDb {
  /** Calls back once nobody else holds the key; the wrapped callback lets go of it. */
  lock(key: string, run: (release: (done: Done) => Done) => void): void;
  get(key: string, done: Done<Item | undefined>): void;
  put(key: string, item: Item, done: Done): void;
  del(key: string, done: Done): void;
}

export interface Table {
  readonly TableName: string;
}

export interface Store {
  readonly options: { readonly maxItemSize: number };
  getTable(name: string, done: Done<Table>): void;
  getItemDb(table: string): ItemDb;
  getIndexDb(type: string, table: string, index: string): ItemDb;
}

type Member = string | { readonly type: string; readonly children?: unknown; readonly [constraint: string]: unknown };
export type Members = Readonly<Record<string, Member>>;

interface Validation {
  readonly types: Members;
  /** @returns What is wrong with the request. */
  custom?(request: Request, store: Store): string | undefined;
}

type Action = (store: Store, request: Request, done: Done<object>) => void;

const require = createRequire(import.meta.url);
const db: {
  create(options: { createTableMs: number; deleteTableMs: number; updateTableMs: number }): Store;
  createKey(item: Item, table: Table): string;
  itemSize(item: Item): number;
  validateItem(item: Item, table: Table): Error | undefined;
  validateKey(key: Item, table: Table): Error | undefined;
} = require('dynalite/db');
const validations: {
  checkTypes(request: object, types: Members): Request;
  checkValidations(request: Request, types: Members, custom: Validation['custom'], store: Store): void;
} = require('dynalite/validations');

/** What dynalite answers and we let it answer. */
export const OPERATIONS = [
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
export type Operation = (typeof OPERATIONS)[number];

const fileOf = (operation: Operation): string => operation.charAt(0).toLowerCase() + operation.slice(1);
const load = <T>(folder: string): Readonly<Record<Operation, T>> =>
  Object.fromEntries(
    OPERATIONS.map((operation) => [operation, require(`dynalite/${folder}/${fileOf(operation)}`)]),
  ) as Record<Operation, T>;

const ACTIONS = load<Action>('actions');
export const VALIDATIONS = load<Validation>('validations');

export const { createKey, itemSize, validateItem, validateKey } = db;

/** A store in memory; its tables are there at once. */
export const createStore = (): Store => db.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

/** @throws What DynamoDB would say of a request before it looks at any table. */
export function check(store: Store, request: object, { types, custom }: Validation): Request {
  const checked = validations.checkTypes(request, types);
  validations.checkValidations(checked, types, custom, store);
  return checked;
}

export const perform = (store: Store, operation: Operation, request: Request): Promise<object> =>
  promised<object>((done) => ACTIONS[operation](store, request, done));

export const tableOf = (store: Store, name: string): Promise<Table> =>
  promised<Table>((done) => store.getTable(name, done));

export const promised = <T>(call: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value as T))));
