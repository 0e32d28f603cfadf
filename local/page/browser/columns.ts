import { ACTIONS, MOVES } from '../../../contract/modes.ts';

/** How the columns that Drawbridge knows look and what they offer; found by their header text. */

const PEOPLES_STATUSES = ['Planned', 'Scheduled', 'Go', 'Skipped'];
const OUR_STATUSES = ['Running', 'Done', 'Unproven', 'Failed'];

/** Written by the script: people may edit them, and what they write there is put right. */
const OURS = new Set(['Result', 'Started', 'Finished', 'By', 'Operation']);
const LONG = new Set(['Task', 'Result']);

const WIDTHS_PX: Readonly<Record<string, number>> = {
  Step: 48,
  'Planned start': 128,
  Task: 196,
  Owner: 116,
  Service: 112,
  Action: 148,
  Status: 112,
  Result: 340,
  Started: 128,
  Finished: 128,
  By: 196,
  Operation: 132,
};
const OTHER_WIDTH_PX = 150;

export interface Column {
  readonly header: string;
  readonly widthPx: number;
  readonly kind: 'text' | 'long' | 'choice';
  readonly ours: boolean;
  /** What a `choice` offers, in groups; the current value is always among it. */
  choices(services: readonly string[]): readonly { label?: string; values: readonly string[] }[];
}

const CHOICES: Readonly<Record<string, Column['choices']>> = {
  Service: (services) => [{ values: services }],
  Action: () => [{ values: ACTIONS.map((action) => MOVES[action].title) }],
  Status: () => [
    { label: 'You set', values: PEOPLES_STATUSES },
    { label: 'Drawbridge sets', values: OUR_STATUSES },
  ],
};

/** @param headers - Row 1. Only a rundown has an Action to choose. */
export function columnsOf(headers: readonly string[]): Column[] {
  const names = headers.map((header) => header.trim());
  const isRundown = names.includes('Action') && names.includes('Status');
  return names.map((header) => {
    const choices = isRundown ? CHOICES[header] : undefined;
    return {
      header,
      widthPx: WIDTHS_PX[header] ?? OTHER_WIDTH_PX,
      kind: choices ? 'choice' : LONG.has(header) ? 'long' : 'text',
      ours: isRundown && OURS.has(header),
      choices: choices ?? (() => []),
    };
  });
}
