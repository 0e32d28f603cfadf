import type { ServiceStatus } from '../../contract/services.ts';
import type { Hop } from '../trace.ts';

/** What one person typed or pasted. An empty `user` is somebody whom the sheet does not name. */
export interface SheetEdit {
  readonly spreadsheet?: string;
  readonly sheet: string;
  /** A1 notation, such as `G3` or `G3:H4`; the values have its shape. */
  readonly range: string;
  readonly values: readonly (readonly CellInput[])[];
  readonly user: string;
}

export type CellInput = string | number | boolean | null;

/** Rows and columns count from 1; row 1 is the header. */
export interface RowChange {
  readonly spreadsheet?: string;
  readonly sheet: string;
  readonly kind: 'insert' | 'delete' | 'sort';
  /** `insert` puts new rows above it, `delete` begins with it. */
  readonly row?: number;
  readonly count?: number;
  /** `sort` orders the rows below the header by it, smallest first. */
  readonly column?: number;
  readonly user: string;
}

export interface SiteDoor {
  readonly environment: string;
  readonly service: string;
  readonly title: string;
  readonly target: string;
  readonly url: string;
}

export interface Look {
  readonly service: string;
  readonly target?: string;
  readonly as: 'public' | 'tester';
  readonly path?: string;
  readonly accept?: string;
}

export interface Seen {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What changed; the fields that are there narrow it down, and without them everything of that kind may have. */
export interface PageEvent {
  readonly kind: 'sheet' | 'clock' | 'hop' | 'services';
  readonly spreadsheet?: string;
  readonly sheet?: string;
  /** ISO 8601, with `clock`. */
  readonly now?: string;
  readonly hop?: Hop;
  readonly environment?: string;
}

/**
 * The local stack as the page needs it. It may throw an error with a `code` of {@link PROBLEM_STATUS}
 * and a message for a person; any other error is answered as INTERNAL without its text.
 */
export interface SheetHost {
  /** `timeZone` is the zone that the clock is shown in; UTC if left out. */
  spreadsheets(): { id: string; name: string; timeZone?: string }[];
  tabs(spreadsheetId?: string): string[];
  /** Display values, row 1 first. */
  values(sheet: string, spreadsheetId?: string): string[][];
  /** Resolves once the edit is in the sheet; the triggers that it fired run on. */
  edit(edit: SheetEdit): Promise<void>;
  rows(change: RowChange): Promise<void>;
  readonly clock: {
    /** Milliseconds since the epoch. */
    now(): number;
    moveTo(at: number): Promise<void>;
  };
  /** Runs a function of the script as the editor's Run button does. */
  run(functionName: string): Promise<{ ok: boolean; log: string[]; error?: string }>;
  sites(): SiteDoor[];
  /** One real request, from the address of that visitor. */
  look(look: Look): Promise<Seen>;
  services(): Promise<(ServiceStatus & { environment: string })[]>;
  /** @param since - Milliseconds since the epoch on the local clock; hops at or after it. */
  hops(since?: number): Hop[];
  /** A fresh access token. */
  token(environment: string): Promise<string>;
  onChange(listener: (event: PageEvent) => void): () => void;
}
