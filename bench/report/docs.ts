import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Pages that quote results between marks; what stands there comes from `bench/results/` and nowhere else. */
export const PAGES = ['docs/measurements.md', 'docs/proof.md'] as const;

const QUOTE = /(<!-- result: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

interface Written {
  readonly title: string;
  readonly command: string;
  readonly at: string;
  readonly machine: { readonly cores: number; readonly cpu: string; readonly os: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly isDeterministic: boolean;
  readonly table: { readonly headers: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly notes: readonly string[];
}

/** @param read - The JSON of a result; undefined if there is none. */
export const quoted = (page: string, read: (name: string) => string | undefined): string =>
  page.replace(QUOTE, (_all, begin: string, name: string, end: string) => {
    const json = read(name);
    return `${begin}${json === undefined ? `*Not measured yet.*\n` : blockOf(name, JSON.parse(json))}${end}`;
  });

function blockOf(
  name: string,
  { title, command, at, machine, versions, isDeterministic, table, notes }: Written,
): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const where = isDeterministic
    ? 'counted, or by a virtual clock: the same on every machine'
    : `${at.slice(0, 10)}, ${machine.cores} × ${machine.cpu}, ${machine.os}, Node ${versions.node}: other machines have other times`;
  return [
    `![${title}](../bench/results/${name}.svg)`,
    '',
    line(table.headers),
    line(table.headers.map((_header, column) => (table.rows.every((row) => isFigure(row[column])) ? '---:' : '---'))),
    ...table.rows.map(line),
    '',
    ...notes.map((note) => `- ${note.trim()}`),
    '',
    `\`${command}\` (${where})`,
    '',
  ].join('\n');
}

const isFigure = (cell = ''): boolean => /^([$\d]|–$)/.test(cell);

export const readResult = (name: string): string | undefined => {
  const path = `bench/results/${name}.json`;
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

export function quoteResults(): void {
  for (const page of PAGES) writeFileSync(page, quoted(readFileSync(page, 'utf8'), readResult));
}
