import type { AuditEntry } from '../contract/audit.ts';

/** What happened, a line each, oldest first. */
export const auditLines = (entries: readonly AuditEntry[]): string[] =>
  entries.map(({ at, service, by, source, message, reason }) => {
    const from = source === undefined ? '' : ` (${source.step ? `step ${source.step}` : source.kind})`;
    return `${at}  ${service}  ${by}${from}: ${message}${reason ? ` Reason: ${reason}` : ''}`;
  });
