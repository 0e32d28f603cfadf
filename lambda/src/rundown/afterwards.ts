import { titleIn } from '../../../config/names.ts';
import type { AuditEntry } from '../../../contract/audit.ts';
import { isReached } from '../../../contract/status.ts';
import type { Afterwards, RundownRecord, StepRecord, Successor } from '../model/rundown-record.ts';
import { knownServices } from '../model/service-names.ts';
import type { ServiceState } from '../model/service-state.ts';
import { report } from '../words/operation-report.ts';
import { describeOperation, describePast, sourceWords } from '../words/operation-words.ts';
import { driftWords, firstFoundAt, standingDrift } from '../words/service-words.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { clockWords } from './plan/wall-time.ts';
import { type WayBack, wayBackIn } from './way-back.ts';

/**
 * What is so now stands in the rundown too: the row that set a service last is no green *Done* while that is bypassed,
 * contested, or cannot be read; and a row whose service was set anew since, through whichever door, tells the past.
 */

type Dependencies = Pick<RundownDependencies, 'store' | 'config' | 'rundowns'>;

/** What was found of the services of one step. */
export interface Found {
  /** Sentences on what is wrong now; blank if nothing is. */
  readonly doubts: string;
  readonly doubtedSince?: Afterwards['doubtedSince'];
  /** Services of the step that were set anew since. */
  readonly left: Afterwards['left'];
  /** What the step came to, told with what is past in the past tense. Undefined: as it was told. */
  readonly told?: string | undefined;
}

/** @param states - Of the services of all its runs. */
export async function withAfterwards(
  deps: Dependencies,
  { steps, sheet }: RundownRecord,
  states: ReadonlyMap<string, ServiceState>,
): Promise<StepRecord[]> {
  if (!steps.some(mayChange)) return [...steps];
  const formatTime = (iso: string) => clockWords(iso, sheet.timeZone);
  const reader = {
    spreadsheetId: sheet.spreadsheetId,
    wayBack: wayBackIn(steps, knownServices(deps.config)),
    formatTime,
  };
  return Promise.all(
    steps.map(async (step) => {
      if (!mayChange(step)) return step;
      const left = { ...leftBefore(step), ...(await leftSince(deps, step, states, reader)) };
      const kept = (step.run?.operations ?? []).flatMap(({ service }) => (left[service] ? [] : [service]));
      const doubts = kept.flatMap((service) =>
        doubtsOf(states.get(service), titleIn(deps.config, service), formatTime),
      );
      const since = kept.flatMap((service) => {
        const first = firstFoundAt(states.get(service)?.drift ?? []);
        return first === undefined ? [] : [[service, first]];
      });
      const isNews = Object.keys(left).length > Object.keys(leftBefore(step)).length;
      const told = isNews ? await toldOf(deps, step, left, reader) : undefined;
      return afterwards(step, { doubts: doubts.join(' '), doubtedSince: Object.fromEntries(since), left, told });
    }),
  );
}

const mayChange = ({ run, decided, afterwards, tab }: StepRecord): boolean =>
  tab === 'rundown' && run?.isOver === true && (isReached(decided.status) || afterwards !== undefined);

const isOfRun = ({ afterwards, run }: StepRecord): boolean => afterwards !== undefined && afterwards.runId === run?.id;

const leftBefore = (step: StepRecord): Afterwards['left'] => (isOfRun(step) ? (step.afterwards?.left ?? {}) : {});

interface Reader {
  readonly spreadsheetId: string;
  readonly wayBack: WayBack;
  formatTime(iso: string): string;
}

/** Newest first that was set since the step began; of a closing that lasts longer the audit knows more. */
const MOST_ENTRIES = 100;

