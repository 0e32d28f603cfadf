import type { DriveDependencies } from '../operate/drive.ts';
import type { VerifyDependencies } from '../proof/verify.ts';
import type { RundownStore } from '../store/rundowns.ts';

export interface RundownDependencies extends VerifyDependencies, DriveDependencies {
  readonly environment: string;
  readonly rundowns: RundownStore;
  /** The account that the script runs as: never an operator. */
  readonly controller: string;
  /** `<environment>-<8 hex digits>`. */
  newId(): string;
}
