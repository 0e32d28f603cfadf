import type { Mode } from '../../contract/modes.ts';
import type { Line } from '../unit/lambda/rundown/terminal.ts';
import type { LiveSheet } from './live-sheet.ts';
import type { Servers } from './servers.ts';

/** What happens in one night, and how it ends; whatever becomes of any call that the servers make in it. */
export interface Story {
  readonly lines?: () => Line[];
  /** A second release sheet of the same night. */
  readonly others?: () => Line[];
  readonly hasSlack?: boolean;
  /** Before anything is cut. */
  prepare?(sheet: LiveSheet, servers: Servers, other: LiveSheet): Promise<unknown>;
  play(sheet: LiveSheet, servers: Servers, other: LiveSheet): Promise<unknown>;
  /** What rows say in the end, by step; of the tab Services, by service. */
  readonly ends: Readonly<Record<string, string>>;
  readonly modes: Readonly<Partial<Record<string, Mode>>>;
  /** By step, whoever set it; who came through another door is under the empty one. */
  readonly people: Readonly<Record<string, string>>;
  /** Who is let in while testers are; {@link TESTER} if left out. */
  readonly testers?: readonly string[];
  /** Somebody keeps writing into the firewall of that service: what visitors get is theirs. */
  readonly contested?: string;
  /** People are told of it, at least once. */
  readonly told?: string;
  /** What a message in Slack says in the end. */
  readonly channel?: RegExp;
  /** Longer than a row takes to tell the truth: 3 if left out. */
  readonly settlesInMinutes?: number;
  /** Entries of the audit besides operations: their kinds. Not compared where rules are contested. */
  readonly noted?: readonly string[];
  readonly leastCalls: number;
}

export type Stories = Readonly<Record<string, Story>>;

export const TESTER = '198.51.100.7';
export const LATER_TESTER = '198.51.100.8';
export const ENTER = 'Enter maintenance';
export const EXIT = 'Exit maintenance';
