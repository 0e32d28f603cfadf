import { MOVES } from '../../../../contract/modes.ts';
import type { Operation } from '../../../../contract/operation.ts';
import { ALLOWLIST_TAB } from '../../../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../../../release-sheet-template/audit.ts';
import { SERVICES_TAB } from '../../../../release-sheet-template/services.ts';
import type { TabTemplate } from '../../../../release-sheet-template/tab.ts';
import type { Cell, Cut, HttpRequest, Run } from '../google.ts';
import { MANAGER, Night, SHEET } from '../night.ts';

const ROWS = 6;

/** A release night whose sheet has its boards, and an API that remembers what happened. */
export class BoardNight extends Night {
  /** Answers instead of the audit, for as long as it says something. */
  auditFault: ((request: HttpRequest) => { status: number; body: string } | 'no answer' | undefined) | undefined;
  /** Besides what operations make of it. */
  readonly facts: Record<string, object> = {};

  constructor(code: string, options: { isProduction?: boolean } = {}) {
    super(code, options);
    for (const tab of [SERVICES_TAB, ALLOWLIST_TAB, AUDIT_TAB]) this.addTab(tab);
    this.google.books.get(SHEET)?.set('Drawbridge', [
      ['Connected until', ''],
      ['Made for', SHEET],
      ['', ''],
      ['', ''],
    ]);
    this.api.fault = (request) => this.answer(request);
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
    return this.google.run('onRundownEdit', ({ spreadsheet }) => {
      const source = spreadsheet(SHEET);
      const range = source.getSheetByName('Services')?.getRange(row, column);
      return { range, source, user: { getEmail: () => user }, ...(typed === undefined ? {} : { value: typed }) };
    });
  }

  /** Ids that the API was asked to run. */
  get ran(): string[] {
    return [...new Set(this.api.received.map(({ operationId }) => operationId))];
  }

  private answer(request: HttpRequest) {
    const { pathname, searchParams, host } = new URL(request.url);
    if (pathname === '/services') return { status: 200, body: JSON.stringify(this.services(host)) };
    if (pathname !== '/audit') return undefined;
    const fault = this.auditFault?.(request);
    if (fault) return fault;
    const since = searchParams.get('since') ?? '';
    const all = host.includes('staging') ? [] : [...this.api.operations.values()].map(auditOf);
    return { status: 200, body: JSON.stringify({ entries: all.filter(({ at }) => at >= since) }) };
  }

  private services(host: string) {
    const isStaging = host.includes('staging');
    const names = isStaging ? { 'shop-staging': 'Shop (staging)' } : { shop: 'Shop', payments: 'Payments' };
    return {
      environment: isStaging ? 'staging' : 'production',
      production: this.api.isProduction && !isStaging,
      groups: [],
      services: Object.entries(names).map(([service, title]) => ({
        service,
        title,
        operators: [MANAGER, 'duty.manager@example.com'],
        drift: [],
        ...this.statusOf(service),
        ...this.facts[service],
      })),
    };
  }

  private statusOf(service: string) {
    const [latest] = [...this.api.operations.values()].filter((one) => one.service === service).reverse();
    if (!latest) return { mode: 'normal', revision: 0, proof: NO_PROOF, targets: [] };
    const { action, revision, committedAt, requestedBy, source, proof, targets, operationId } = latest;
    const mode = MOVES[action].to;
    const holder = mode === 'normal' ? {} : { holder: { by: requestedBy, ...source } };
    return { mode, revision, since: committedAt, by: requestedBy, ...holder, operationId, proof, targets };
  }
}

const NO_PROOF = { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 };

function auditOf(operation: Operation) {
  const { operationId, service, revision, action, mode, state, changed, requestedBy, source, message } = operation;
  const { committedAt = '', acceptedAt, verifiedAt } = operation;
  const told = { operationId, service, revision, action, mode, state, changed, source, message };
  return { ...told, kind: 'operation', by: requestedBy, at: committedAt, acceptedAt, verifiedAt };
}
