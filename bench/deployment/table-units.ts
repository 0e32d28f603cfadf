/**
 * What DynamoDB bills for a call: each item read by 4 KB and written by 1 KB, twice in a transaction. Sizes are those of the
 * JSON on the wire, which is a little more than DynamoDB counts.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export interface Units {
  readonly read: number;
  readonly write: number;
}

export const NO_UNITS: Units = { read: 0, write: 0 };

const READ_BYTES = 4_096;
const WRITE_BYTES = 1_024;

const sizeOf = (item: unknown): number => (item === undefined ? 0 : Buffer.byteLength(JSON.stringify(item)));
const unitsFor = (bytes: number, unit: number): number => Math.max(1, Math.ceil(bytes / unit));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

interface Fields {
  readonly Item?: object;
  readonly Items?: readonly object[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly object[] }>>;
  readonly Responses?: Readonly<Record<string, readonly object[]>>;
  readonly TransactItems?: readonly { readonly Put?: { readonly Item?: object } }[];
}

export function unitsOf(operation: string, input: Fields, output: Fields): Units {
  const { RequestItems = {}, TransactItems = [] } = input;
  switch (operation.replace(/Items?$/, '')) {
    case 'Get':
      return { read: unitsFor(sizeOf(output.Item), READ_BYTES), write: 0 };
    case 'Query':
      return { read: unitsFor(sum((output.Items ?? []).map(sizeOf)), READ_BYTES), write: 0 };
    case 'BatchGet': {
      const keys = sum(Object.values(RequestItems).map(({ Keys = [] }) => Keys.length));
      const found = Object.values(output.Responses ?? {}).flat();
      const missing = keys - found.length;
      return { read: missing + sum(found.map((item) => unitsFor(sizeOf(item), READ_BYTES))), write: 0 };
    }
    case 'TransactWrite':
      return { read: 0, write: 2 * sum(TransactItems.map(({ Put }) => unitsFor(sizeOf(Put?.Item), WRITE_BYTES))) };
    default:
      throw new Error(`Nobody knows what ${operation} is billed.`);
  }
}
