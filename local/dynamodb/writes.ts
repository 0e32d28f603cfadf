import { createClientTokens } from './client-tokens.ts';
import {
  check,
  type Item,
  itemSize,
  type Operation,
  perform,
  type Request,
  type Store,
  VALIDATIONS,
} from './dynalite.ts';
import {
  asDynamodbError,
  type CancellationReason,
  CONFLICT,
  cancelled,
  conflictException,
  DynamodbError,
  invalid,
  isOfType,
  THROTTLED,
  throttlingException,
} from './errors.ts';
import type { Fault } from './faults.ts';
import { createStaging, type Staging } from './staging.ts';
import { itemIdOf, readTransactItems, type TransactItem } from './transact-items.ts';

const MOST_BYTES = 4 * 1024 * 1024;
const NONE: CancellationReason = { Code: 'None' };

export interface Writes {
  /** `PutItem`, `UpdateItem`, `DeleteItem`. */
  single(operation: Operation, request: object, fault?: Fault): Promise<object>;
  transact(request: object, fault?: Fault): Promise<object>;
  /** Lets others of the kind wait until it is over. */
  inTurn<T>(run: () => Promise<T>): Promise<T>;
}

/**
 * Writes of single items and of many at once. All stand in one queue. Who finds an item under a transaction that has not
 * ended is told so at once, as in AWS, and does not wait.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export function createWrites(store: Store, now: () => number): Writes {
  const tokens = createClientTokens(now);
  const underTransaction = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = last.then(run, run);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function single(operation: Operation, body: object, fault?: Fault): Promise<object> {
    const { ReturnValuesOnConditionCheckFailure: returned = 'NONE' } = body as Record<string, unknown>;
    const request = check(store, body, VALIDATIONS[operation]);
    const id = await itemIdOf(store, request);
    if (fault === 'throttled') throw throttlingException();
    if (fault === 'conflict' || (id && underTransaction.has(id))) throw conflictException();
    return inTurn(async () => {
      const staging = createStaging(store);
      try {
        const answer = await perform(staging.store, operation, request);
        await staging.commit();
        return answer;
      } catch (thrown) {
        const error = asDynamodbError(thrown);
        const found = staging.found();
        if (!error || !found || returned !== 'ALL_OLD' || !isConditionFailed(error)) throw thrown;
        throw new DynamodbError({ ...error.body, Item: found });
      }
    });
  }

  async function transact(body: object, fault?: Fault): Promise<object> {
    const { ClientRequestToken: token, ...content } = structuredClone(body) as { ClientRequestToken?: string };
    const items = readTransactItems(store, body);
    const ids = await Promise.all(items.map(({ request }) => itemIdOf(store, request)));
    const known = ids.filter((id) => id !== undefined);
    if (new Set(known).size < known.length) {
      throw invalid('Transaction request cannot include multiple operations on one item');
    }
    const reasonAt = (reason: CancellationReason, is: (id: string | undefined, index: number) => boolean) =>
      cancelled(ids.map((id, index) => (is(id, index) ? reason : NONE)));
    if (fault === 'throttled') throw reasonAt(THROTTLED, (_id, index) => index === 0);
    if (fault === 'conflict') throw reasonAt(CONFLICT, (_id, index) => index === 0);
    if (tokens.isRepeat(token, content)) return {};
    const isHeld = (id: string | undefined) => id !== undefined && underTransaction.has(id);
    if (ids.some(isHeld)) throw reasonAt(CONFLICT, isHeld);
    for (const id of known) underTransaction.add(id);
    try {
      await tokens.during(token, content, () => inTurn(() => applyAll(store, items)));
      return {};
    } finally {
      for (const id of known) underTransaction.delete(id);
    }
  }

  return { single, transact, inTurn };
}

/** @throws DynamodbError - A reason for each; nothing was written. */
async function applyAll(store: Store, items: readonly TransactItem[]): Promise<void> {
  const tried = await Promise.all(items.map((item) => tryItem(store, item)));
  if (tried.some(({ reason }) => reason !== NONE)) throw cancelled(tried.map(({ reason }) => reason));
  const bytes = tried.reduce((sum, { staging }) => sum + sizeOf(staging), 0);
  if (bytes > MOST_BYTES) {
    throw invalid('The aggregate size of the items in the transaction cannot exceed 4 MB');
  }
  for (const [index, { staging }] of tried.entries()) if (!items[index]?.isCheck) await staging.commit();
}

const sizeOf = (staging: Staging): number =>
  Math.max(...[staging.found(), staging.written()].map((item?: Item) => (item ? itemSize(item) : 0)));

async function tryItem(store: Store, { operation, request }: TransactItem) {
  const staging = createStaging(store);
  try {
    await perform(staging.store, operation, request);
    return { staging, reason: NONE };
  } catch (thrown) {
    const error = asDynamodbError(thrown);
    if (!error) throw thrown;
    return { staging, reason: reasonOf(error, request, staging.found()) };
  }
}

function reasonOf(error: DynamodbError, request: Request, found: Item | undefined): CancellationReason {
  if (isConditionFailed(error)) {
    const shown = found && request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? { Item: found } : {};
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...shown };
  }
  if (isOfType(error, 'ValidationException')) return { Code: 'ValidationError', Message: error.message };
  throw error;
}

const isConditionFailed = (error: DynamodbError): boolean => isOfType(error, 'ConditionalCheckFailedException');
