import type { AuditEntry } from '../../../contract/audit.ts';
import {
  type Armed,
  isRunning,
  type RundownRecord,
  type SheetRecord,
  type StepRecord,
} from '../model/rundown-record.ts';
import { isSameJson } from '../model/same-json.ts';
import type { NoticedStep } from '../words/notice-words.ts';
import { auditWrites, isByTime } from './audit.ts';
import { rundownPk, STEP_PREFIX, stepItemKey } from './keys.ts';
import { noticeWrite, type WaitingNotice } from './notices.ts';
import type { Table, Write } from './table.ts';

/** The rundowns of release sheets: one item for the sheet, one for each step, written when changed. */
export interface RundownStore {
  load(spreadsheetId: string): Promise<RundownRecord>;
  /**
   * Writes what changed, with what the audit tells of it, if nobody else has written since it was loaded.
   * @returns What is stored now; undefined if somebody was faster.
   */
  commit(
    before: RundownRecord,
    next: NextRundown,
    audit: readonly AuditEntry[],
    notices?: readonly WaitingNotice[],
  ): Promise<RundownRecord | undefined>;
  /** The sheet's name when it was last heard of. */
  nameOf(spreadsheetId: string): Promise<string | undefined>;
  /** Sheets with something that waits for the clock, or for somebody to finish it. */
  waiting(): Promise<WaitingSheet[]>;
  /** By sheet, the last time that it was heard of before people were told of its silence. */
  toldSilentAfter(): Promise<ReadonlyMap<string, string>>;
  /** People were told that nothing was heard of it since. */
  markSilent(sheet: WaitingSheet): Promise<void>;
  /** Armed steps, each with its time, that people were reminded of. */
  reminded(): Promise<ReadonlySet<string>>;
  markReminded(step: ArmedStep): Promise<void>;
}

export interface NextRundown {
  readonly sheet: SheetRecord;
  /** All of them, the new ones too. */
  readonly steps: readonly StepRecord[];
  readonly removed?: readonly StepRecord[];
}

/** A step that will run by the clock, as people are told of it. */
export type ArmedStep = NoticedStep;

/** One that is moved is another: people are reminded of its new time. */
export const reminderKey = ({ operationId, plannedStart }: ArmedStep): string => `${plannedStart} ${operationId}`;

export interface WaitingSheet {
  readonly spreadsheetId: string;
  readonly name: string;
  readonly heardAt: string;
  readonly armed: readonly ArmedStep[];
  readonly hasIntents: boolean;
}

const SHEET = 'SHEET';
const WAITING = 'WAITING';
const SILENT = 'SILENT';
const REMINDED = 'REMINDED';
/** Nobody is reminded of what was to run before. */
const REMINDED_MS = 24 * 60 * 60_000;

/** Nobody asks for a rundown that was not heard of for so long. */
const EXPIRES_AFTER_MS = 90 * 24 * 60 * 60_000;
/** So that a quiet night does not write every step for its expiry alone. */
const SHEET_ITEM = 1;
const WAITING_ITEM = 1;
/** DynamoDB takes so many items in one transaction. */
const MOST_WRITES = 100;

const newSheet = (spreadsheetId: string): SheetRecord => ({
  spreadsheetId,
  version: 0,
  name: '',
  timeZone: 'Etc/UTC',
  readAt: '',
  syncId: '',
  heardAt: '',
  nextKey: 1,
  allowlist: [],
  ends: {},
  firstHeardAt: '',
});

type Stored<T> = T & { readonly sk: string; readonly expiresAt?: number };

function withoutKeys<T>({ sk: _sk, expiresAt: _expires, ...value }: Stored<T>): T {
  return value as T;
}

