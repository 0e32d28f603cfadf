import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEntry } from '../../../contract/audit.ts';
import type { ScheduleBody } from '../../../contract/schedule.ts';
import { NEVER_OPERATED, type OperationRecord, type ServiceState } from '../model/service-state.ts';
import { timeouts } from './sdk-timeouts.ts';

/** Everything that is remembered; the only file that knows DynamoDB. Reads are strongly consistent. */
export interface StateStore {
  state(service: string): Promise<ServiceState>;
  /** Writes if nobody else has since `state.version`. @returns What is stored now, or undefined if somebody was faster. */
  putState(service: string, state: ServiceState): Promise<ServiceState | undefined>;
  /** Reserves an operation's id. @returns The record that already has it, if any. */
  reserve(record: OperationRecord): Promise<OperationRecord | undefined>;
  operation(operationId: string): Promise<OperationRecord | undefined>;
  /** Writes a refusal, unless the operation has gone further than its reservation. @returns What is stored now. */
  putRefusal(record: OperationRecord): Promise<OperationRecord | undefined>;
  /** Writes both unless a later version of them is there. */
  putRecord(record: OperationRecord, audit: AuditEntry): Promise<void>;
  putAudit(entry: AuditEntry, version: number): Promise<void>;
  /** Newest first, until older than `since` (ISO) or `most`. */
  audit(service: string, since: string, most: number): Promise<AuditEntry[]>;
  /** The last one of a release sheet counts; an empty one stands for none. */
  putSchedule(schedule: StoredSchedule): Promise<void>;
  /** Of all release sheets that have one. */
  schedules(): Promise<ScheduleAndTold[]>;
  /** Apart from the schedule, which its sheet writes at any time. Only the reconciler writes it, and it runs once. */
  putScheduleTold(spreadsheetId: string, told: ScheduleTold): Promise<void>;
}

export interface StoredSchedule extends ScheduleBody {
  /** When it came, by the server's clock: the heartbeat of the sheet's script. */
  readonly at: string;
}

/** What people were told of a schedule. */
export interface ScheduleTold {
  /** Ids of steps that were missed. */
  readonly missed: readonly string[];
  /** The heartbeat after which the script stood still. */
  readonly stoppedAfter?: string | undefined;
}

export interface ScheduleAndTold {
  readonly schedule: StoredSchedule;
  readonly told: ScheduleTold;
}

/** Refusals of services that do not exist are audited too, under a name that no service can have. */
export const UNKNOWN_SERVICE = '(unknown)';

const SCHEDULES = 'SCHEDULES';
const SCHEDULE = 'SCHEDULE#';
const TOLD = 'TOLD#';
const STATE = 'STATE';
const AUDIT = 'AUDIT#';
const REVISION_DIGITS = 10;
const PAGE = 100;

const serviceKey = (service: string) => `SERVICE#${service}`;
const operationKey = (id: string) => ({ pk: `OPERATION#${id}`, sk: 'OPERATION' });
const auditKey = ({ service, revision, operationId }: AuditEntry) => ({
  pk: serviceKey(service),
  sk: `${AUDIT}${String(revision).padStart(REVISION_DIGITS, '0')}#${operationId}`,
});

/** Never backwards: an execution that comes late must not undo what a faster one knew. */
const NEWER = {
  ConditionExpression: 'attribute_not_exists(pk) OR version < :version OR #state = :received',
  ExpressionAttributeNames: { '#state': 'state' },
};

