/**
 * Cells as spreadsheets put them on the clipboard: tabs between cells, line breaks between rows,
 * and quotes around a cell that holds either.
 * @returns rows of equal length.
 */
export function parseTabSeparated(text: string): string[][] {
  const rows: string[][] = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
  const source = text.replaceAll('\r\n', '\n').replace(/\n$/, '');
  let end = '\t';
  while (end) {
    const [, quoted, plain = '', separator = ''] = cells.exec(source) ?? [];
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (separator === '\n') rows.push([]);
    end = separator;
  }
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array<string>(width - row.length).fill('')]);
}
