import type { LabelMatch } from './schema.ts';

/** Where a rule stands, such as `awswaf:111122223333:rulegroup:drawbridge-shop:`. */
export const labelPrefix = (account: string, kind: 'rulegroup' | 'webacl', name: string): string =>
  `awswaf:${account}:${kind}:${name}:`;

/**
 * Whether the request carries the label. A key without a prefix means labels of the rule's own context only: for a
 * label the end of it, for a namespace any neighbouring parts but the name. A key with a prefix means that context's.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-label-match.html
 */
export function matchesLabel({ Scope, Key }: LabelMatch, labels: ReadonlySet<string>, prefix: string): boolean {
  const qualified = Key.startsWith('awswaf:');
  if (Scope === 'LABEL' && qualified) return labels.has(Key);
  const namespace = `${Key.replace(/:$/, '')}:`;
  for (const label of labels) {
    if (Scope === 'NAMESPACE' && qualified && label.startsWith(namespace)) return true;
    if (qualified || !label.startsWith(prefix)) continue;
    const own = `:${label.slice(prefix.length)}`;
    if (Scope === 'LABEL' ? own.endsWith(`:${Key}`) : own.includes(`:${namespace}`)) return true;
  }
  return false;
}
