import type { Rule } from '@aws-sdk/client-wafv2';
import { targetName } from '../config/names.ts';
import type { TargetConfig } from '../config/schema.ts';
import { placeOf } from '../lambda/src/waf/place.ts';
import { capacityOf } from '../lambda/src/waf/rules/capacity.ts';
import { RULE_GROUP_CAPACITY, widestRules } from '../lambda/src/waf/rules/check-config.ts';
import { IP_SET_VERSIONS, ipSetName, type RuleInputs, ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import { type BuiltConfig, environmentOf } from './built-config.ts';
import { type Command, EXIT, readArgs } from './command.ts';
import { oncePerPlace, type WafReader } from './waf-reader.ts';

export interface CapacityDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  readonly waf: Pick<WafReader, 'ipSets' | 'capacity'>;
}

const HELP = `
Asks WAF how many capacity units (WCU) the rules of each service need in their widest mode, against the
${RULE_GROUP_CAPACITY} that its rule group has for ever. Changes nothing.

  npm run capacity [-- <environment>…]     all environments, unless some are named

  --help   this text

Needs wafv2:CheckCapacity and wafv2:ListIPSets.
Exit codes: 0 all fit, 1 one does not or WAF could not be asked, 2 not understood.
`;

export function capacityCommand(deps: CapacityDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { positionals } = readArgs(args, {});
      const { config, pages } = await deps.readBuiltConfig();
      const names = positionals.length > 0 ? positionals : Object.keys(config.environments);
      const environments = names.map((name) => environmentOf(config, name));
      const waf = { ...deps.waf, ipSets: oncePerPlace(deps.waf.ipSets) };
      let isTooMuch = false;
      for (const { services, retryAfterSeconds } of environments) {
        for (const service of services) {
          for (const target of service.targets) {
            const needed = await unitsOf(waf, { service, target, pages, retryAfterSeconds });
            const fits = needed <= RULE_GROUP_CAPACITY;
            isTooMuch ||= !fits;
            const what = `${service.name} in ${targetName(target)}: ${needed} of ${RULE_GROUP_CAPACITY} WCU`;
            const remedy = fits ? '' : '. Name fewer apiOrigins or hosts, or fewer exemptPaths with a prefix';
            terminal.out(`${fits ? '✓' : '✗'} ${what}${remedy}.`);
          }
        }
      }
      return isTooMuch ? EXIT.failed : EXIT.done;
    },
  };
}

type Subject = Pick<RuleInputs, 'service' | 'pages' | 'retryAfterSeconds'> & { readonly target: TargetConfig };

/** WAF looks the sets up: before the first deployment there are none, and what they cost is known. */
async function unitsOf(waf: CapacityDependencies['waf'], subject: Subject): Promise<number> {
  const { service, target } = subject;
  const names = IP_SET_VERSIONS.map((version) => ipSetName(ruleGroupName(placeOf(service, target)), version));
  const sets = (await waf.ipSets(target)).filter(({ name }) => names.includes(name)).map(({ arn }) => arn);
  const asked = widestRules({ ...subject, allowlistArns: sets });
  const missing = capacityOf(widestRules({ ...subject, allowlistArns: names })) - capacityOf(asked);
  return (await waf.capacity(target, asked.map(withoutAnswer))) + missing;
}

/** The answers cost nothing, and WAF is not told the bodies that they name. */
const withoutAnswer = (rule: Rule): Rule => (rule.Action?.Block ? { ...rule, Action: { Block: {} } } : rule);
