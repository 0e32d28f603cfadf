import { type ServiceConfig, type TargetConfig, targetName } from '../config/schema.ts';
import { type Action, MOVES } from '../contract/modes.ts';
import { formatDirectStamp } from '../contract/stamp.ts';
import { RuleGroupError } from '../lambda/src/waf/errors.ts';
import type { Place } from '../lambda/src/waf/place.ts';
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

export interface DirectDependencies {
  readonly ruleGroups: Pick<RuleGroupStore, 'read' | 'write'>;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** 0 to 1; for jitter. */
  random(): number;
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
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;

/** All targets at once: one that cannot be written must not keep the others open. */
export const writeDirect = (deps: DirectDependencies, request: DirectRequest): Promise<DirectResult[]> =>
  Promise.all(request.service.targets.map((target) => writeTarget(deps, request, target)));

/** Reads and touches nothing. */
export const readDirect = ({ ruleGroups }: DirectDependencies, service: ServiceConfig): Promise<DirectResult[]> =>
  Promise.all(
    service.targets.map(async (target) => {
      try {
        const { value } = await ruleGroups.read(placeOf(service, target));
        return { target: targetName(target), before: value.Description ?? '', rules: value.Rules?.length ?? 0 };
      } catch (error) {
        return { target: targetName(target), error: asRuleGroupError(error) };
      }
    }),
  );

const placeOf = (service: ServiceConfig, { scope, region }: TargetConfig): Place => ({
  service: service.name,
  scope,
  region,
});

/** A stale lock token repeats both, the read and the write. */
async function writeTarget(
  deps: DirectDependencies,
  request: DirectRequest,
  target: TargetConfig,
): Promise<DirectResult> {
  const { ruleGroups, now, sleep, random } = deps;
  const place = placeOf(request.service, target);
  const until = now() + LONGEST_MS;
  let before: string | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const group = await ruleGroups.read(place);
      before ??= group.value.Description ?? '';
      await ruleGroups.write(place, group, directContent(request, target));
      return { target: targetName(target), before, acceptedAt: new Date(now()).toISOString() };
    } catch (error) {
      const known = asRuleGroupError(error);
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + random());
      if (!known.retryable || now() + pause > until) return { target: targetName(target), before, error: known };
      await sleep(pause);
    }
  }
}

/** @throws unknown - Whatever is no answer of WAF: missing credentials concern all targets. */
function asRuleGroupError(error: unknown): RuleGroupError {
  if (error instanceof RuleGroupError && (error.cause as Error | undefined)?.name !== 'CredentialsProviderError') {
    return error;
  }
  throw error instanceof RuleGroupError ? error.cause : error;
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
