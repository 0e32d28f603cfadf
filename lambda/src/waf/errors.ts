import {
  WAFFeatureNotIncludedInPricingPlanException,
  WAFNonexistentItemException,
  WAFOptimisticLockException,
} from '@aws-sdk/client-wafv2';
import type { Place } from './place.ts';

export type RuleGroupCode =
  | 'RULE_GROUP_BUSY'
  | 'RULE_GROUP_MISSING'
  | 'WRITTEN_DIRECTLY'
  | 'FIREWALL_BUSY'
  | 'WAITS_FOR_TURN'
  | 'FIREWALL_UNREACHABLE'
  | 'FIREWALL_FORBIDDEN'
  | 'RULES_REFUSED';

/** WAF did not take it. Nothing was written. */
export class RuleGroupError extends Error {
  override readonly name = 'RuleGroupError';
  readonly code: RuleGroupCode;
  /** Whether reading everything anew and trying again can help within seconds. */
  readonly retryable: boolean;

  constructor(code: RuleGroupCode, retryable: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = retryable;
  }

  /** The desired state changed while it was being written. */
  static movedOn({ scope, region, service }: Place): RuleGroupError {
    return new RuleGroupError('RULE_GROUP_BUSY', true, `${service} in ${scope}/${region} was changed meanwhile.`);
  }

  /** On-call people wrote past the API, after the last operation: the reconciler adopts it within a minute. */
  static writtenDirectly({ scope, region, service }: Place): RuleGroupError {
    const message = `${service} in ${scope}/${region} was written directly after the last operation.`;
    return new RuleGroupError('WRITTEN_DIRECTLY', false, message);
  }

  /** So many others come before it that its turn is too late. */
  static waitsForTurn({ region, service }: Pick<Place, 'region' | 'service'>): RuleGroupError {
    const message = `${service} waits: others are read and written in ${region} before it.`;
    return new RuleGroupError('WAITS_FOR_TURN', true, message);
  }

  /** It was read, and could not be written all the same. */
  static noToken({ scope, region, service }: Place): RuleGroupError {
    const message = `WAF gave no lock token for ${service} in ${scope}/${region}.`;
    return new RuleGroupError('FIREWALL_UNREACHABLE', true, message);
  }

  static missing({ scope, region }: Place, name: string): RuleGroupError {
    return new RuleGroupError(
      'RULE_GROUP_MISSING',
      false,
      `${name} does not exist in ${scope}/${region}. Deploy its stack.`,
    );
  }
}

const THROTTLED = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException']);
const FORBIDDEN = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'ExpiredTokenException',
]);
const RETRYABLE = new Set(['WAFUnavailableEntityException', 'WAFInternalErrorException', 'TimeoutError']);

export const isThrottled = (error: unknown): boolean => THROTTLED.has((error as Error | undefined)?.name ?? '');

/** What WAF or the network answered, as one of our codes. */
export function wafError(error: unknown, place: Place, name: string): RuleGroupError {
  if (error instanceof RuleGroupError) return error;
  if (error instanceof WAFFeatureNotIncludedInPricingPlanException) return notInPlan(error, name);
  if (error instanceof WAFNonexistentItemException) return RuleGroupError.missing(place, name);
  const { name: kind = '', message = '', $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  const said = `${name}: ${kind} ${message}`;
  const as = (code: RuleGroupCode, retryable: boolean) => new RuleGroupError(code, retryable, said, { cause: error });
  if (error instanceof WAFOptimisticLockException) return as('RULE_GROUP_BUSY', true);
  if (isThrottled(error)) return as('FIREWALL_BUSY', true);
  if (FORBIDDEN.has(kind)) return as('FIREWALL_FORBIDDEN', false);
  const status = $metadata?.httpStatusCode;
  if (RETRYABLE.has(kind) || status === undefined || status >= 500) return as('FIREWALL_UNREACHABLE', true);
  return as('RULES_REFUSED', false);
}

/** CloudFront's flat-rate plans leave out features of WAF for the distributions that have them. */
function notInPlan(error: WAFFeatureNotIncludedInPricingPlanException, name: string): RuleGroupError {
  const features = (error.DisallowedFeatures ?? []).map(
    ({ Feature = 'a feature', RequiredPricingPlan: plan }) => `${Feature}${plan ? ` (needs ${plan})` : ''}`,
  );
  const message =
    `${name}: the pricing plan of a distribution behind it does not include ${features.join(', ') || 'what its rules use'}. ` +
    'Change the distribution’s plan, or go back to pay-as-you-go.';
  return new RuleGroupError('RULES_REFUSED', false, message, { cause: error });
}
