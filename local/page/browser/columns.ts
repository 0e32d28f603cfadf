import { RUNDOWN_COLUMNS } from '../../../release-sheet-template/rundown.ts';
import { STATUS_STYLES } from '../../../release-sheet-template/statuses.ts';

/** How the columns of a tab look and what they offer; those of a rundown are found by their header text. */

const OTHER_WIDTH_PX = 150;
/** Sentences: they wrap instead of being cut. */
const LONG = new Set(['Task', 'Result']);

export interface Column {
  readonly header: string;
  readonly widthPx: number;
  readonly kind: 'text' | 'long' | 'choice';
  /** Written by the script: people may edit it, and what they write there is put right. */
  readonly ours: boolean;
  /** What a `choice` offers. */
  choices(services: readonly string[]): readonly string[];
}

/** @param headers - Row 1. Only a rundown has an Action and a Status to choose. */
export function columnsOf(headers: readonly string[]): Column[] {
  const names = headers.map((header) => header.trim());
  const isRundown = names.includes('Action') && names.includes('Status');
  return names.map((header) => {
    const template = isRundown ? RUNDOWN_COLUMNS.find((column) => column.header === header) : undefined;
    const hasChoice = template !== undefined && (template.choices !== undefined || header === 'Service');
    return {
      header,
      widthPx: template?.width ?? OTHER_WIDTH_PX,
      kind: hasChoice ? 'choice' : LONG.has(header) ? 'long' : 'text',
      ours: template?.writer === 'script',
      choices: (services) => template?.choices ?? services,
    };
  });
}

/** The colours of a chip, for those that have some of their own. */
export const chipColours = ({ header }: Column, value: string): { background: string; text: string } | undefined =>
  header === 'Status' ? STATUS_STYLES.find(({ status }) => status === value) : undefined;
