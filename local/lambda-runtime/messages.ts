import type { FunctionErrorPayload } from './errors.ts';

/** Names of the outside network, and where they are on this machine. */
export type Hosts = Readonly<Record<string, { readonly port: number; readonly address?: string }>>;

/** What an instance is started with. */
export interface InstanceData {
  readonly functionName: string;
  /** The URL of the bundle that exports `handler`. */
  readonly bundle: string;
  /** The clock's shift in milliseconds, one Float64. */
  readonly shift: SharedArrayBuffer;
  readonly hosts: Hosts;
}

/** Events and results cross as JSON text, as they do in Lambda. */
export interface Invocation {
  readonly requestId: string;
  readonly event: string;
  readonly timeoutMs: number;
}

export type FromInstance =
  | { readonly kind: 'result'; readonly requestId: string; readonly result: string }
  | { readonly kind: 'error'; readonly requestId: string; readonly error: FunctionErrorPayload };
