import { problem } from '../../../contract/problem.ts';
import type { VerifyDependencies } from '../proof/verify.ts';

export interface Disarmed {
  /** How many release sheets had armed steps. */
  readonly sheets: number;
  readonly steps: number;
}

/** Disarms every step of every release sheet; their rows say so at the next sync. */
export async function disarmAll(
  _deps: VerifyDependencies,
  _asked: { readonly by: string; readonly reason: string },
): Promise<Disarmed> {
  throw problem('TRY_AGAIN', 'Steps cannot be disarmed here yet.');
}
