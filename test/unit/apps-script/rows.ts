import { HEADERS, OWN_COLUMNS, type Row } from '../../../apps-script/src/sheet/rundown-tab.ts';

/** A row of the rundown as it was read. */
export function row(number: number, more: Partial<Omit<Row, 'own' | 'row'>> = {}): Row {
  const texts = {
    step: String(number),
    plannedStart: { text: '2026-11-22 02:05', at: '2026-11-22T02:05:00.000Z' },
    service: 'shop',
    action: 'Enter maintenance',
    ...{ status: 'Planned', result: '', started: '', finished: '', by: '', operation: '' },
    ...more,
  };
  const own = Object.fromEntries(OWN_COLUMNS.map((name) => [name, texts[name]])) as Row['own'];
  return { row: number, ...texts, own };
}

export const HEADER_LINE: readonly string[] = Object.values(HEADERS);
