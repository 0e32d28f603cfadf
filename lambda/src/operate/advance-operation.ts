import { titleOf } from '../../../config/names.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { type VerifyDependencies, verify } from '../proof/verify.ts';
import { report } from '../words/operation-report.ts';
import { type DriveDependencies, driveAll } from './drive.ts';

/** A caller that asks how far it is waits for so much of it. */
const DRIVE_MS = 3_000;

/** Does some of what is left of an operation: writes it, or probes for it. @returns How it stands; undefined if there is none. */
export async function advanceOperation(
  deps: DriveDependencies & VerifyDependencies,
  id: string,
): Promise<Operation | undefined> {
  const stored = await deps.store.operation(id);
  if (!stored) return undefined;
  const service = deps.config.services.find(({ name }) => name === stored.service);
  if (!service) return report(stored, stored.service);
  if (stored.state === 'pending') await driveAll(deps, { until: deps.now() + DRIVE_MS });
  if (stored.state === 'pending' || stored.state === 'accepted') await verify(deps, service);
  return report((await deps.store.operation(id)) ?? stored, titleOf(service));
}
