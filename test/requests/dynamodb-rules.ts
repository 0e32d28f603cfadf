/** The placeholders of a DynamoDB request. */
export interface WithExpressions {
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/** DynamoDB refuses a placeholder that is not defined, and one that nobody uses. */
export function placeholdersFit(request: WithExpressions): boolean {
  const { ConditionExpression = '', KeyConditionExpression = '', UpdateExpression = '' } = request;
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = request;
  const used = new Set(`${ConditionExpression} ${KeyConditionExpression} ${UpdateExpression}`.match(/[#:]\w+/g));
  const defined = [...Object.keys(ExpressionAttributeNames), ...Object.keys(ExpressionAttributeValues)];
  return used.size === defined.length && defined.every((name) => used.has(name));
}

type Attribute = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, Attribute>>;

/**
 * How DynamoDB counts an item: names and texts in UTF-8, lists and maps with three bytes and one for each element.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(value), 0);

function valueBytes({ S, N, M, L }: Attribute): number {
  if (typeof S === 'string') return utf8(S);
  // "Approximately": half a byte a digit, and one. Rounded up to one a digit.
  if (typeof N === 'string') return N.length + 1;
  if (M) return 3 + Object.keys(M).length + itemBytes(M as Item);
  if (Array.isArray(L)) return 3 + L.length + L.reduce((sum, one) => sum + valueBytes(one as Attribute), 0);
  return 1;
}

/** The key of our table: two texts. */
export const isKey = (item: Item): boolean =>
  Object.entries({ pk: 2_048, sk: 1_024 }).every(([name, most]) => {
    const value = item[name]?.S;
    return typeof value === 'string' && value !== '' && utf8(value) <= most;
  });

interface TransactItem {
  readonly [kind: string]: { readonly TableName?: string; readonly Item?: Item; readonly Key?: Item } | undefined;
}

/** What AWS counts of a transaction as a whole. What an update makes of its item, the request does not show. */
export function fitsTransaction(items: readonly TransactItem[]): boolean {
  const targets = items.flatMap((item) => Object.values(item).filter((one) => one !== undefined));
  const ids = targets.map(({ TableName, Item: item, Key }) => {
    const { pk, sk } = item ?? Key ?? {};
    return JSON.stringify([TableName, pk?.S, sk?.S]);
  });
  const bytes = targets.reduce((sum, { Item: item, Key }) => sum + itemBytes(item ?? Key ?? {}), 0);
  return items.length >= 1 && items.length <= 100 && new Set(ids).size === ids.length && bytes <= 4 * 1_024 * 1_024;
}

export const utf8 = (text: string): number => Buffer.byteLength(text);
