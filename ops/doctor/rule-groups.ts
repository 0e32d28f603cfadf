import type { RuleGroup } from '@aws-sdk/client-wafv2';
import { RULE_GROUP_CAPACITY } from '../../lambda/src/waf/rules/check-config.ts';
import { IP_SET_VERSIONS, ipSetName, ruleGroupName } from '../../lambda/src/waf/rules/rules.ts';
import type { Named, WafPlace, WafReader } from '../waf-reader.ts';
import { broken, type Finding, ok, withPermission } from './finding.ts';

export interface RuleGroupCheck {
  readonly findings: Finding[];
  /** Missing if there is none. */
  readonly arn?: string;
}

/** The switch itself: the group that closes the service, and the sets that let testers in. */
export async function checkRuleGroup(
  waf: Pick<WafReader, 'ruleGroups' | 'ruleGroup' | 'ipSets'>,
  place: WafPlace,
  service: string,
): Promise<RuleGroupCheck> {
  const name = ruleGroupName(service);
  const where = `${place.scope}/${place.region}`;
  const listed = await withPermission('wafv2:ListRuleGroups', () => waf.ruleGroups(place));
  const found = listed.find((group) => group.name === name);
  if (!found) return { findings: [broken(`The rule group ${name} is not in ${where}.`, 'Deploy its switch stack.')] };
  const group = await withPermission('wafv2:GetRuleGroup', () => waf.ruleGroup(place, found));
  const sets = await withPermission('wafv2:ListIPSets', () => waf.ipSets(place));
  return { arn: found.arn, findings: [judgeCapacity(group, name, where), judgeSets(sets, name, where)] };
}

const OURS = ruleGroupName('');

/** Groups that close something though no service is called so: the config has lost it, and whoever knew of it too. */
export async function checkLostGroups(
  waf: Pick<WafReader, 'ruleGroups' | 'ruleGroup'>,
  place: WafPlace,
  services: readonly string[],
): Promise<Finding[]> {
  const known = new Set(services.map(ruleGroupName));
  const listed = await withPermission('wafv2:ListRuleGroups', () => waf.ruleGroups(place));
  const findings: Finding[] = [];
  for (const lost of listed.filter(({ name }) => name.startsWith(OURS) && !known.has(name))) {
    const { Rules = [] } = await withPermission('wafv2:GetRuleGroup', () => waf.ruleGroup(place, lost));
    const where = `${place.scope}/${place.region}`;
    if (Rules.length === 0) continue;
    findings.push(
      broken(
        `The rule group ${lost.name} in ${where} closes something, and no service of the config is called so.`,
        `Open it: npm run drawbridge -- exit ${lost.name.slice(OURS.length)} --direct …; or put it back into the config.`,
      ),
    );
  }
  return findings;
}

function judgeCapacity({ Capacity = 0 }: RuleGroup, name: string, where: string): Finding {
  if (Capacity >= RULE_GROUP_CAPACITY) return ok(`The rule group ${name} is in ${where} (${Capacity} WCU).`);
  return broken(
    `The rule group ${name} in ${where} has ${Capacity} WCU, not ${RULE_GROUP_CAPACITY}.`,
    'Capacity never changes: take it out of its web ACLs, delete it, deploy its switch stack, and refer to it again.',
  );
}

function judgeSets(sets: readonly Named[], group: string, where: string): Finding {
  const missing = IP_SET_VERSIONS.map((version) => ipSetName(group, version)).filter(
    (wanted) => !sets.some(({ name }) => name === wanted),
  );
  if (missing.length === 0) return ok(`Both IP sets of ${group} are in ${where}.`);
  return broken(`${missing.join(' and ')} is not in ${where}: no tester can be let in.`, 'Deploy its switch stack.');
}
