import { WAFFeatureNotIncludedInPricingPlanException } from '@aws-sdk/client-wafv2';
import { wafError } from '../../../../lambda/src/waf/errors.ts';

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
