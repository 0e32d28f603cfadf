import type { ColumnTemplate, TabTemplate } from './tab.ts';
import { RELEASE_SHEET } from './template.ts';

/** The tabs and columns as a table for the docs. */

const BEGIN = '<!-- made by npm run template -->';
const END = '<!-- end -->';

function about({ choices, operatorsOnly, isTime, note }: ColumnTemplate): string {
  const picks = choices && `One of: ${choices.join(', ')}.`;
  const what = note ?? (isTime ? 'A date with a time.' : undefined);
  return [picks, what, operatorsOnly && 'Operators only.'].filter(Boolean).join(' ');
}

const table = ({ name, columns }: TabTemplate): string =>
  [
    `## ${name}`,
    '',
    '| column | who writes it | about it |',
    '|---|---|---|',
    ...columns.map(
      (column) => `| ${column.header} | ${column.writer === 'script' ? 'Drawbridge' : 'people'} | ${about(column)} |`,
    ),
    '',
  ].join('\n');

/** @returns The page with what stands between its two marks made anew. @throws Error - A mark is missing. */
export function withTables(page: string): string {
  const [before, rest = ''] = page.split(BEGIN);
  const [, after] = rest.split(END);
  if (before === undefined || after === undefined) throw new Error(`The page lacks ${BEGIN} or ${END}.`);
  return `${before}${BEGIN}\n\n${RELEASE_SHEET.map(table).join('\n')}\n${END}${after}`;
}
