/**
 * List prices in US dollars, us-east-1, without free tiers and traffic; other regions are some 10 % dearer. As AWS listed
 * them in November 2026, read second-hand where a page is not named: look them up before you count on them.
 */
export const PRICES = {
  /** Strongly consistent, 4 KB each. @see https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  millionReadUnits: 0.125,
  /** 1 KB each; in a transaction twice. */
  millionWriteUnits: 0.625,
  /** Arm. @see https://aws.amazon.com/lambda/pricing/ */
  lambdaGbSecond: 0.000_013_333_4,
  millionInvocations: 0.2,
  /** @see https://aws.amazon.com/cognito/pricing/ */
  cognitoClientMonth: 6,
  thousandTokens: 2.25,
  /** @see https://aws.amazon.com/cloudwatch/pricing/ */
  alarmMonth: 0.1,
  metricMonth: 0.3,
  /** One rule of a web ACL; ours is the reference to the rule group. @see https://aws.amazon.com/waf/pricing/ */
  wafRuleMonth: 1,
} as const;

/** As the stacks make them. */
export const LAMBDA_GB = 1_769 / 1_024;
export const HOURS_A_MONTH = 730;
export const MINUTES_A_MONTH = HOURS_A_MONTH * 60;
