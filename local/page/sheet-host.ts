import type { GroupStatus, ServiceStatus } from '../../contract/services.ts';
import type { Hop } from '../trace.ts';
import type { Channel, ChannelAct } from './slack-host.ts';
import type { TabFormatting } from './tab-formatting.ts';

/** What one person typed or pasted. An empty `user` is somebody whom the sheet does not name. */
export interface SheetEdit {
  readonly spreadsheet?: string;
  readonly sheet: string;
  /** A1 notation, such as `G3` or `G3:H4`; the values have its shape. */
  readonly range: string;
  readonly values: readonly (readonly CellInput[])[];
  readonly user: string;
  /** Of the rows that this person looks at: refused if rows have moved since. Left out: wherever the cells are now. */
  readonly rowsRevision?: number;
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
  /** As in an edit. */
  readonly rowsRevision?: number;
}

export interface SiteDoor {
  readonly environment: string;
  readonly service: string;
  readonly title: string;
  readonly target: string;
  readonly url: string;
}

export interface SiteVisit {
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

export interface Told {
  /** What Sheets tells a person without keeping them from it. */
  readonly warnings: readonly string[];
  /** The name by which it can be taken back. */
  readonly undo?: string;
}

export interface UndoRequest {
  readonly spreadsheet?: string;
  readonly undo: string;
  readonly user: string;
}

export interface SpreadsheetFacts {
  readonly id: string;
  readonly name: string;
  /** The zone that the clock is shown in; UTC if left out. */
  readonly timeZone?: string;
  /** A copy is one that nobody has registered. Left out: it is something else. */
  readonly kind?: 'release' | 'control' | 'copy';
}

/** A tab as the bar of tabs shows it. */
export interface TabFacts {
  readonly name: string;
  readonly colour?: string;
  readonly isHidden: boolean;
}

/** An empty `user` is somebody whom the sheet does not name. */
export interface CopyRequest {
  readonly id: string;
  /** As Sheets names copies, if left out. */
  readonly name?: string;
  /** Owns the copy; the release manager if left out. */
  readonly user?: string;
}

export interface Ran {
  readonly ok: boolean;
  readonly log: readonly string[];
  readonly error?: string;
}

/** A message that people would have got by mail. */
export interface Notice {
  /** Milliseconds since the epoch on the local clock. */
  readonly at: number;
  readonly environment: string;
  readonly subject?: string;
  readonly message: string;
}

/** What changed; the fields that are there narrow it down, and without them everything of that kind may have. */
export interface PageEvent {
  readonly kind: 'sheet' | 'spreadsheets' | 'clock' | 'hop' | 'services' | 'notices' | 'slack';
  readonly spreadsheet?: string;
  readonly sheet?: string;
  /** With `sheet`: its cells, or how it looks. */
  readonly what?: 'cells' | 'formatting';
  /** ISO 8601, with `clock`. */
  readonly now?: string;
  readonly hop?: Hop;
  readonly environment?: string;
}

export interface ServicesNow {
  readonly services: readonly (ServiceStatus & { readonly environment: string })[];
  readonly groups: readonly (GroupStatus & { readonly environment: string })[];
}

/**
 * The local stack as the page needs it. It may throw an error with a `code` of {@link PROBLEM_STATUS}
 * and a message for a person; any other error is answered as INTERNAL without its text.
 */
export interface SheetHost {
  /** The one that everything means which names none comes first. */
  spreadsheets(): SpreadsheetFacts[];
  /** Makes a copy, as the menu does. @returns Its id. */
  copy(request: CopyRequest): Promise<string>;
  /** All of them, also the hidden ones. */
  tabs(spreadsheetId?: string): string[];
  tabFacts(spreadsheetId?: string): TabFacts[];
  /** Display values, row 1 first. */
  values(sheet: string, spreadsheetId?: string): string[][];
  /** Another number once rows of the tab were inserted, deleted or sorted. */
  rowsRevision(sheet: string, spreadsheetId?: string): number;
  tabFormatting(sheet: string, spreadsheetId?: string): TabFormatting;
  /** Resolves once the edit is in the sheet; the triggers that it fired run on. */
  edit(edit: SheetEdit): Promise<Told>;
  rows(change: RowChange): Promise<Told>;
  /** As Ctrl+Z. Refused if it would not come to the same cells any more. */
  undo(request: UndoRequest): Promise<Told>;
  readonly clock: {
    /** Milliseconds since the epoch. */
    now(): number;
    moveTo(at: number): Promise<void>;
  };
  /** Runs a function of the script as the editor's Run button does; as the script's owner if no user is named. */
  run(functionName: string, user?: string): Promise<Ran>;
  sites(): SiteDoor[];
  /** One real request, from the address of that visitor. */
  visitSite(visit: SiteVisit): Promise<Seen>;
  services(): Promise<ServicesNow>;
  /** Oldest first. */
  notices(): readonly Notice[];
  /** @param since - Milliseconds since the epoch on the local clock; hops at or after it. */
  hops(since?: number): Hop[];
  /** Of each environment that has a Slack app. */
  channels(): readonly Channel[];
  /** Resolves once Slack has sent it and heard an answer. */
  act(act: ChannelAct): Promise<void>;
  /** A fresh access token. */
  token(environment: string): Promise<string>;
  onChange(listener: (event: PageEvent) => void): () => void;
}
