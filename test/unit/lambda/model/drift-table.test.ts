import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DRIFT_TABLE } from '../../../../lambda/src/model/drift-table.ts';

/** The drawing that people read and the table that the code follows are the same transitions. */

const PAGE = readFileSync(fileURLToPath(new URL('../../../../docs/architecture.md', import.meta.url)), 'utf8');
const [, DRAWING = ''] = /```mermaid\n(stateDiagram-v2[\s\S]*?)```/.exec(PAGE) ?? [];

/** `from on to does`, as it is drawn within one question. */
function drawn(question: string): string[] {
  const [, body = ''] = new RegExp(`state "[^"]*" as ${question} \\{([\\s\\S]*?)\\n {4}\\}`).exec(DRAWING) ?? [];
  const arrows = [...body.matchAll(/^\s*(\w+) --> (\w+): ([\w-]+)(?: \/ (\w+))?$/gm)];
  const words = (name = '') => name.replaceAll('_', ' ');
  return arrows.map(([, from, to, on, does = '']) => [words(from), on, words(to), does].join(' · ')).sort();
}

it.each(Object.entries(DRIFT_TABLE))('of %s are drawn just as they are in the table', (question, rows) => {
  const listed = rows.map(({ from, on, to, does = '' }) => [from, on, to, does].join(' · ')).sort();
  expect(drawn(question)).toEqual(listed);
  expect(listed.length).toBeGreaterThan(5);
});

it.each(Object.entries(DRIFT_TABLE))('of %s follow from what is known and what was found alone', (_question, rows) => {
  const asked = rows.map(({ from, on }) => `${from} · ${on}`);
  expect(new Set(asked).size).toBe(asked.length);
});
