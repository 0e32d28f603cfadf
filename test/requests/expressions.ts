/** The placeholders of a DynamoDB request. */
export interface WithExpressions {
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/** DynamoDB refuses a placeholder that is not defined, and one that nobody uses. */
export function placeholdersFit(request: WithExpressions): boolean {
  const { ConditionExpression = '', KeyConditionExpression = '' } = request;
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = request;
  const used = new Set(`${ConditionExpression} ${KeyConditionExpression}`.match(/[#:]\w+/g));
  const defined = [...Object.keys(ExpressionAttributeNames), ...Object.keys(ExpressionAttributeValues)];
  return used.size === defined.length && defined.every((name) => used.has(name));
}
