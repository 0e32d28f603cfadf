import { OWN_COLUMNS, type OwnCells, type Row, type Rundown } from './rundown.ts';
import { says } from './sentences.ts';

/** Rows move when people sort, insert and delete: a row number is good for one read only. */

/** The row that was planned for, where it is now; undefined if it no longer says what it said. */
export function sameRow({ rows }: Rundown, planned: Row): Row | undefined {
  const alike = rows.filter(
    ({ identity, status, operation }) =>
      identity === planned.identity && status === planned.status && operation === planned.operation,
  );
  return alike.find(({ number }) => number === planned.number) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** What our cells of a row said before we wrote into it by mistake: the row is known by everything that is not ours. */
export function cellsBefore(before: Rundown, row: Row): OwnCells {
  const [was] = before.rows
    .filter(({ identity }) => identity === row.identity)
    .sort((a, b) => Math.abs(a.number - row.number) - Math.abs(b.number - row.number));
  if (was) return was.own;
  const blank: OwnCells = Object.fromEntries(OWN_COLUMNS.map((name) => [name, '']));
  return isBlank(row) ? blank : { ...blank, status: 'Planned', result: says.misplaced };
}

const isBlank = ({ identity }: Row): boolean => (JSON.parse(identity) as string[]).every((cell) => cell === '');
