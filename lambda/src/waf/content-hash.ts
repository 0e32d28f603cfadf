import { createHash } from 'node:crypto';
import { stableJson } from '../model/stable-json.ts';
import type { RuleGroupContent } from './rules/rules.ts';

/**
 * Every write of ours ends its Description with a hash of what it wrote. So what is there, and is not what should be, tells
 * who changed: the world (the plan is overdue or moved, a tester's time ended, a deployment brought another page), as
 * then the hash is another one of ours; or somebody else.
 */
const HASHED = /^(drawbridge r\d+) .* #([0-9a-f]{8})$/;

export function withContentHash(content: RuleGroupContent, ranges: readonly string[]): RuleGroupContent {
  const hash = createHash('sha256').update(stableJson({ content, ranges })).digest('hex').slice(0, 8);
  return { ...content, Description: `${content.Description} #${hash}` };
}

/** Both are of this revision, and yet not the same: what we want has changed since we wrote. */
export function isEarlierOfOurs(there: string, wanted: string): boolean {
  const [, revisionThere, hashThere] = HASHED.exec(there) ?? [];
  const [, revision, hash] = HASHED.exec(wanted) ?? [];
  return hash !== undefined && revisionThere === revision && hashThere !== hash;
}
