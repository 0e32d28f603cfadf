import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { OutsideRequest, OutsideResponse } from '../outside-network.ts';
import { type Hostility, happens } from './hostility.ts';
import type { ScriptLock } from './script-lock.ts';
import type { Cell, Spreadsheets } from './sheet-model.ts';
import { formatDate } from './zoned-time.ts';

/** What the host does for a service call. Everything that a script can reach goes through these. */

export interface Trigger {
  readonly id: string;
  readonly handler: string;
  readonly source: 'SPREADSHEETS' | 'CLOCK';
  readonly sourceId: string | null;
  readonly minutes?: number;
}

/** An execution as its services know it. */
export interface Caller {
  readonly id: string;
  /** Reads of this execution, cached until it flushes: by tab, the cells as first seen. */
  readonly snapshots: Map<string, Cell[][]>;
}

export interface World {
  readonly clock: Clock;
  readonly owner: string;
  readonly spreadsheets: Spreadsheets;
  readonly properties: Readonly<Record<'script' | 'user', Map<string, string>>>;
  readonly cache: Map<string, { value: string; until: number }>;
  readonly triggers: Map<string, Trigger>;
  readonly lock: ScriptLock;
  readonly hostility: Hostility;
  /** Prefixes of the manifest; undefined allows every https URL. */
  readonly urlFetchWhitelist?: readonly string[];
  network(request: OutsideRequest): Promise<OutsideResponse>;
  changed(spreadsheetId: string, sheet: string): void;
}

export interface Service {
  /** Whether it counts as a service call: a navigation getter does not. */
  readonly counts: boolean;
  readonly scope?: string;
  run(world: World, caller: Caller, args: readonly never[]): unknown;
}

const PROPERTY_BYTES = 9 * 1_024;
const ALL_PROPERTIES_BYTES = 500 * 1_024;
const CACHE_BYTES = 100 * 1_024;
const CACHE_SECONDS = 21_600;
const MOST_TRIGGERS = 20;

const SHEETS = 'https://www.googleapis.com/auth/spreadsheets';
const FETCH = 'https://www.googleapis.com/auth/script.external_request';
const TRIGGERS = 'https://www.googleapis.com/auth/script.scriptapp';
const EMAIL = 'https://www.googleapis.com/auth/userinfo.email';

type Place = [string, string, number, number, number, number];
type Run = (world: World, caller: Caller, args: never) => unknown;

const counted = (run: Run, scope?: string): Service => ({ counts: true, scope, run: run as Service['run'] });
const free = (run: Run, scope?: string): Service => ({ counts: false, scope, run: run as Service['run'] });

