import type { RuleGroup } from '@aws-sdk/client-wafv2';
import type { Place } from '../../lambda/src/waf/place.ts';
import { RULE_GROUP_CAPACITY } from '../../lambda/src/waf/rules/check-config.ts';
import { IP_SET_VERSIONS, ipSetName, namePrefix, ruleGroupName } from '../../lambda/src/waf/rules/rules.ts';
import type { Named, WafReader } from '../waf-reader.ts';
import { broken, type Finding, ok, withPermission } from './finding.ts';

export interface RuleGroupCheck {
  readonly findings: Finding[];
  /** Missing if there is none. */
  readonly arn?: string;
}

/** The switch itself: the group that closes the service, and the sets that let testers in. */
export async function checkRuleGroup(
  waf: Pick<WafReader, 'ruleGroups' | 'ruleGroup' | 'ipSets'>,
  place: Place,
): Promise<RuleGroupCheck> {
  const name = ruleGroupName(place);
  const where = `${place.scope}/${place.region}`;
  const listed = await withPermission('wafv2:ListRuleGroups', () => waf.ruleGroups(place));
  const found = listed.find((group) => group.name === name);
  if (!found) return { findings: [broken(`The rule group ${name} is not in ${where}.`, 'Deploy its switch stack.')] };
  const group = await withPermission('wafv2:GetRuleGroup', () => waf.ruleGroup(place, found));
  const sets = await withPermission('wafv2:ListIPSets', () => waf.ipSets(place));
  return { arn: found.arn, findings: [judgeCapacity(group, name, where), judgeSets(sets, name, where)] };
}

/** Groups that close something though no service is called so: the config has lost it, and with it the way to open it. */
export async function checkLostGroups(
  waf: Pick<WafReader, 'ruleGroups' | 'ruleGroup'>,
  place: Omit<Place, 'service'>,
  services: readonly string[],
): Promise<Finding[]> {
  const { environment } = place;
  const ours = namePrefix(environment);
  const known = new Set(services.map((service) => ruleGroupName({ environment, service })));
  const listed = await withPermission('wafv2:ListRuleGroups', () => waf.ruleGroups(place));
  const findings: Finding[] = [];
  for (const lost of listed.filter(({ name }) => name.startsWith(ours) && !known.has(name))) {
    const { Rules = [] } = await withPermission('wafv2:GetRuleGroup', () => waf.ruleGroup(place, lost));
    const where = `${place.scope}/${place.region}`;
    if (Rules.length === 0) continue;
    findings.push(
      broken(
        `The rule group ${lost.name} in ${where} closes something, and no service of the config is called so.`,
        `Open it: npm run drawbridge -- exit ${lost.name.slice(ours.length)} --direct …; or put it back into the config.`,
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
