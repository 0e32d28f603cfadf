import { LIMITS, NOT_LIMITED } from './documented-limits.ts';
import { type Met, type ServiceName, walkRequest } from './sdk-model.ts';

/** One request to AWS, as it was handed to the SDK or as it went out. */
export interface SentRequest {
  readonly service: ServiceName;
  readonly operation: string;
  /** What its body says. */
  readonly value: unknown;
}

/**
 * Everything that is wrong with a request by the SDK's model and by what AWS documents. A text or a number of which nobody
 * wrote down what AWS takes is wrong too.
 */
export function checkRequest({ service, operation, value }: SentRequest): string[] {
  const { problems, met } = walkRequest(service, operation, value);
  return [...problems, ...met.flatMap(checkLimits)];
}

function checkLimits({ name, value, path, kind }: Met): string[] {
  const limits = LIMITS.filter(({ of }) => of === name || `${of}[]` === name);
  const broken = limits.filter((limit) => limit.of === name && !limit.is(value as never));
  const isOpen = (kind === 'text' || kind === 'number') && limits.length === 0 && !(name in NOT_LIMITED);
  return [
    ...broken.map(({ rule, source }) => `${path} must be: ${rule} (${source})`),
    ...(isOpen ? [`${path}: what AWS takes for ${name} is not written down in documented-limits.ts`] : []),
  ];
}

/** The body of a request on the wire: JSON with a target header, or a form (SNS). */
export function readSent(service: ServiceName, target: string | undefined, body: string): SentRequest {
  if (service !== 'sns') {
    return { service, operation: target?.replace(/^.*\./, '') ?? '', value: JSON.parse(body) };
  }
  const { Action = '', Version: _version, ...value } = Object.fromEntries(new URLSearchParams(body));
  return { service, operation: Action, value };
}