export function createRundownStore(table: Table): RundownStore {
  return {
    async load(spreadsheetId) {
      const items = await table.query<Stored<SheetRecord | StepRecord>>(rundownPk(spreadsheetId));
      const sheet = items.find(({ sk }) => sk === SHEET) as Stored<SheetRecord> | undefined;
      const steps = items.filter(({ sk }) => sk.startsWith(STEP_PREFIX)) as Stored<StepRecord>[];
      const found = sheet ? withoutKeys<SheetRecord>(sheet) : newSheet(spreadsheetId);
      return { sheet: found, steps: steps.map((step) => withoutKeys<StepRecord>(step)) };
    },

    async commit(before, next, audit, notices = []) {
      const { removed = [] } = next;
      const changed = next.steps.filter((step) => isChanged(before, step));
      const room = MOST_WRITES - SHEET_ITEM - WAITING_ITEM;
      const all = [...audit.flatMap(auditWrites), ...notices.map(noticeWrite)];
      const isRoomForAll = all.length + changed.length + removed.length <= room;
      // Of very many the copies by time come right after, and whatever else is more than a transaction takes.
      const first = isRoomForAll ? all : [...all].sort((a, b) => Number(isByTime(a)) - Number(isByTime(b)));
      const most = isRoomForAll ? all.length : Math.min(room, all.filter((one) => !isByTime(one)).length);
      const notes = first.slice(0, most);
      // What is started stands with its note in the first part; each later part is fenced by the sheet's version too.
      const [now, later] = parts(changed, removed, room - notes.length);
      const stored = await write(before, { ...next, steps: now.steps, removed: now.removed }, notes);
      if (!stored) return undefined;
      for (let at = most; at < first.length; at += MOST_WRITES) await table.commit(first.slice(at, at + MOST_WRITES));
      const versions = new Map(stored.steps.map((step) => [step.key, step]));
      const merged = next.steps.map((step) => versions.get(step.key) ?? step);
      const rest = { sheet: stored.sheet, steps: merged };
      if (later.steps.length + later.removed.length === 0) return rest;
      const done = new Set([...stored.steps, ...now.removed].map(({ key }) => key));
      const known: RundownRecord = {
        sheet: stored.sheet,
        steps: [...before.steps.filter(({ key }) => !done.has(key)), ...stored.steps],
      };
      return this.commit(known, { ...rest, removed: later.removed }, []);
    },

    async nameOf(spreadsheetId) {
      const sheet = await table.get<SheetRecord>({ pk: rundownPk(spreadsheetId), sk: SHEET });
      return sheet?.name;
    },

    async waiting() {
      const items = await table.query<Stored<WaitingSheet>>(WAITING);
      return items.map((item) => withoutKeys<WaitingSheet>(item));
    },

    async toldSilentAfter() {
      const told = await table.query<{ heardAt: string }>(SILENT);
      return new Map(told.map(({ sk, heardAt }) => [sk, heardAt]));
    },

    async markSilent({ spreadsheetId, heardAt }) {
      await table.commit([{ put: { pk: SILENT, sk: spreadsheetId, heardAt }, label: 'silent' }]);
    },

    async reminded() {
      return new Set((await table.query(REMINDED)).map(({ sk }) => sk));
    },

    async markReminded(step) {
      const expiresAt = Math.ceil((Date.parse(step.plannedStart) + REMINDED_MS) / 1_000);
      await table.commit([{ put: { pk: REMINDED, sk: reminderKey(step), expiresAt }, label: 'reminded' }]);
    },
  };

  async function write(
    before: RundownRecord,
    next: { sheet: SheetRecord; steps: readonly StepRecord[]; removed: readonly StepRecord[] },
    notes: readonly Write[],
  ): Promise<RundownRecord | undefined> {
    const { spreadsheetId, version } = before.sheet;
    const sheet: SheetRecord = { ...next.sheet, version: version + 1 };
    const expiresAt = Math.ceil((Date.parse(sheet.heardAt || new Date(0).toISOString()) + EXPIRES_AFTER_MS) / 1_000);
    const steps = next.steps.map((step) => ({ ...step, version: step.version + 1 }));
    const versionOf = (key: string) => before.steps.find((step) => step.key === key)?.version;
    const writes: Write[] = [
      {
        put: { pk: rundownPk(spreadsheetId), sk: SHEET, expiresAt, ...sheet },
        ifVersion: version === 0 ? 'absent' : version,
        label: 'sheet',
      },
      ...steps.map(
        (step): Write => ({
          put: { ...stepItemKey(spreadsheetId, step.key), expiresAt, ...step },
          ifVersion: versionOf(step.key) ?? 'absent',
          label: `step ${step.key}`,
        }),
      ),
      ...next.removed.map(
        ({ key, version: known }): Write => ({
          remove: stepItemKey(spreadsheetId, key),
          ifVersion: known,
          label: `step ${key}`,
        }),
      ),
      ...waitingWrites(before, sheet, steps, next.removed),
      ...notes,
    ];
    const done = await table.commit(writes);
    return done.ok ? { sheet, steps } : undefined;
  }
}

const isChanged = ({ steps }: RundownRecord, step: StepRecord): boolean => {
  const known = steps.find(({ key }) => key === step.key);
  return known !== step && (known === undefined || !isSameJson(known, step));
};

function parts(steps: readonly StepRecord[], removed: readonly StepRecord[], room: number) {
  const first = [...steps].sort((a, b) => Number(isUrgent(b)) - Number(isUrgent(a)));
  const now = { steps: first.slice(0, room), removed: removed.slice(0, Math.max(0, room - first.length)) };
  const later = { steps: first.slice(room), removed: removed.slice(now.removed.length) };
  return [now, later] as const;
}

const isUrgent = ({ intents, armed }: StepRecord): boolean => Object.keys(intents).length > 0 || armed !== undefined;

/** The list of those that wait is kept beside them, so that the scheduler reads one partition. */
function waitingWrites(
  before: RundownRecord,
  sheet: SheetRecord,
  changed: readonly StepRecord[],
  removed: readonly StepRecord[],
): Write[] {
  const gone = new Set(removed.map(({ key }) => key));
  const now = new Map(
    [...before.steps, ...changed].filter(({ key }) => !gone.has(key)).map((step) => [step.key, step]),
  );
  const [last, next] = [waitingOf(before.sheet, before.steps), waitingOf(sheet, [...now.values()])];
  const key = { pk: WAITING, sk: sheet.spreadsheetId };
  const waits = (one: WaitingSheet) => one.armed.length > 0 || one.hasIntents;
  // Of what runs the intents were struck out with its operations, past this list.
  const mayBeListed = waits(last) || before.steps.some(isRunning);
  if (!waits(next)) return mayBeListed ? [{ remove: key, label: 'waiting' }] : [];
  return [{ put: { ...key, ...next }, label: 'waiting' }];
}

function waitingOf({ spreadsheetId, name, heardAt }: SheetRecord, steps: readonly StepRecord[]): WaitingSheet {
  return {
    spreadsheetId,
    name,
    heardAt,
    armed: steps.flatMap(({ armed }) => (armed ? [armedStepOf(armed)] : [])),
    hasIntents: steps.some(({ intents }) => Object.keys(intents).length > 0),
  };
}

const armedStepOf = ({ id, step, service, action, at, requestedBy }: Armed): ArmedStep => ({
  operationId: id,
  step,
  service,
  action,
  plannedStart: at,
  requestedBy,
});
