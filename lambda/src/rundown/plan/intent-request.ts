import type { Intent } from '../../model/rundown-record.ts';
import type { CheckedRequest } from '../../operate/checks.ts';

/** What a step's intent asks for, as an operation. Pure. */
export const requestOf = ({ seenAt, step, allowlist, ...asked }: Intent, spreadsheetId: string): CheckedRequest => ({
  ...asked,
  ...(allowlist ? { allowlist: [...allowlist] } : {}),
  requestedAt: seenAt,
  source: { kind: 'sheet', spreadsheetId, step },
});
