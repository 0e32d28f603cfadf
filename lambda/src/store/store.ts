import { type Audit, createAudit } from './audit.ts';
import { createDriverLeases, type DriverLeases } from './driver-lease.ts';
import { createNotices, type Notices } from './notices.ts';
import { createOperations, type Operations } from './operations.ts';
import { createServiceStates, type ServiceStates } from './service-states.ts';
import { createSlackFeeds, type SlackFeeds } from './slack-feed.ts';
import { createSlackRecords, type SlackRecords } from './slack-records.ts';
import type { Table } from './table.ts';

/** Services, their operations, the audit, and what people are still to be told. */
export interface Store extends ServiceStates, Operations, Audit, Notices, DriverLeases, SlackRecords, SlackFeeds {}

export function createStore(table: Table): Store {
  const operations = createOperations(table);
  return {
    ...createServiceStates(table),
    ...operations,
    ...createAudit(table, operations.operations),
    ...createNotices(table),
    ...createDriverLeases(table),
    ...createSlackRecords(table),
    ...createSlackFeeds(table),
  };
}
