import {
  WAFFeatureNotIncludedInPricingPlanException,
  WAFNonexistentItemException,
  WAFOptimisticLockException,
} from '@aws-sdk/client-wafv2';
import { isThrottled, RuleGroupError, wafError } from '../../../../lambda/src/waf/errors.ts';

const PLACE = { environment: 'production', service: 'shop', scope: 'CLOUDFRONT', region: 'us-east-1' } as const;

it('says which feature the pricing plan of a distribution lacks, and what helps: trying again does not', () => {
  const refused = new WAFFeatureNotIncludedInPricingPlanException({
    message: 'not included',
    $metadata: { httpStatusCode: 400 },
    DisallowedFeatures: [{ Feature: 'CustomResponse', RequiredPricingPlan: 'BUSINESS' }],
  });
  const error = wafError(refused, PLACE, 'drawbridge-production_shop');
  expect(error).toMatchObject({ code: 'RULES_REFUSED', retryable: false });
  expect(error.message).toMatch(
    /^drawbridge-production_shop: .*does not include CustomResponse \(needs BUSINESS\)\. Change/,
  );
});

it('says that, and not what, where WAF names no feature and no plan', () => {
  const said = (DisallowedFeatures?: { Feature?: string }[]) =>
    wafError(
      new WAFFeatureNotIncludedInPricingPlanException({ message: '', $metadata: {}, DisallowedFeatures }),
      ...([PLACE, 'the group'] as const),
    ).message;
  expect(said()).toContain('does not include what its rules use. Change');
  expect(said([{}])).toContain('does not include a feature. Change');
  expect(said([{ Feature: 'one' }, { Feature: 'another' }])).toContain('include one, another. Change');
});

describe('what WAF or the network answers, and whether to try again within seconds', () => {
  const named = (name: string, httpStatusCode?: number) =>
    Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } });
  const locked = new WAFOptimisticLockException({ message: 'stale', $metadata: { httpStatusCode: 400 } });

  it.each([
    ['somebody else wrote first', locked, 'RULE_GROUP_BUSY', true],
    ...['ThrottlingException', 'Throttling', 'TooManyRequestsException'].map(
      (name) => [name, named(name, 400), 'FIREWALL_BUSY', true] as const,
    ),
    ...['AccessDeniedException', 'AccessDenied', 'UnrecognizedClientException', 'ExpiredTokenException'].map(
      (name) => [name, named(name, 400), 'FIREWALL_FORBIDDEN', false] as const,
    ),
    ...['WAFUnavailableEntityException', 'WAFInternalErrorException', 'TimeoutError'].map(
      (name) => [name, named(name, 400), 'FIREWALL_UNREACHABLE', true] as const,
    ),
    ['no answer at all', new Error('ECONNRESET'), 'FIREWALL_UNREACHABLE', true],
    ['an error of its own', named('Unknown', 500), 'FIREWALL_UNREACHABLE', true],
    ['an error of ours', named('WAFInvalidParameterException', 499), 'RULES_REFUSED', false],
  ] as const)('%s', (_what, error, code, retryable) => {
    const told = wafError(error, PLACE, 'the group');
    expect(told).toMatchObject({ code, retryable, cause: error });
    expect(told.message).toBe(`the group: ${error.name} ${error.message}`);
  });

  it('is told once', () => {
    const first = RuleGroupError.movedOn(PLACE);
    expect(wafError(first, PLACE, 'the group')).toBe(first);
    expect(isThrottled(undefined)).toBe(false);
  });

  it('names what to deploy where the group does not exist', () => {
    const missing = new WAFNonexistentItemException({ message: 'gone', $metadata: {} });
    expect(wafError(missing, PLACE, 'the group')).toMatchObject({
      code: 'RULE_GROUP_MISSING',
      retryable: false,
      message: 'the group does not exist in CLOUDFRONT/us-east-1. Deploy its stack.',
    });
  });

  it('what we find out ourselves may be tried again, but not over a direct write', () => {
    const all = [
      RuleGroupError.movedOn(PLACE),
      RuleGroupError.waitsForTurn(PLACE),
      RuleGroupError.noToken(PLACE),
      RuleGroupError.writtenDirectly(PLACE),
    ];
    expect(all.map(({ code, retryable }) => [code, retryable])).toEqual([
      ['RULE_GROUP_BUSY', true],
      ['WAITS_FOR_TURN', true],
      ['FIREWALL_UNREACHABLE', true],
      ['WRITTEN_DIRECTLY', false],
    ]);
    for (const { message } of all) expect(message).toContain('shop');
  });
});