/** By whom each of its services was set anew since, in words: for those that were. */
async function leftSince(
  deps: Dependencies,
  step: StepRecord,
  states: ReadonlyMap<string, ServiceState>,
  reader: Reader,
): Promise<Afterwards['left']> {
  const { run } = step;
  const known = leftBefore(step);
  const moved = (run?.operations ?? []).filter(({ operationId, service }) => {
    const current = states.get(service)?.operation?.request.operationId;
    return known[service] === undefined && current !== undefined && current !== operationId;
  });
  const found = await Promise.all(
    moved.map(async ({ operationId, service }): Promise<[string, Successor][]> => {
      const entries = await deps.store.audit(service, run?.startedAt ?? '', MOST_ENTRIES);
      const successor = successorOf(entries, operationId);
      if (!successor) return [];
      const { at, action, mode, by, source } = successor;
      const who = `${await whereOf(deps, source, reader)} (${by})`;
      const doubtedSince = isOfRun(step) ? step.afterwards?.doubtedSince?.[service] : undefined;
      return [[service, { at, action, mode, who, ...(doubtedSince === undefined ? {} : { doubtedSince }) }]];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Pure. What only said again what was so already changed nothing. */
function successorOf(entries: readonly AuditEntry[], operationId: string) {
  const own = entries.find((entry) => entry.kind === 'operation' && entry.operationId === operationId);
  const next = entries
    .filter(({ kind, state, changed }) => kind === 'operation' && state !== 'refused' && changed === true)
    .filter(({ at, revision }) => own !== undefined && (revision > own.revision || at > own.at))
    .filter((entry) => entry.operationId !== operationId)
    .sort((a, b) => a.revision - b.revision)[0];
  if (!next?.action || !next.mode) return undefined;
  return { at: next.at, action: next.action, mode: next.mode, by: next.by, source: next.source };
}

async function whereOf(
  { rundowns }: Dependencies,
  source: AuditEntry['source'],
  { spreadsheetId }: Reader,
): Promise<string> {
  const where = sourceWords(source ?? {});
  if (source?.spreadsheetId === undefined || source.spreadsheetId === spreadsheetId) return where;
  return `${where} of ${(await rundowns.nameOf(source.spreadsheetId)) ?? 'another release sheet'}`;
}

function doubtsOf(state: ServiceState | undefined, title: string, formatTime: Reader['formatTime']): string[] {
  const found = standingDrift(state?.drift ?? []);
  if (!state || found.length === 0) return [];
  return [stepMessages.doubted(title, state.mode, driftWords(found, formatTime).join(' '))];
}

/** What is so still comes first: a row that begins with the past is past as a whole. */
async function toldOf(
  { store, config }: Dependencies,
  { run }: StepRecord,
  left: Afterwards['left'],
  { formatTime, wayBack }: Reader,
): Promise<string> {
  const records = await store.operations(run?.operations.map(({ operationId }) => operationId) ?? []);
  const lines = records.flatMap((record) => {
    if (!record) return [];
    const operation = report(record, titleIn(config, record.service));
    const successor = left[record.service];
    const said = successor
      ? describePast(operation, successor, { formatTime })
      : describeOperation(operation, { formatTime, wayBack: wayBack(record.service) });
    return [{ said, isPast: successor !== undefined }];
  });
  return lines
    .sort((a, b) => Number(a.isPast) - Number(b.isPast))
    .map(({ said }) => said)
    .join('\n');
}

/** Pure. */
export function afterwards(step: StepRecord, { doubts, doubtedSince = {}, left, told }: Found): StepRecord {
  const { decided, run } = step;
  const before = isOfRun(step) ? step.afterwards : undefined;
  const wasDoubted = before !== undefined && before.doubts !== '' && decided.status === 'Unproven';
  // Somebody set it to another state meanwhile: that is theirs.
  if (!wasDoubted && !isReached(decided.status)) return { ...step, afterwards: undefined };
  const cells = wasDoubted ? before.cells : { status: decided.status, result: decided.result };
  const base = told === undefined ? cells : { ...cells, result: told };
  if (doubts === '' && Object.keys(left).length === 0) {
    if (before === undefined) return step.afterwards === undefined ? step : { ...step, afterwards: undefined };
    return { ...step, afterwards: undefined, decided: { ...decided, ...base } };
  }
  if (before && told === undefined && before.doubts === doubts) return step;
  const next: Afterwards = { runId: run?.id ?? '', doubts, doubtedSince, left, cells: base };
  const shown = doubts === '' ? base : { status: 'Unproven', result: stepMessages.staysDone(doubts, base.result) };
  return { ...step, afterwards: next, decided: { ...decided, ...shown } };
}
