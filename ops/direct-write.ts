import { targetName } from '../config/names.ts';
import type { ServiceConfig, TargetConfig } from '../config/schema.ts';
import { type Action, MOVES } from '../contract/modes.ts';
import { formatDirectStamp } from '../contract/stamp.ts';
import { RuleGroupError } from '../lambda/src/waf/errors.ts';
import { placeOf } from '../lambda/src/waf/place.ts';
import { type BusyDependencies, retryWhileBusy } from '../lambda/src/waf/retry-while-busy.ts';
import type { RuleGroupStore } from '../lambda/src/waf/rule-groups.ts';
import type { Pages } from '../lambda/src/waf/rules/pages.ts';
import { type RuleGroupContent, renderRules } from '../lambda/src/waf/rules/rules.ts';

/**
 * The last way: writes our rendering into the rule groups with no API between. It says in their Description what it
 * wants and who wrote, so that the reconciler, when it is back, adopts it and does not fight it.
 */

/** Only what needs no list of addresses: who lets testers in needs the API. */
export const DIRECT_ACTIONS = ['enter', 'exit'] as const satisfies readonly Action[];
export type DirectAction = (typeof DIRECT_ACTIONS)[number];

export interface DirectRequest {
  readonly service: ServiceConfig;
  readonly action: DirectAction;
  readonly plannedEnd?: string | undefined;
  readonly retryAfterSeconds: number;
  readonly pages: Pages;
  /** The IAM identity that writes. */
  readonly actor: string;
  /** When it was decided, in milliseconds since the epoch by AWS's clock: what was decided later counts. */
  readonly at: number;
}

export interface DirectDependencies extends BusyDependencies {
  readonly ruleGroups: Pick<RuleGroupStore, 'read' | 'write' | 'inTurn'>;
}

/** What came of one target. */
export interface DirectResult {
  readonly target: string;
  /** As its Description told it before. */
  readonly before?: string;
  /** How many it had before. */
  readonly rules?: number;
  /** When WAF took it; missing if it did not. */
  readonly acceptedAt?: string;
  readonly error?: RuleGroupError;
}

const LONGEST_MS = 60_000;
/** Of one target: a hundred services must not wait for one that cannot be reached. */
const LONGEST_READ_MS = 20_000;
const PAUSES = { firstMs: 300, longestMs: 5_000 };

/** All targets at once: one that cannot be written must not keep the others open. */
export const writeDirect = (deps: DirectDependencies, request: DirectRequest): Promise<DirectResult[]> =>
  Promise.all(request.service.targets.map((target) => writeTarget(deps, request, target)));

/** Reads and touches nothing. What is busy is read again. */
export const readDirect = (deps: DirectDependencies, service: ServiceConfig): Promise<DirectResult[]> =>
  Promise.all(
    service.targets.map(async (target) => {
      const until = deps.now() + LONGEST_READ_MS;
      const attemptOnce = () => deps.ruleGroups.read(placeOf(service, target), until).catch(rethrow);
      const group = await retryWhileBusy(deps, until, attemptOnce, PAUSES);
      if (group instanceof RuleGroupError) return { target: targetName(target), error: group };
      const { Description = '', Rules = [] } = group.value;
      return { target: targetName(target), before: Description, rules: Rules.length };
    }),
  );

/** A stale lock token repeats both, the read and the write. */
async function writeTarget(
  deps: DirectDependencies,
  request: DirectRequest,
  target: TargetConfig,
): Promise<DirectResult> {
  const { ruleGroups, now } = deps;
  const place = placeOf(request.service, target);
  const until = now() + LONGEST_MS;
  let before: string | undefined;
  const attemptOnce = () =>
    ruleGroups
      .inTurn(place, 'UpdateRuleGroup', until, async () => {
        const group = await ruleGroups.read(place, until);
        before ??= group.value.Description ?? '';
        await ruleGroups.write(place, group, directContent(request, target), until);
        return new Date(now()).toISOString();
      })
      .catch(rethrow);
  const done = await retryWhileBusy(deps, until, attemptOnce, PAUSES);
  const told = { target: targetName(target), before };
  return done instanceof RuleGroupError ? { ...told, error: done } : { ...told, acceptedAt: done };
}

/** @throws unknown - Whatever is no answer of WAF: missing credentials concern all targets. */
function rethrow(error: unknown): never {
  const isOfCredentials =
    error instanceof RuleGroupError && (error.cause as Error | undefined)?.name === 'CredentialsProviderError';
  throw isOfCredentials ? error.cause : error;
}

/** The answers carry `r0`: no probe of any operation may take them for its own revision. */
export function directContent(request: DirectRequest, target: TargetConfig): RuleGroupContent {
  const { service, pages, retryAfterSeconds, plannedEnd, actor } = request;
  const mode = MOVES[request.action].to;
  const at = new Date(request.at).toISOString();
  const state = { mode, revision: 0, since: at, plannedEnd, allowlist: [] };
  const rendered = renderRules({
    service,
    target,
    state,
    pages,
    retryAfterSeconds,
    allowlistArns: [],
    now: request.at,
  });
  return { ...rendered, Description: formatDirectStamp({ mode, at, plannedEnd, actor }) };
}