export const SERVICES: Readonly<Record<string, Service>> = {
  'Spreadsheet.name': free(({ spreadsheets }, _caller, [id]: [string]) => spreadsheets.get(id).name, SHEETS),
  'Spreadsheet.timeZone': free(({ spreadsheets }, _caller, [id]: [string]) => spreadsheets.get(id).timeZone, SHEETS),
  'Spreadsheet.tabs': free(({ spreadsheets }, _caller, [id]: [string]) => spreadsheets.get(id).tabNames(), SHEETS),
  'Spreadsheet.flush': counted((_world, caller) => caller.snapshots.clear(), SHEETS),
  'Sheet.size': free(
    ({ spreadsheets }, _caller, [id, tab]: [string, string]) => spreadsheets.get(id).size(tab),
    SHEETS,
  ),
  'Sheet.getValues': counted((world, caller, place: Place) => readCells(world, caller, place), SHEETS),
  'Sheet.setValues': counted((world, caller, [...args]: [...Place, unknown[][]]) => {
    const values = args[6] as unknown[][];
    const [id, tab, row, column, rows, columns] = args as unknown as Place;
    world.spreadsheets.get(id).set(tab, { row, column, rows, columns }, values);
    const snapshot = caller.snapshots.get(`${id} ${tab}`);
    values.forEach((line, down) => {
      line.forEach((value, right) => {
        const target = snapshot?.[row - 1 + down];
        if (target) target[column - 1 + right] = value as Cell;
      });
    });
    world.changed(id, tab);
  }, SHEETS),
  'Sheet.setNote': counted(({ spreadsheets }, _caller, args: [...Place, string]) => {
    spreadsheets.get(args[0]).setNote(args[1], args[2], args[3], args[6]);
  }, SHEETS),
  'Sheet.getNote': counted(
    ({ spreadsheets }, _caller, args: Place) => spreadsheets.get(args[0]).note(args[1], args[2], args[3]),
    SHEETS,
  ),

  'Properties.getProperty': counted(
    ({ properties }, _caller, [scope, key]: ['script' | 'user', string]) => properties[scope].get(key) ?? null,
  ),
  'Properties.getProperties': counted(({ properties }, _caller, [scope]: ['script' | 'user']) =>
    Object.fromEntries(properties[scope]),
  ),
  'Properties.setProperties': counted(
    ({ properties }, _caller, [scope, values]: ['script' | 'user', Record<string, string>]) => {
      const next = new Map(properties[scope]);
      for (const [key, value] of Object.entries(values)) {
        if (Buffer.byteLength(value) > PROPERTY_BYTES) throw new Error(`Argument too large: value for ${key}`);
        next.set(key, String(value));
      }
      const total = [...next].reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
      if (total > ALL_PROPERTIES_BYTES)
        throw new Error('You have exceeded the property storage quota. Please remove some properties and try again.');
      for (const [key, value] of next) properties[scope].set(key, value);
    },
  ),
  'Properties.deleteProperty': counted(({ properties }, _caller, [scope, key]: ['script' | 'user', string]) => {
    properties[scope].delete(key);
  }),

  'Cache.get': counted(({ cache, clock, hostility }, _caller, [scope, key]: [string, string]) => {
    const held = cache.get(`${scope} ${key}`);
    return held && held.until > clock.now() && !happens(hostility, hostility.evictCache) ? held.value : null;
  }),
  'Cache.put': counted(({ cache, clock }, _caller, [scope, key, value, seconds]: [string, string, string, number]) => {
    if (Buffer.byteLength(value) > CACHE_BYTES) throw new Error('Argument too large: value');
    if (seconds < 1 || seconds > CACHE_SECONDS) throw new Error('Invalid argument: expirationInSeconds');
    cache.set(`${scope} ${key}`, { value, until: clock.now() + seconds * 1_000 });
  }),
  'Cache.remove': counted(({ cache }, _caller, [scope, key]: [string, string]) => {
    cache.delete(`${scope} ${key}`);
  }),

  'Lock.tryLock': counted(({ lock }, { id }, [ms]: [number]) => lock.tryLock(id, ms)),
  'Lock.releaseLock': counted(({ lock }, { id }) => lock.release(id)),
  'Lock.hasLock': counted(({ lock }, { id }) => lock.holder === id),

  'Url.fetchAll': counted(
    (world, _caller, [requests]: [Record<string, unknown>[]]) =>
      Promise.all(requests.map((one) => fetchOne(world, one))),
    FETCH,
  ),

  'Utilities.sleep': free(({ clock }, _caller, [ms]: [number]) => clock.sleep(ms)),
  'Utilities.getUuid': free(() => randomUUID()),
  'Utilities.base64Encode': free((_world, _caller, [text]: [string]) => Buffer.from(text, 'utf8').toString('base64')),
  'Utilities.formatDate': free((_world, _caller, [at, zone, format]: [number, string, string]) =>
    formatDate(at, zone, format),
  ),

  'Trigger.create': counted(({ triggers, spreadsheets }, _caller, [facts]: [Omit<Trigger, 'id'>]) => {
    if (triggers.size >= MOST_TRIGGERS)
      throw new Error(
        'This script has too many triggers. Triggers must be deleted from the script before more can be added.',
      );
    if (facts.sourceId) spreadsheets.get(facts.sourceId);
    if (facts.minutes !== undefined && ![1, 5, 10, 15, 30].includes(facts.minutes))
      throw new Error('The minutes must be one of 1, 5, 10, 15 or 30.');
    const trigger = { ...facts, id: randomUUID() };
    triggers.set(trigger.id, trigger);
    return trigger;
  }, TRIGGERS),
  'Trigger.list': counted(({ triggers }) => [...triggers.values()], TRIGGERS),
  'Trigger.delete': counted(({ triggers }, _caller, [id]: [string]) => {
    triggers.delete(id);
  }, TRIGGERS),
  'Session.owner': free(({ owner }) => owner, EMAIL),
};

/** The first read of a tab is what this execution sees of it until it flushes. */
function readCells(
  { spreadsheets }: World,
  { snapshots }: Caller,
  [id, tab, row, column, rows, columns]: Place,
): Cell[][] {
  const key = `${id} ${tab}`;
  const spreadsheet = spreadsheets.get(id);
  const size = spreadsheet.size(tab);
  const snapshot = snapshots.get(key) ?? spreadsheet.values(tab, { row: 1, column: 1, ...size });
  snapshots.set(key, snapshot);
  return Array.from({ length: rows }, (_row, down) =>
    Array.from({ length: columns }, (_cell, right) => snapshot[row - 1 + down]?.[column - 1 + right] ?? ''),
  );
}

const MOST_ECHO = 100;

async function fetchOne(
  { network, urlFetchWhitelist }: World,
  request: Record<string, unknown>,
): Promise<OutsideResponse> {
  const { url, method = 'get', headers = {}, payload, contentType, muteHttpExceptions = false } = request;
  const { origin, href } = new URL(String(url));
  if (!href.startsWith('https://')) throw new Error(`Attribute provided with invalid value: url (${origin})`);
  if (urlFetchWhitelist && !urlFetchWhitelist.some((prefix) => href.startsWith(prefix))) {
    throw new Error(`The URL ${origin} is not on the urlFetchWhitelist of the manifest.`);
  }
  const sent: Record<string, string> = { ...(headers as Record<string, string>) };
  if (payload !== undefined) sent['content-type'] = String(contentType ?? 'application/x-www-form-urlencoded');
  const body = payload === undefined ? undefined : String(payload);
  const answer = await network({ url: href, method: String(method).toUpperCase(), headers: sent, body }).catch(
    (error: Error) => {
      throw new Error(`Address unavailable: ${origin} (${error.message})`);
    },
  );
  if (answer.status >= 400 && !muteHttpExceptions) {
    throw new Error(
      `Request failed for ${origin} returned code ${answer.status}. Truncated server response: ${answer.body.slice(0, MOST_ECHO)}`,
    );
  }
  return answer;
}
