import * as z from 'zod/mini';
import { type AuditEntry, auditEntry } from '../../../contract/audit.ts';
import { type ServicesResponse, servicesResponse } from '../../../contract/services.ts';
import type { Connection } from '../connections.ts';
import type { Doors } from '../doors.ts';
import type { Memory } from '../store.ts';
import type { ToldAudit } from './audit-tab.ts';
import type { Answers } from './services-tab.ts';

/** What the boards are made up from: what every API tells. */

export interface ToldAll {
  readonly services: Answers;
  readonly audits: readonly ToldAudit[];
}

/** All environments at once, what they are and what happened in them. */
export function askAll({ api }: Doors, memory: Memory, ids: readonly string[]): ToldAll {
  const { connections } = memory;
  const answers = api.read([
    ...connections.map((connection) => ({ connection, method: 'get' as const, path: '/services' })),
    ...connections.map((connection) => ({
      connection,
      method: 'get' as const,
      path: auditPath(memory, ids, connection),
    })),
  ]);
  const responses = connections.flatMap((_connection, index): ServicesResponse[] => {
    const parsed = z.safeParse(servicesResponse, answers[index]);
    return parsed.success ? [parsed.data] : [];
  });
  const audits = connections.map(
    ({ environment }, index): ToldAudit => ({ environment, ...auditOf(answers[connections.length + index]) }),
  );
  return { services: { responses, areAll: responses.length === connections.length }, audits };
}

/** From when on the one that has asked least recently needs it; everything, if one of them is to be written anew. */
function auditPath(memory: Memory, ids: readonly string[], { environment }: Connection): string {
  const times = ids.flatMap((id): string[] => {
    const record = memory.boards(id);
    const since = record?.since[environment];
    if (!record || since === undefined || isWhole(memory, id)) return [''];
    return [since, ...Object.values(record.testersIn)];
  });
  const [first = ''] = times.sort();
  return first === '' ? '/audit' : `/audit?since=${encodeURIComponent(first)}`;
}

/** Nothing is known of its audit tab, or somebody wrote into it. */
export const isWhole = (memory: Memory, id: string): boolean =>
  memory.boards(id)?.audit === undefined || memory.isBoardEdited(id);

const auditAnswer = z.object({ entries: z.array(z.unknown()), isCut: z._default(z.boolean(), false) });

/** An entry of a kind that is not known here must not hide the others. */
function auditOf(answer: unknown): Pick<ToldAudit, 'entries' | 'isCut'> {
  const parsed = z.safeParse(auditAnswer, answer);
  if (!parsed.success) return { entries: undefined, isCut: false };
  const entries = parsed.data.entries.flatMap((one) => {
    const entry = z.safeParse(auditEntry, one);
    if (!entry.success) console.error(`An audit entry was not understood: ${JSON.stringify(one).slice(0, 200)}`);
    return entry.success ? [entry.data] : [];
  });
  return { entries, isCut: parsed.data.isCut };
}

export const allEntries = ({ audits }: ToldAll): AuditEntry[] => audits.flatMap(({ entries = [] }) => entries);
