import { targetName, titleOf } from '../../config/names.ts';
import type { Config, EnvironmentConfig, ServiceConfig, TargetConfig } from '../../config/schema.ts';
import { isDedicated } from '../../config/web-acls.ts';
import { placeOf } from '../../lambda/src/waf/place.ts';
import { ruleGroupName } from '../../lambda/src/waf/rules/rules.ts';
import { environmentOf } from '../built-config.ts';
import type { StackOutputs } from '../stack-outputs.ts';
import { oncePerPlace, type WafPlace, type WafReader } from '../waf-reader.ts';
import { type ApiReader, checkApi } from './api.ts';
import { judgeDistribution, type SeenDistribution } from './distributions.ts';
import { broken, type Finding, ifAllowed, NotPermittedError, withPermission } from './finding.ts';
import { type HealthCheck, judgeHealthChecks, judgeOrigin } from './load-balancers.ts';
import { checkNotices, type SubscriptionReader } from './notices.ts';
import { checkLostGroups, checkRuleGroup } from './rule-groups.ts';
import { checkSlack, type SlackReaders } from './slack.ts';
import {
  judgeAssociation,
  judgeBeforeAssociation,
  judgeDedicated,
  judgeName,
  judgeReference,
  judgeSharing,
  protectedBy,
  readWebAcls,
  referringTo,
  type SeenWebAcl,
} from './web-acls.ts';

/** What the doctor reads with; nothing of it writes. */
export interface DoctorReaders {
  outputs(): Promise<StackOutputs>;
  api(outputs: StackOutputs): ApiReader;
  readonly slack: SlackReaders;
  readonly subscriptions: SubscriptionReader;
  readonly waf: WafReader;
  /** That have this web ACL. */
  distributions(webAclArn: string): Promise<SeenDistribution[]>;
  /** Of whatever has this load balancer as its target. */
  healthChecks(region: string, loadBalancerArn: string): Promise<HealthCheck[]>;
}

/** The path of one edit, hop by hop: the API, then each service's switch, and what lies between it and its visitors. */
export async function* runChecks(
  readers: DoctorReaders,
  environment: string,
  config: Config,
): AsyncGenerator<Finding | string> {
  const settings = environmentOf(config, environment);
  const known = Object.values(config.environments).flatMap(({ services }) => services);
  yield 'The API';
  let outputs: StackOutputs | undefined;
  yield* await ifAllowed('The stack’s outputs', async () => {
    const found = await withPermission('cloudformation:DescribeStacks', readers.outputs);
    outputs = found;
    return ifAllowed('The API', () => checkApi(readers.api(found), found, environment));
  });
  if (outputs) yield* checkDoors(readers, outputs, environment, settings);
  const waf = {
    ...readers.waf,
    ruleGroups: oncePerPlace(readers.waf.ruleGroups),
    ipSets: oncePerPlace(readers.waf.ipSets),
  };
  const acls = oncePerPlace((place) => readWebAcls(waf, place));
  for (const service of settings.services) {
    for (const target of service.targets) {
      yield `${titleOf(service)}, ${targetName(target)}`;
      yield* await checkTarget({ ...readers, waf, known }, acls, service, target);
    }
  }
  const places = new Map(settings.services.flatMap(({ targets }) => targets.map((one) => [targetName(one), one])));
  const lost: Finding[] = [];
  for (const place of places.values()) {
    lost.push(
      ...(await checkLostGroups(
        waf,
        { ...place, environment },
        known.filter((one) => one.environment === environment).map(({ name }) => name),
      ).catch(notPermitted)),
    );
  }
  if (lost.length > 0) yield 'What the config has lost';
  yield* lost;
}

/** Where people hear, and the doors beside the sheet. */
async function* checkDoors(
  readers: DoctorReaders,
  outputs: StackOutputs,
  environment: string,
  settings: EnvironmentConfig,
): AsyncGenerator<Finding | string> {
  yield 'Notices';
  yield* await checkNotices(readers.subscriptions, outputs, settings);
  if (!settings.slack) return;
  yield 'Slack';
  yield* await checkSlack(readers.slack, { apiUrl: outputs.apiUrl, environment, slack: settings.slack });
}

