import type { OperationRequest } from '../../../../contract/operation.ts';
import type { ServiceState } from '../../../../lambda/src/model/service-state.ts';

/** What the test and the server's thread say to each other. */

export interface NightOptions {
  readonly isProduction: boolean;
  /** So many services more in production, with operators of their own. */
  readonly moreServices: number;
}

export type Asked =
  | { readonly kind: 'begin'; readonly options: NightOptions }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly payload?: string | undefined;
    }
  /** The schedules of a minute. */
  | { readonly kind: 'minute' }
  | { readonly kind: 'operations' }
  | { readonly kind: 'items'; readonly environment: string }
  /** Visitors of these services get in, whatever the rules say: nothing that closes them is ever proven. */
  | { readonly kind: 'leaks'; readonly services: readonly string[] }
  /** What the reconciler or a direct write would have left in the state of a service. */
  | { readonly kind: 'state'; readonly service: string; readonly change: Partial<ServiceState> }
  /** An operation that did not come from this script. */
  | { readonly kind: 'operate'; readonly request: OperationRequest };

export interface Told {
  /** Of the question. */
  readonly id: number;
  readonly answer?: unknown;
  readonly failed?: string;
  /** Milliseconds since the epoch: what was waited for took its time. */
  readonly now: number;
}
