import { ALLOWLIST_TAB } from '../../../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../../../release-sheet-template/audit.ts';
import { SERVICES_TAB } from '../../../../release-sheet-template/services.ts';
import type { TabTemplate } from '../../../../release-sheet-template/tab.ts';
import { type Cell, type Cut, editEvent, type HttpRequest, type Run } from '../google.ts';
import { MANAGER, Night, SHEET } from '../night.ts';

const ROWS = 6;

/** A release night whose sheet has its boards. */
export class BoardNight extends Night {
  /** Answers instead of the tables, for as long as it says something. */
  tablesFault: ((request: HttpRequest) => { status: number; body: string } | 'no answer' | undefined) | undefined;

  constructor(code: string, options: { isProduction?: boolean } = {}) {
    super(code, options);
    for (const tab of [SERVICES_TAB, ALLOWLIST_TAB, AUDIT_TAB]) this.addTab(tab);
    this.google.books.get(SHEET)?.set('Drawbridge', [
      ['Connected until', ''],
      ['Made for', SHEET],
      ['', ''],
      ['', ''],
    ]);
    this.api.fault = (request) => (request.url.endsWith('/tables') ? this.tablesFault?.(request) : undefined);
    // The first look.
    this.minute();
  }

  addTab({ name, columns }: TabTemplate): void {
    const header = columns.map(({ header }) => header);
    const blank = Array.from({ length: ROWS }, () => header.map((): Cell => ''));
    this.google.books.get(SHEET)?.set(name, [header, ...blank]);
  }

  lines(tab: string): Record<string, Cell>[] {
    const [headers = [], ...rows] = this.google.tab(SHEET, tab);
    return rows
      .filter((cells) => cells.some((cell) => cell !== ''))
      .map((cells) => Object.fromEntries(headers.map((header, at) => [String(header), cells[at] as Cell])));
  }

  board(service: string): Record<string, Cell> {
    const line = this.lines('Services').find((one) => one.Service === service);
    if (!line) throw new Error(`the board has no ${service}`);
    return line;
  }

  place(tab: string, header: string): number {
    return (this.google.tab(SHEET, tab)[0] as Cell[]).indexOf(header) + 1;
  }

  boardRow(service: string): number {
    return this.google.tab(SHEET, 'Services').findIndex((line) => line[0] === service) + 1;
  }

  /** That person picks it in Do now, and the event comes. */
  pick(service: string, action: string, user = MANAGER, cut?: Cut): Run {
    const options = { tab: 'Services', ...(cut ? { cut } : {}) };
    return this.google.edit(SHEET, this.boardRow(service), this.place('Services', 'Do now'), [[action]], user, options);
  }

  /** The event of a pick comes (again); the cell is as it is. */
  eventOfPick(service: string, typed?: string, user = MANAGER): Run {
    const [row, column] = [this.boardRow(service), this.place('Services', 'Do now')];
    const event = editEvent({ book: SHEET, tab: 'Services', row, column, user, value: typed });
    return this.google.run('onRundownEdit', event);
  }

  /** Ids that the API was asked to run. */
  get ran(): string[] {
    return [...new Set(this.api.received.map(({ operationId }) => operationId))];
  }
}
