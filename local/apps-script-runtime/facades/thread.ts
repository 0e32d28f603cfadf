import type { ScriptContext } from '../script-context.ts';

/** What a facade is made with. */
export interface Thread {
  /** One synchronous service call; its answer is of the script's own kind. @throws the script's own error. */
  call(name: string, ...args: unknown[]): unknown;
  readonly scriptContext: ScriptContext;
}