async function unlessConditionFails(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** A call that hangs must not eat the time that the firewall needs; the SDK tries three times. */
const newClient = () => new DynamoDBClient({ maxAttempts: 3, requestHandler: timeouts(2_000) });

export function createStateStore(tableName: string, client = newClient()): StateStore {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const get = async <T>(key: { pk: string; sk: string }): Promise<T | undefined> => {
    const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    if (!Item) return undefined;
    const { pk: _pk, sk: _sk, ...value } = Item;
    return value as T;
  };
  const putIfNewer = (item: object, version: number) =>
    unlessConditionFails(
      documents.send(
        new PutCommand({
          TableName: tableName,
          Item: item,
          ...NEWER,
          ExpressionAttributeValues: { ':version': version, ':received': 'received' },
        }),
      ),
    );
  const putAudit = async (entry: AuditEntry, version: number) => {
    await putIfNewer({ ...auditKey(entry), ...entry, version }, version);
  };
  const put = async (item: object) => {
    await documents.send(new PutCommand({ TableName: tableName, Item: item }));
  };
  const operation = (operationId: string) => get<OperationRecord>(operationKey(operationId));

  return {
    operation,
    putAudit,
    state: async (service) => (await get<ServiceState>({ pk: serviceKey(service), sk: STATE })) ?? NEVER_OPERATED,

    async putState(service, state) {
      const next = { ...state, version: state.version + 1 };
      const isFirst = state.version === 0;
      const written = await unlessConditionFails(
        documents.send(
          new PutCommand({
            TableName: tableName,
            Item: { pk: serviceKey(service), sk: STATE, ...next },
            ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'version = :version',
            ...(isFirst ? {} : { ExpressionAttributeValues: { ':version': state.version } }),
          }),
        ),
      );
      return written ? next : undefined;
    },

    async reserve(record) {
      const item = { ...operationKey(record.operationId), ...record };
      const free = await unlessConditionFails(
        documents.send(
          new PutCommand({ TableName: tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
        ),
      );
      return free ? undefined : operation(record.operationId);
    },

    async putRefusal(record) {
      const refused = await unlessConditionFails(
        documents.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...operationKey(record.operationId), ...record },
            ConditionExpression: '#state = :received',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':received': 'received' },
          }),
        ),
      );
      return refused ? record : operation(record.operationId);
    },

    async putRecord(record, audit) {
      const item = { ...operationKey(record.operationId), ...record };
      // The audit first: a record that says how it ended is then proof that the audit says so too.
      await putAudit(audit, record.version);
      await putIfNewer(item, record.version);
    },

    async audit(service, since, most) {
      const entries: AuditEntry[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await documents.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
            ExpressionAttributeValues: { ':pk': serviceKey(service), ':audit': AUDIT },
            ScanIndexForward: false,
            Limit: PAGE,
            ExclusiveStartKey: from,
          }),
        );
        const items = (page.Items ?? []) as (AuditEntry & { pk: string; sk: string; version: number })[];
        const fresh = items.filter(({ at }) => at >= since);
        entries.push(...fresh.map(({ pk: _pk, sk: _sk, version: _version, ...entry }) => entry));
        // Revisions grow with time; within one, entries lie in the order of their ids. So only a page that reaches into
        // an older revision without anything fresh ends the search.
        const isPast = fresh.length === 0 && items[0]?.revision !== items.at(-1)?.revision;
        from = isPast || entries.length >= most ? undefined : page.LastEvaluatedKey;
      } while (from);
      return entries.slice(0, most);
    },

    putSchedule: (schedule) => put({ pk: SCHEDULES, sk: `${SCHEDULE}${schedule.spreadsheetId}`, ...schedule }),

    putScheduleTold: (spreadsheetId, told) =>
      put({ pk: SCHEDULES, sk: `${TOLD}${spreadsheetId}`, spreadsheetId, ...told }),

    async schedules() {
      const items: Record<string, unknown>[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await documents.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': SCHEDULES },
            ConsistentRead: true,
            ExclusiveStartKey: from,
          }),
        );
        items.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from);
      const of = (kind: string) => items.filter(({ sk }) => String(sk).startsWith(kind));
      const toldOf = new Map(of(TOLD).map((item) => [item.spreadsheetId, item as unknown as ScheduleTold]));
      return of(SCHEDULE)
        .map((item) => item as unknown as StoredSchedule)
        .filter(({ steps, ends }) => steps.length + ends.length > 0)
        .map((schedule) => ({ schedule, told: toldOf.get(schedule.spreadsheetId) ?? { missed: [] } }));
    },
  };
}
