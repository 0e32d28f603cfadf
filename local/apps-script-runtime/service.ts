import type { Clock } from '../clock.ts';
import type { OutsideRequest, OutsideResponse } from '../outside-network.ts';
import type { Trace } from '../trace.ts';
import type { Hostility } from './hostility.ts';
import type { ScriptLock } from './script-lock.ts';
import type { Spreadsheets } from './sheet-model.ts';
import type { SheetView } from './sheet-view.ts';

/** What the host owns, and the shape of what it does for a script. */

export interface Trigger {
  readonly id: string;
  readonly handler: string;
  readonly source: 'SPREADSHEETS' | 'CLOCK';
  readonly sourceId: string | null;
  readonly minutes?: number;
}

/** Whose properties or cache: of the script, or of the user that it runs as. */
export type Scope = 'script' | 'user';

/** An execution as its services know it. */
export interface Caller {
  readonly id: string;
  readonly sheets: SheetView;
}

export interface World {
  readonly clock: Clock;
  readonly owner: string;
  readonly spreadsheets: Spreadsheets;
  readonly properties: Readonly<Record<Scope, Map<string, string>>>;
  readonly cache: Map<string, { value: string; until: number }>;
  readonly triggers: Map<string, Trigger>;
  readonly lock: ScriptLock;
  readonly hostility: Hostility;
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
