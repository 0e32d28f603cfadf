import { plainText } from '../../contract/status.ts';
import { type Plan, planKey, type SyncTab } from '../../contract/sync.ts';
import type { RowAnswer, SyncAnswer } from '../../contract/sync-answer.ts';
import type { SyncRequest } from '../../contract/sync-request.ts';
import { isIdOf } from './sync-request.ts';

/**
 * What an environment may have written: rows that it was sent, with ids of its own. An answer that asks for more is about
 * somebody else's rows. Pure.
 */

/** What one environment was sent in this execution. */
export type SentRows = ReadonlySet<string>;

type Named = Pick<SyncRequest, 'steps' | 'picks'>;

const stepKey = (plan: Plan): string => planKey(plan);
const pickKey = (service: string): string => `pick ${plainText(service)}`;

export const keysOf = ({ steps = [], picks = [] }: Named): string[] => [
  ...(steps as Plan[]).map(stepKey),
  ...(picks as { service: string }[]).map(({ service }) => pickKey(service)),
];

const keyOf = (tab: SyncTab, basis: RowAnswer['basis']): string =>
  tab === 'services' ? pickKey(basis.service) : stepKey(basis);

/** @returns The rows that it may write; what it may not is logged. */
export function allowedRows(
  { environment, rows }: Pick<SyncAnswer, 'environment' | 'rows'>,
  sent: SentRows,
  warn: (line: string) => void = (line) => console.warn(line),
): RowAnswer[] {
  return rows.filter((answer) => {
    const why = wrongWith(answer, environment, sent);
    if (why !== undefined) warn(`${environment}: its answer for row ${answer.basis.row} was ignored: ${why}.`);
    return why === undefined;
  });
}

function wrongWith({ tab, basis, cells }: RowAnswer, environment: string, sent: SentRows): string | undefined {
  if (!sent.has(keyOf(tab, basis))) return 'it was not sent that row';
  const { operation = '' } = cells;
  if (operation !== '' && !isIdOf({ environment }, operation)) return 'the operation is not one of its own';
  if (cells.pick !== undefined && tab !== 'services') return 'the rundown has no Do now';
  return undefined;
}
