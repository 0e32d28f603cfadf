import type { Clock } from '../clock.ts';
import type { OutsideRequest, OutsideResponse } from '../outside-network.ts';
import type { Trace } from '../trace.ts';
import type { FaultInjection } from './fault-injection.ts';
import type { Quirks } from './quirks.ts';
import type { ScriptLock } from './script-lock.ts';
import type { SheetView } from './sheet-view.ts';
import type { Spreadsheets } from './spreadsheet/sheet-model.ts';

/** What the host owns, and the shape of what it does for a script. */

export interface Trigger {
  readonly id: string;
  /** The account that it runs as, which is who made it. */
  readonly owner: string;
  readonly handler: string;
  readonly source: 'SPREADSHEETS' | 'CLOCK';
  readonly sourceId: string | null;
  readonly minutes?: number;
}

/** Whose properties or cache: of the script, or of the user that it runs as. */
export type Scope = 'script' | 'user';

/** Which store that is: the script has one, and each account its own. */
export const storeOf = (scope: Scope, account: string): string => (scope === 'script' ? scope : `user ${account}`);

/** An execution as its services know it. */
export interface Caller {
  readonly id: string;
  /** The account that it runs as. */
  readonly account: string;
  readonly sheets: SheetView;
}

export interface World {
  readonly clock: Clock;
  readonly owner: string;
  readonly spreadsheets: Spreadsheets;
  /** Of new spreadsheets. */
  readonly accountTimeZone: string;
  readonly quirks: Quirks;
  /** By {@link storeOf}. */
  readonly properties: Map<string, ReadonlyMap<string, string>>;
  readonly cache: Map<string, { value: string; until: number }>;
  readonly triggers: Map<string, Trigger>;
  readonly lock: ScriptLock;
  readonly faultInjection: FaultInjection;
  /** Prefixes of the manifest; undefined allows every https URL. */
  readonly urlFetchWhitelist?: readonly string[];
  readonly trace?: Trace;
  network(request: OutsideRequest): Promise<OutsideResponse>;
}

type Run = (world: World, caller: Caller, ...args: never[]) => unknown;

export interface Service {
  /** Whether it counts as a service call: a navigation getter does not. */
  readonly counts: boolean;
  /** The OAuth scope that the manifest must have. */
  readonly scope?: string;
  readonly run: Run;
}

export const counted = (run: Run, scope?: string): Service => ({ counts: true, scope, run });
export const free = (run: Run, scope?: string): Service => ({ counts: false, scope, run });
