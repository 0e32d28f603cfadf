import { rulesCapacity } from './capacity.ts';
import { invalidParameter, WafFault } from './errors.ts';
import type { IPSetContent, Rule, RuleGroupContent, Scope, Statement } from './model.ts';
import { Propagating } from './propagation.ts';
import { type Corner, type IPSetResource, type Resource, type RuleGroupResource, Shelf } from './resources.ts';
import { checkAddresses, checkDescription, checkName, checkRuleGroup } from './validation.ts';

/** A request's body as it came; each operation reads its own fields. */
export interface Input extends Partial<RuleGroupContent>, Partial<IPSetContent> {
  readonly Scope: Scope;
  readonly Name?: string;
  readonly Id?: string;
  readonly ARN?: string;
  readonly LockToken?: string;
  readonly Capacity?: number;
  readonly IPAddressVersion?: 'IPV4' | 'IPV6';
  readonly Limit?: number;
  readonly NextMarker?: string;
}

type Operation = (input: Input, corner: Corner) => object;

const MOST_OF_A_KIND = 100;
const PAGE = 100;

/** What the local WAF does: every operation of WAFv2 that Drawbridge and its tests need. Everything else is refused by name. */
export function createOperations(now: () => number) {
  const groups = new Shelf<RuleGroupResource>('rulegroup');
  const sets = new Shelf<IPSetResource>('ipset');

  const groupContent = (input: Input): RuleGroupContent => {
    const { Description, Rules = [], CustomResponseBodies, VisibilityConfig = undefined } = input;
    const content = { Description, Rules, CustomResponseBodies, VisibilityConfig } as RuleGroupContent;
    checkRuleGroup(content);
    for (const arn of Rules.flatMap(({ Statement }) => referencedSets(Statement))) {
      if (!sets.byArn(arn)) throw new WafFault('WAFNonexistentItemException', `The IP set ${arn} doesn't exist.`);
    }
    return content;
  };
  const fits = (rules: readonly Rule[], capacity: number) => {
    if (rulesCapacity(rules) > capacity)
      throw new WafFault('WAFLimitsExceededException', 'You exceeded the capacity limit for a rule group.');
  };
  const setContent = ({ Description, Addresses = [] }: Input, version: 'IPV4' | 'IPV6'): IPSetContent => {
    checkDescription(Description);
    checkAddresses(version, Addresses);
    return { Description, Addresses };
  };
  const roomFor = (count: number) => {
    if (count >= MOST_OF_A_KIND)
      throw new WafFault('WAFLimitsExceededException', 'You exceeded your resource limit for the AWS account.');
  };

  const operations: Readonly<Record<string, Operation>> = {
    CreateRuleGroup(input, corner) {
      checkName(input.Name);
      if (!input.Capacity || input.Capacity < 1) throw invalidParameter('CAPACITY', 'A required field is missing');
      const content = groupContent(input);
      fits(content.Rules, input.Capacity);
      roomFor(groups.list(corner).length);
      const identity = groups.identity(corner, input.Name as string);
      groups.add({ ...identity, capacity: input.Capacity, content: new Propagating(content, now()) });
      return { Summary: summary(identity, content) };
    },
    GetRuleGroup(input, corner) {
      const group = groups.get(corner, input);
      const content = group.content.latest;
      const labels = `awswaf:${corner.account}:rulegroup:${group.name}:`;
      const facts = {
        Name: group.name,
        Id: group.id,
        ARN: group.arn,
        Capacity: group.capacity,
        LabelNamespace: labels,
      };
      return { RuleGroup: { ...facts, ...content }, LockToken: group.lockToken };
    },
    UpdateRuleGroup(input, corner) {
      const group = groups.get(corner, input);
      const content = groupContent(input);
      fits(content.Rules, group.capacity);
      const NextLockToken = groups.lock(group, input.LockToken);
      group.content.set(content, now());
      return { NextLockToken };
    },
    DeleteRuleGroup(input, corner) {
      const group = groups.get(corner, input);
      groups.lock(group, input.LockToken);
      groups.remove(group);
      return {};
    },
    ListRuleGroups: (input, corner) => {
      const { page, NextMarker } = paged(groups.list(corner), input);
      return { RuleGroups: page.map((group) => summary(group, group.content.latest)), NextMarker };
    },
    CreateIPSet(input, corner) {
      checkName(input.Name);
      const version = input.IPAddressVersion;
      if (version !== 'IPV4' && version !== 'IPV6')
        throw invalidParameter('IP_ADDRESS_VERSION', 'It must be IPV4 or IPV6');
      const content = setContent(input, version);
      roomFor(sets.list(corner).length);
      const identity = sets.identity(corner, input.Name as string);
      sets.add({ ...identity, version, content: new Propagating(content, now()) });
      return { Summary: summary(identity, content) };
    },
    GetIPSet(input, corner) {
      const set = sets.get(corner, input);
      const facts = { Name: set.name, Id: set.id, ARN: set.arn, IPAddressVersion: set.version };
      return { IPSet: { ...facts, ...set.content.latest }, LockToken: set.lockToken };
    },
    UpdateIPSet(input, corner) {
      const set = sets.get(corner, input);
      const content = setContent(input, set.version);
      const NextLockToken = sets.lock(set, input.LockToken);
      set.content.set(content, now());
      return { NextLockToken };
    },
    DeleteIPSet(input, corner) {
      const set = sets.get(corner, input);
      const isUsed = groups
        .list(corner)
        .some((group) => group.content.latest.Rules.some((rule) => referencedSets(rule.Statement).includes(set.arn)));
      if (isUsed)
        throw new WafFault(
          'WAFAssociatedItemException',
          'AWS WAF couldn’t perform the operation because your resource is being used by another resource.',
        );
      sets.lock(set, input.LockToken);
      sets.remove(set);
      return {};
    },
    ListIPSets: (input, corner) => {
      const { page, NextMarker } = paged(sets.list(corner), input);
      return { IPSets: page.map((set) => summary(set, set.content.latest)), NextMarker };
    },
    CheckCapacity: ({ Rules = [] }) => ({ Capacity: rulesCapacity(Rules) }),
  };
  return { operations, groups, sets };
}

function referencedSets(statement: Statement): string[] {
  const { AndStatement, OrStatement, NotStatement, IPSetReferenceStatement } = statement;
  const inner = AndStatement?.Statements ?? OrStatement?.Statements ?? (NotStatement ? [NotStatement.Statement] : []);
  return [...(IPSetReferenceStatement ? [IPSetReferenceStatement.ARN] : []), ...inner.flatMap(referencedSets)];
}

const summary = (
  { id, arn, name, lockToken }: Pick<Resource<unknown>, 'id' | 'arn' | 'name' | 'lockToken'>,
  { Description }: { Description?: string },
) => ({ Name: name, Id: id, ARN: arn, Description, LockToken: lockToken });

function paged<R extends { name: string }>(
  all: readonly R[],
  { Limit = PAGE, NextMarker }: Input,
): { page: R[]; NextMarker?: string } {
  const rest = NextMarker === undefined ? all : all.filter(({ name }) => name > NextMarker);
  const page = rest.slice(0, Limit);
  // WAF hands out a marker with every page that is not empty.
  return { page, NextMarker: page.at(-1)?.name };
}
