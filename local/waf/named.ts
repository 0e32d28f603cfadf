import * as z from 'zod/mini';
import type { Caller } from './caller.ts';
import { invalidParameter, REASONS } from './errors.ts';
import type { Item, Items, Place } from './items.ts';
import * as schema from './schema.ts';

/** What requests about rule groups and IP sets have in common. */

export const itemName = { Name: schema.name, Scope: schema.scope, Id: schema.id };
export const lockedItem = { ...itemName, LockToken: schema.id };
export const listRequest = z.strictObject({
  Scope: schema.scope,
  Limit: z.optional(z.int().check(z.gte(1), z.lte(100))),
  NextMarker: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
});

const CLOUDFRONT_REGION = 'us-east-1';

/**
 * @throws WafError - CloudFront is managed from one region only.
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateRuleGroup.html
 */
export function placeOf(scope: schema.Scope, { account, region }: Caller): Place {
  if (scope === 'CLOUDFRONT' && region !== CLOUDFRONT_REGION) {
    throw invalidParameter('SCOPE_VALUE', scope, REASONS.scope);
  }
  return { account, region, scope };
}

export const summaryOf = ({ name, id, arn, lockToken, value }: Item<{ readonly Description?: string }>) => ({
  Name: name,
  Id: id,
  ARN: arn,
  LockToken: lockToken,
  /** WAF answers an empty text where there is none. */
  Description: value.Description ?? '',
});

type ListRequest = z.output<typeof listRequest>;

/** One page of what there is by that name. */
export function pageOf<T extends { readonly Description?: string }>(
  items: Pick<Items<T>, 'list'>,
  { Scope, Limit, NextMarker }: ListRequest,
  caller: Caller,
) {
  const { page, next } = items.list(placeOf(Scope, caller), Limit ?? 100, NextMarker);
  return { summaries: page.map(summaryOf), NextMarker: next };
}
