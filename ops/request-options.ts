import { titleOf } from '../config/names.ts';
import type { ServiceConfig } from '../config/schema.ts';
import { type Action, MOVES } from '../contract/modes.ts';
import { readArgs } from './command.ts';

/** What a person asks of the break-glass command. */

const OPTIONS = {
  environment: { type: 'string' },
  reason: { type: 'string' },
  'planned-end': { type: 'string' },
  since: { type: 'string' },
  for: { type: 'string' },
  target: { type: 'string', multiple: true },
  allow: { type: 'string', multiple: true },
  'take-over': { type: 'boolean', default: false },
  direct: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  'api-url': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const readRequestOptions = (args: string[]) => readArgs(args, OPTIONS);
export type Values = ReturnType<typeof readRequestOptions>['values'];

export interface RequestOptions {
  readonly action: Action;
  readonly service: Pick<ServiceConfig, 'name' | 'title'>;
  readonly reason: string;
  readonly values: Values;
}

/** What the person reads before they type the service's name. */
export const question = ({ action, service, values }: RequestOptions): string =>
  `${MOVES[action].title}: ${titleOf(service)} in ${values.environment}, for everybody.`;
