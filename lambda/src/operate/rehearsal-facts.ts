import { targetName, titleOf } from '../../../config/names.ts';
import type { EnvironmentConfig } from '../../../config/schema.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { RehearsalFault } from '../../../contract/operation-answer.ts';
import type { AskedPage } from '../proof/ask-once.ts';
import type { ExaminedTarget } from '../waf/examine.ts';
import { rangesLetIn } from '../waf/ip-sets.ts';
import { capacityOf } from '../waf/rules/capacity.ts';
import type { Pages } from '../waf/rules/pages.ts';
import { renderRules } from '../waf/rules/rules.ts';
import { faultMessages, NO_ANSWER, type RehearsalFacts } from '../words/rehearsal-words.ts';
import type { CheckedRequest } from './checks.ts';
import type { Foreseen } from './foresee.ts';

/** What is to be told of an operation that is foreseen, and of what it would meet outside. Pure. */

/** What was found where the operation would have to write, and where it would be probed. */
export interface Examined {
  readonly targets: readonly ExaminedTarget[];
  readonly pages: readonly AskedPage[];
}

export interface RulesInputs {
  readonly config: Pick<EnvironmentConfig, 'retryAfterSeconds'>;
  readonly pages: Pages;
}

/** As much of it as the rules depend on. */
export type ForeseenRules = Omit<Foreseen, 'request'> & { readonly request: Pick<CheckedRequest, 'action'> };

export function factsOf(foreseen: ForeseenRules, examined: Examined, inputs: RulesInputs): RehearsalFacts {
  const { request, service, next, at } = foreseen;
  const mode = MOVES[request.action].to;
  const ranges = mode === 'maintenance-allowlist' ? rangesLetIn(service, next, at) : [];
  const read = examined.targets.filter(({ error }) => !error);
  const needs = read.map((target) => ({ target, needed: unitsOf(foreseen, target, ranges, inputs) }));
  const statuses = examined.pages.flatMap(({ seen }) => (seen.kind === 'answered' ? [seen.status] : []));
  const [widest] = [...needs].sort((one, other) => other.needed - one.needed);
  return {
    title: titleOf(service),
    action: request.action,
    changed: next.operation?.changed ?? true,
    targets: service.targets.length,
    groupsRead: read.length,
    ...(widest ? { capacity: { needed: widest.needed, of: widest.target.capacity } } : {}),
    ranges: ranges.length,
    plannedEnd: mode === 'normal' ? undefined : next.plannedEnd,
    probes: examined.pages.length,
    statuses,
    faults: [
      ...examined.targets.flatMap(({ target, error }): RehearsalFault[] =>
        error ? [{ code: error.code, target, message: faultMessages.unreadable(target, error) }] : [],
      ),
      ...needs.flatMap(({ target: { target, capacity }, needed }): RehearsalFault[] =>
        needed > capacity
          ? [{ code: 'TOO_MANY_WCU', target, message: faultMessages.tooMany(target, needed, capacity) }]
          : [],
      ),
      ...examined.pages.flatMap(({ target, url, seen }): RehearsalFault[] =>
        seen.kind === 'unknown' ? [{ code: NO_ANSWER, target, message: faultMessages.noAnswer(url, seen.why) }] : [],
      ),
    ],
  };
}

/** The WCU of the rules that would be written. */
function unitsOf(
  { service, next, at }: ForeseenRules,
  { target: name, setArns }: ExaminedTarget,
  ranges: readonly string[],
  { config: { retryAfterSeconds }, pages }: RulesInputs,
): number {
  const target = service.targets.find((one) => targetName(one) === name);
  if (!target) return 0;
  const isUsed = (version: 4 | 6) => ranges.some((range) => range.includes(':') === (version === 6));
  const allowlistArns = ([4, 6] as const).filter(isUsed).map((version) => setArns[version] ?? '');
  const inputs = { service, target, state: next, pages, retryAfterSeconds, allowlistArns, now: at };
  return capacityOf(renderRules(inputs).Rules);
}
