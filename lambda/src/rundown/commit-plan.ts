import { problem } from '../../../contract/problem.ts';
import type { SyncRequest } from '../../../contract/sync-request.ts';
import type { RundownRecord, SheetRecord } from '../model/rundown-record.ts';
import type { RundownDependencies } from './dependencies.ts';
import type { Reading } from './plan/read-rows.ts';
import type { Row } from './plan/row.ts';
import { planInputs } from './plan-inputs.ts';
import { planRundown } from './plan-rundown.ts';
import { untilCommitted } from './until-committed.ts';

export interface CommittedPlan {
  readonly rundown: RundownRecord;
  readonly rowOf: ReadonlyMap<string, Row>;
}

/** Two readings of the same millisecond: nobody knows which is newer, so the second one reads again. */
function isOlder({ readAt, syncId }: SyncRequest, known: SheetRecord): boolean {
  const [own, other] = [Date.parse(readAt), Date.parse(known.readAt)];
  return own < other || (own === other && syncId !== known.syncId);
}

/**
 * Plans on top of whatever others committed meanwhile, and commits it with its audit in one transaction.
 * @param known - The rundown as it was just read.
 * @throws ProblemError READ_AGAIN - Newer rows were committed. TRY_AGAIN - Others keep committing.
 */
export function commitPlan(
  deps: RundownDependencies,
  spreadsheetId: string,
  request: SyncRequest,
  reading: Reading,
  known?: RundownRecord,
): Promise<CommittedPlan> {
  let loaded = known;
  return untilCommitted(deps, 'Send the same sync again.', async () => {
    const before = loaded ?? (await deps.rundowns.load(spreadsheetId));
    loaded = undefined;
    if (isOlder(request, before.sheet)) {
      throw problem('READ_AGAIN', 'Newer rows of this sheet were committed. Read it again and send those.', {
        field: 'readAt',
      });
    }
    const inputs = await planInputs(deps, before, request, reading.rows);
    const { next, audit, notices, rowOf } = planRundown(before, request, reading, inputs);
    const rundown = await deps.rundowns.commit(before, next, audit, notices);
    return rundown && { rundown, rowOf };
  });
}
