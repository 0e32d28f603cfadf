import { MODES, type Mode } from './modes.ts';

/**
 * Every write to a rule group says in its Description what it wants and who asked. A direct break-glass write, made while
 * the API is down, is known by it afterwards: the reconciler adopts a direct stamp that is newer than the desired state.
 */
export interface DirectStamp {
  readonly mode: Mode;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** When it is planned to open again. ISO 8601, UTC. */
  readonly plannedEnd?: string | undefined;
  /** The IAM identity that wrote, such as the ARN of an assumed role's session. */
  readonly actor: string;
}

/** WAF takes 256 characters at most. @see https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateRuleGroup.html */
const LONGEST_DESCRIPTION = 256;
const DIRECT = new RegExp(`^drawbridge direct (${MODES.join('|')}) at (\\S+Z)(?: until (\\S+Z))? by (\\S+)$`);

export function formatDirectStamp({ mode, at, plannedEnd, actor }: DirectStamp): string {
  // WAF refuses other characters.
  const safe = actor.replace(/[^\w+=:#@/\-,.]/g, '-');
  const until = plannedEnd === undefined ? '' : ` until ${plannedEnd}`;
  return `drawbridge direct ${mode} at ${at}${until} by ${safe}`.slice(0, LONGEST_DESCRIPTION);
}

/** @returns undefined if the Description is no direct stamp. */
export function parseDirectStamp(description: string): DirectStamp | undefined {
  const [, mode, at = '', end, actor = ''] = DIRECT.exec(description) ?? [];
  if (Number.isNaN(Date.parse(at))) return undefined;
  const plannedEnd = end === undefined || Number.isNaN(Date.parse(end)) ? undefined : new Date(end).toISOString();
  return { mode: mode as Mode, at: new Date(at).toISOString(), actor, ...(plannedEnd ? { plannedEnd } : {}) };
}
