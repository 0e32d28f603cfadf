import type { Hop } from '../../trace.ts';
import type {
  Notice,
  PageEvent,
  RowChange,
  Seen,
  ServicesNow,
  SheetEdit,
  SiteDoor,
  SiteVisit,
  SpreadsheetFacts,
  TabFacts,
  Told,
  UndoRequest,
} from '../sheet-host.ts';
import type { Channel, ChannelAct } from '../slack-host.ts';
import type { TabFormatting } from '../tab-formatting.ts';

/** The sheet's HTTP face; errors carry the sentence that the server wrote for a person. */

export type Service = ServicesNow['services'][number];
export type { Hop, Notice, PageEvent, Seen, ServicesNow, SiteDoor, SiteVisit, SpreadsheetFacts, TabFacts };

/** What the host would not do, in its words. */
export class Refusal extends Error {
  readonly code: string;
  constructor({ code, message }: { code: string; message: string }) {
    super(message);
    this.code = code;
  }
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new Error('The local stack does not answer. Start it again with npm start.');
  });
  const body = await response.json();
  if (!response.ok) throw new Refusal(body);
  return body;
}

const post = <T>(path: string, body: unknown) =>
  ask<T>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const query = (fields: Readonly<Record<string, string | undefined>>) => {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return `?${new URLSearchParams(given)}`;
};

export const api = {
  spreadsheets: () => ask<{ spreadsheets: SpreadsheetFacts[] }>('api/spreadsheets'),
  copy: (spreadsheet: string, user?: string) =>
    post<{ id: string }>(`api/spreadsheets/${encodeURIComponent(spreadsheet)}/copy`, { user }),
  tabs: (spreadsheet: string) => ask<{ tabs: TabFacts[] }>(`api/formatting${query({ spreadsheet })}`),
  tabFormatting: (spreadsheet: string, tab: string) =>
    ask<{ formatting: TabFormatting }>(`api/formatting/${encodeURIComponent(tab)}${query({ spreadsheet })}`),
  values: (spreadsheet: string, tab: string) =>
    ask<{ values: string[][]; rowsRevision: number }>(`api/sheets/${encodeURIComponent(tab)}${query({ spreadsheet })}`),
  edit: (edit: SheetEdit) => post<Partial<Told>>('api/edits', edit),
  rows: (change: RowChange) => post<Partial<Told> & { rowsRevision?: number }>('api/rows', change),
  undo: (asked: UndoRequest) => post<Partial<Told>>('api/undo', asked),
  clock: () => ask<{ now: string }>('api/clock'),
  advanceClock: (advanceMs: number) => post<{ now: string }>('api/clock', { advanceMs }),
  moveClock: (now: number) => post<{ now: string }>('api/clock', { now }),
  sites: () => ask<{ sites: SiteDoor[] }>('api/sites'),
  visit: ({ service, target, as, accept }: SiteVisit) =>
    ask<Seen>(`api/visit${query({ service, target, as, accept })}`),
  services: () => ask<ServicesNow>('api/services'),
  notices: () => ask<{ notices: Notice[] }>('api/notices'),
  channels: () => ask<{ channels: Channel[] }>('api/slack'),
  act: (act: ChannelAct) => post<object>('api/slack', act),
  hops: () => ask<{ hops: Hop[] }>('api/hops'),
};

const KINDS = [
  'sheet',
  'spreadsheets',
  'clock',
  'hop',
  'services',
  'notices',
  'slack',
] as const satisfies readonly PageEvent['kind'][];

/** Follows what changes. `onOpen` is called at every (re)connection: what happened meanwhile was missed. */
export function follow(onEvent: (event: PageEvent) => void, onOpen: () => void, onLost: () => void): void {
  const source = new EventSource('api/events');
  source.addEventListener('open', onOpen);
  source.addEventListener('error', onLost);
  for (const kind of KINDS) source.addEventListener(kind, ({ data }) => onEvent(JSON.parse(data)));
}
