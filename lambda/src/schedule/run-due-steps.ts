import type { VerifyDependencies } from '../proof/verify.ts';

export interface ScheduleDependencies extends VerifyDependencies {
  readonly environment: string;
}

/** Fires the armed steps that are due until past the next tick, each at its second. Safe to run twice. */
export async function runDueSteps(_deps: ScheduleDependencies, _asked: { readonly now: number }): Promise<void> {}