/** Each service's own check has said so already. */
function notPermitted(error: unknown): Finding[] {
  if (error instanceof NotPermittedError) return [];
  throw error;
}

/** What can be wrong before anything is there: each load balancer is asked for the web ACL that it has. */
export async function* runChecksBefore(
  { waf }: Pick<DoctorReaders, 'waf'>,
  { services }: EnvironmentConfig,
): AsyncGenerator<Finding | string> {
  for (const service of services) {
    for (const target of service.targets) {
      if (!isDedicated(target.attachment)) continue;
      yield `${titleOf(service)}, ${targetName(target)}`;
      const own = ruleGroupName(placeOf(service, target));
      for (const arn of target.attachment.dedicated.loadBalancerArns) {
        yield* await ifAllowed(`The web ACL of ${arn}`, async () => {
          const found = await withPermission('wafv2:GetWebACLForResource', () => waf.webAclOf(target, arn));
          return [judgeBeforeAssociation(arn, own, found)];
        });
      }
    }
  }
}

async function checkTarget(
  readers: DoctorReaders & { readonly known: readonly ServiceConfig[] },
  acls: (place: WafPlace) => Promise<SeenWebAcl[]>,
  service: ServiceConfig,
  target: TargetConfig,
): Promise<Finding[]> {
  let arn: string | undefined;
  const own = await ifAllowed('Its rule group', async () => {
    const group = await checkRuleGroup(readers.waf, placeOf(service, target));
    arn = group.arn;
    return group.findings;
  });
  if (arn === undefined) return own;
  const groupArn = arn;
  const around = await ifAllowed('Its web ACLs', async () => {
    const referring = referringTo(await acls(target), groupArn);
    if (referring.length === 0) {
      return [
        broken('No web ACL refers to the rule group: it closes nothing.', 'Add it as the first rule (docs/deploy.md).'),
      ];
    }
    const each: Finding[] = [];
    for (const acl of referring) {
      each.push(...judgeReference(acl, groupArn), ...judgeName(acl, target));
      each.push(...judgeSharing(acl, service, readers.known), ...(await checkBehind(readers, acl, service, target)));
    }
    return each;
  });
  return [...own, ...around];
}

/** What the web ACL protects, and whether that lets our answer through. */
const checkBehind = (
  readers: DoctorReaders,
  acl: SeenWebAcl,
  service: ServiceConfig,
  target: TargetConfig,
): Promise<Finding[]> =>
  target.scope === 'CLOUDFRONT'
    ? ifAllowed(`The distributions of ${acl.Name}`, () => checkDistributions(readers, acl, service))
    : ifAllowed(`What ${acl.Name} protects`, () => checkResources(readers, acl, service, target));

async function checkDistributions(readers: DoctorReaders, acl: SeenWebAcl, service: ServiceConfig): Promise<Finding[]> {
  const found = await readers.distributions(acl.ARN ?? '');
  const hasRegional = service.targets.some(({ scope }) => scope === 'REGIONAL');
  return [
    judgeAssociation(
      acl,
      found.map(({ id }) => id),
    ),
    ...found.flatMap((one) => judgeDistribution(one, hasRegional)),
  ];
}

async function checkResources(
  readers: DoctorReaders,
  acl: SeenWebAcl,
  service: ServiceConfig,
  target: TargetConfig,
): Promise<Finding[]> {
  const arns = await protectedBy(readers.waf, target, acl);
  const findings = [judgeAssociation(acl, arns), ...judgeDedicated(acl, arns, target), ...judgeOrigin(service, target)];
  for (const arn of arns) {
    // Such as arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123456789abcdef
    const name = /:loadbalancer\/app\/([^/]+)\//.exec(arn)?.[1];
    if (!name) continue;
    const check = async () => judgeHealthChecks(name, await readers.healthChecks(target.region, arn), service);
    findings.push(...(await ifAllowed(`The health checks of ${name}`, check)));
  }
  return findings;
}
