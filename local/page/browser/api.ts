import type { ServiceStatus } from '../../../contract/services.ts';
import type { Hop } from '../../trace.ts';
import type { Look, PageEvent, RowChange, Seen, SheetEdit, SiteDoor } from '../sheet-host.ts';

/** The sheet's HTTP face; errors carry the sentence that the server wrote for a person. */

export type Service = ServiceStatus & { environment: string };
export type { Hop, Look, PageEvent, Seen, SiteDoor };

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new Error('The local stack does not answer. Start it again with npm start.');
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.message);
  return body;
}

const post = <T>(path: string, body: unknown) =>
  ask<T>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const query = (fields: Readonly<Record<string, string | undefined>>) => {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return `?${new URLSearchParams(given)}`;
};

export const api = {
  spreadsheets: () => ask<{ spreadsheets: { id: string; name: string; timeZone?: string }[] }>('api/spreadsheets'),
  tabs: (spreadsheet: string) => ask<{ tabs: string[] }>(`api/sheets${query({ spreadsheet })}`),
  values: (spreadsheet: string, tab: string) =>
    ask<{ values: string[][] }>(`api/sheets/${encodeURIComponent(tab)}${query({ spreadsheet })}`),
  edit: (edit: SheetEdit) => post<{ applied: true }>('api/edits', edit),
  rows: (change: RowChange) => post<{ applied: true }>('api/rows', change),
  clock: () => ask<{ now: string }>('api/clock'),
  advanceClock: (advanceMs: number) => post<{ now: string }>('api/clock', { advanceMs }),
  sites: () => ask<{ sites: SiteDoor[] }>('api/sites'),
  look: ({ service, target, as, accept }: Look) => ask<Seen>(`api/look${query({ service, target, as, accept })}`),
  services: () => ask<{ services: Service[] }>('api/services'),
  hops: () => ask<{ hops: Hop[] }>('api/hops'),
};

const KINDS = ['sheet', 'clock', 'hop', 'services'] as const;

/** Follows what changes. `onOpen` is called at every (re)connection: what happened meanwhile was missed. */
export function follow(onEvent: (event: PageEvent) => void, onOpen: () => void, onLost: () => void): void {
  const source = new EventSource('api/events');
  source.addEventListener('open', onOpen);
  source.addEventListener('error', onLost);
  for (const kind of KINDS) source.addEventListener(kind, ({ data }) => onEvent(JSON.parse(data)));
}
