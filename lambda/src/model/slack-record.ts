import type { Action } from '../../../contract/modes.ts';
import type { OperationRequest } from '../../../contract/operation.ts';

/** What a person wants done, in whatever way they said so. */
export interface Wish {
  readonly action: Action;
  /** As it was named: a service, or a group. */
  readonly named: string;
  /** Names of the services. */
  readonly services: readonly string[];
  /** Who is let in, besides those who are. */
  readonly ranges?: readonly string[];
  /** For how long: testers are let in, or the public is told. */
  readonly forMs?: number;
}

/** Who asked: the user whom Slack's signature names, and the address that Slack knows them by, once it was asked for. */
export interface SlackPerson {
  readonly userId: string;
  readonly email: string;
}

/**
 * What became of a wish. Its id follows from the id that Slack gave the request: what Slack, Lambda or a thief delivers again
 * finds it here, and does nothing twice.
 */
export interface SlackRecord {
  readonly id: string;
  readonly version: number;
  readonly at: string;
  readonly by: SlackPerson;
  readonly channel: string;
  /** Missing while it is not known, and for what changes nothing. */
  readonly wish?: Wish;
  /** *Asked*: a person is asked to confirm it. *Running*: it is committed, or is about to be. */
  readonly state: 'received' | 'asked' | 'running' | 'over';
  /** The one message that tells of it. */
  readonly ts?: string;
  /** What that says. */
  readonly said?: string;
  /** What each service was when the person was asked: they confirm that, and nothing else. */
  readonly shown?: readonly string[];
  /** They were told who holds it. */
  readonly takesOver?: boolean;
  /** What is run; written before it is, so that a second execution runs the very same. */
  readonly operations?: readonly OperationRequest[];
  /** Until then one execution is at it. */
  readonly workUntil?: string;
}
