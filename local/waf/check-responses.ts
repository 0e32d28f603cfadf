import { invalidParameter, limitExceeded, REASONS } from './errors.ts';
import { LIMITS, RESPONSE_CODES } from './limits.ts';
import type { CustomResponse, CustomResponseBodies, Rule } from './schema.ts';

/**
 * What a rule group may answer, in numbers and bytes.
 * @throws WafError
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_CustomResponse.html
 */
export function checkResponses(rules: readonly Rule[], bodies: CustomResponseBodies): void {
  checkBodies(bodies);
  const responses = rules.flatMap(({ Action }) => Action?.Block?.CustomResponse ?? []);
  for (const response of responses) checkResponse(response, bodies);
  const headers = responses.reduce((sum, { ResponseHeaders = [] }) => sum + ResponseHeaders.length, 0);
  if (headers > LIMITS.headersPerRuleGroup) {
    throw limitExceeded(`${LIMITS.headersPerRuleGroup} custom response headers in a rule group`);
  }
}

function checkBodies(bodies: CustomResponseBodies): void {
  const sizes = Object.values(bodies).map(({ Content }) => Buffer.byteLength(Content));
  if (sizes.length > LIMITS.bodies) throw limitExceeded(`${LIMITS.bodies} custom response bodies in a rule group`);
  if (sizes.some((size) => size > LIMITS.bodyBytes)) {
    throw limitExceeded(`${LIMITS.bodyBytes} bytes in a custom response body`);
  }
  if (sizes.reduce((sum, size) => sum + size, 0) > LIMITS.bodiesBytes) {
    throw limitExceeded(`${LIMITS.bodiesBytes} bytes in all custom response bodies of a rule group`);
  }
}

function checkResponse(response: CustomResponse, bodies: CustomResponseBodies): void {
  const { ResponseCode, CustomResponseBodyKey: key, ResponseHeaders = [] } = response;
  if (!RESPONSE_CODES.has(ResponseCode))
    throw invalidParameter('CUSTOM_RESPONSE', String(ResponseCode), REASONS.format);
  if (key !== undefined && !Object.hasOwn(bodies, key)) {
    throw invalidParameter('CUSTOM_RESPONSE_BODY', key, REASONS.reference);
  }
  if (ResponseHeaders.length > LIMITS.headersPerResponse) {
    throw limitExceeded(`${LIMITS.headersPerResponse} headers in a custom response`);
  }
  const names = ResponseHeaders.map(({ Name }) => Name.toLowerCase());
  const wrong = names.find((name, at) => name === 'content-type' || names.indexOf(name) !== at);
  if (wrong) throw invalidParameter('HEADER_NAME', wrong, REASONS.format);
}
