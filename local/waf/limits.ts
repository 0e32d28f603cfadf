/**
 * What WAF grants an account in a region.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
 */
export const LIMITS = {
  ruleGroups: 100,
  ipSets: 100,
  webAcls: 100,
  /** Web ACL capacity units. */
  ruleGroupCapacity: 5_000,
  webAclCapacity: 5_000,
  referencesPerRuleGroup: 50,
  referencesPerWebAcl: 50,
  loadBalancersPerWebAcl: 100,
  addressesPerIpSet: 10_000,
  searchStringBytes: 200,
  bodies: 50,
  bodyBytes: 4_096,
  bodiesBytes: 50 * 1_024,
  headersPerResponse: 10,
  headersPerRuleGroup: 100,
  labelNamespaces: 5,
  labelPartLength: 128,
} as const;

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-status-codes.html */
export const RESPONSE_CODES: ReadonlySet<number> = new Set([
  ...[200, 201, 202, 204, 206],
  ...[300, 301, 302, 303, 304, 307, 308],
  ...[400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414, 415, 416, 421, 429],
  ...[500, 501, 502, 503, 504, 505],
]);

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-label-requirements.html */
export const RESERVED_LABEL_PARTS: ReadonlySet<string> = new Set([
  ...['awswaf', 'aws', 'waf', 'rulegroup', 'webacl', 'regexpatternset', 'ipset', 'managed'],
]);
