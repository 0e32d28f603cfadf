import { readFileSync } from 'node:fs';
import { INPUT, type Resource, removeSynthesized, synthesized } from './synthesized.ts';

/** What docs/deploy.md says of removing everything, against what is deployed. */

const section = readFileSync('docs/deploy.md', 'utf8').split('## Removing it')[1]?.replace(/\s+/g, ' ') ?? '';
const steps = section.split(/ (?=\d\. )/).filter((step) => /^\d\. /.test(step));
const stepWith = (word: string) => steps.findIndex((step) => step.includes(word));

const { assembly } = synthesized(INPUT);
afterAll(removeSynthesized);
const resources: Resource[] = assembly.stacks.flatMap(
  ({ template }) => Object.values(template.Resources) as Resource[],
);
const typesOf = (is: (resource: Resource) => boolean) =>
  [...new Set(resources.filter(is).map(({ Type }) => Type))].sort();

const WORDS: Readonly<Record<string, string>> = {
  'AWS::Cognito::UserPool': 'the user pool',
  'AWS::DynamoDB::Table': 'the table',
  'AWS::KMS::Key': 'key (KMS',
  'AWS::Logs::LogGroup': 'the log groups',
  'AWS::WAFv2::IPSet': 'IP sets',
  'AWS::WAFv2::RuleGroup': 'the rule groups',
};

it('tells everything that stays, and nothing else', () => {
  expect(typesOf(({ DeletionPolicy }) => /^Retain/.test(`${DeletionPolicy}`))).toEqual(Object.keys(WORDS));
  const staying = steps[stepWith('What stays')] ?? '';
  for (const word of Object.values(WORDS)) expect(staying).toContain(word);
});

it('tells what is protected from deletion by itself', () => {
  const isProtected = ({ Properties = {} }: Resource) =>
    Properties.DeletionProtectionEnabled === true || Properties.DeletionProtection === 'ACTIVE';
  expect(typesOf(isProtected)).toEqual(['AWS::Cognito::UserPool', 'AWS::DynamoDB::Table']);
  expect(section).toContain('the table and the user pool have deletion protection');
});

it('lifts what blocks the deletion of stacks before it deletes them', () => {
  const destroyed = stepWith('cdk destroy');
  expect(assembly.stacks.map(({ terminationProtection }) => terminationProtection)).toEqual([true, true, true]);
  expect(stepWith('update-termination-protection')).toBeLessThan(destroyed);
  // Of a policy that people attach, and of exports that other stacks import.
  expect(typesOf(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')).toHaveLength(1);
  expect(stepWith('Detach the break-glass policy')).toBeLessThan(destroyed);
  const exported = assembly.stacks.flatMap(({ template }) =>
    Object.values((template.Outputs ?? {}) as Record<string, { Export?: object }>).filter(({ Export }) => Export),
  );
  expect(exported.length).toBeGreaterThan(0);
  expect(stepWith('imports a rule group')).toBeLessThan(destroyed);
});

it('may delete our stacks in any order: none imports from another', () => {
  expect(JSON.stringify(assembly.stacks.map(({ template }) => template))).not.toContain('Fn::ImportValue');
});

it('names what has a fixed name, and stays: it blocks the next deployment', () => {
  const isNamed = ({ Properties = {}, DeletionPolicy }: Resource) =>
    /^Retain/.test(`${DeletionPolicy}`) &&
    ['Name', 'LogGroupName', 'TableName', 'KeyName'].some((key) => key in Properties);
  expect(typesOf(isNamed)).toEqual(['AWS::Logs::LogGroup', 'AWS::WAFv2::IPSet', 'AWS::WAFv2::RuleGroup']);
  expect(section).toContain('To deploy again, delete the rule groups, IP sets and log groups first');
});
