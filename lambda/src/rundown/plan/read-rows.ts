import * as z from 'zod/mini';
import { explain } from '../../../../contract/parse.ts';
import type { SyncAnswer } from '../../../../contract/sync-answer.ts';
import {
  type AllowlistLine,
  allowlistLine,
  pickRow,
  type SyncRequest,
  stepRow,
} from '../../../../contract/sync-request.ts';
import { pickedRow, type Row, rundownRow } from './row.ts';

/** The rows of a sync. One that is not understood is named, and the others are served. Pure. */
export interface Reading {
  readonly rows: readonly Row[];
  /** Undefined if the tab was not read. */
  readonly allowlist?: readonly AllowlistLine[];
  readonly ignored: SyncAnswer['ignored'];
}

/** An operation of ours begins with its environment's name; a group's has its service behind it. */
const OPERATION_ID = /^([a-z][a-z0-9-]*)-[0-9a-f]{8}(_[a-z0-9-]+)?$/;

export function readRows({ steps, picks, allowlist }: SyncRequest, environment: string): Reading {
  const ignored: { row?: number; message: string }[] = [];
  const parsed = <T>(schema: z.ZodMiniType<T>, all: readonly unknown[] = [], where: string): T[] =>
    all.flatMap((one, index) => {
      const result = z.safeParse(schema, one);
      if (result.success) return [result.data];
      const row = (one as { row?: unknown } | null)?.row;
      const { message } = explain(result.error, one);
      ignored.push({ ...(typeof row === 'number' ? { row } : {}), message: `${where}[${index}]: ${message}` });
      return [];
    });
  const all = [...parsed(stepRow, steps, 'steps').map(rundownRow), ...parsed(pickRow, picks, 'picks').map(pickedRow)];
  const rows = all.filter((row) => {
    const owner = OPERATION_ID.exec(row.operation)?.[1];
    if (owner === undefined || owner === environment) return true;
    ignored.push({
      row: row.row,
      message: `Its operation ${row.operation} belongs to ${owner}, not to ${environment}.`,
    });
    return false;
  });
  return {
    rows,
    ignored,
    ...(allowlist === undefined ? {} : { allowlist: parsed(allowlistLine, allowlist, 'allowlist') }),
  };
}
