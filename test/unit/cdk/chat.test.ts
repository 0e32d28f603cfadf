import { AwsSolutionsChecks } from 'cdk-nag';
import { INPUT, plain, type Resource, removeSynthesized, resourcesOf, synthesized } from './synthesized.ts';

/** The AWS-native way in, where the config names a channel. */

const chat = { workspace: 'T0123456789', channel: 'C0123456789' };
const { production } = INPUT.environments;
const { app, template: templateOf } = synthesized({ environments: { production: { ...production, chat } } });
const template = templateOf('drawbridge-production');
afterAll(removeSynthesized);

const of = (type: string): Resource['Properties'][] => resourcesOf(template, type).map(({ Properties }) => Properties);
const idOf = (type: string, isIt: (properties: Resource['Properties']) => boolean): string => {
  const found = Object.entries(template.Resources).filter(([, one]) => one.Type === type && isIt(one.Properties));
  expect(found).toHaveLength(1);
  return found[0]![0];
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}
const functionId = idOf('AWS::Lambda::Function', ({ Handler }) => Handler === 'chat-handler.handler');
const channelRoleId = idOf('AWS::IAM::Role', ({ AssumeRolePolicyDocument }) =>
  JSON.stringify(AssumeRolePolicyDocument).includes('chatbot.amazonaws.com'),
);
const [channel] = of('AWS::Chatbot::SlackChannelConfiguration');

it('the channel’s role may invoke the one function, and nothing else', () => {
  const policies = of('AWS::IAM::ManagedPolicy').filter(({ Description }) => `${Description}`.includes('chat channel'));
  expect(policies.map(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement)).toEqual([
    [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [functionId, 'Arn'] } }],
  ]);
  const { Properties: role } = template.Resources[channelRoleId] as Resource;
  expect(role.Policies).toBeUndefined();
  expect(role.ManagedPolicyArns).toHaveLength(1);
  const inline = of('AWS::IAM::Policy').filter(({ Roles }) => JSON.stringify(Roles).includes(channelRoleId));
  expect(inline).toEqual([]);
});

it('the guardrail is the very policy of the role: left out it would be the administrator’s', () => {
  const { Properties: role } = template.Resources[channelRoleId] as Resource;
  expect(channel?.GuardrailPolicies).toEqual(role.ManagedPolicyArns);
  const policy = idOf('AWS::IAM::ManagedPolicy', ({ Description }) => `${Description}`.includes('chat channel'));
  expect(channel?.GuardrailPolicies).toEqual([{ Ref: policy }]);
});

it('is one channel, which hears the notices and the answers, and is offered what the config allows', () => {
  expect(channel).toMatchObject({
    SlackWorkspaceId: 'T0123456789',
    SlackChannelId: 'C0123456789',
    IamRoleArn: { 'Fn::GetAtt': [channelRoleId, 'Arn'] },
    UserRoleRequired: false,
  });
  expect(channel?.SnsTopicArns).toHaveLength(2);
  const actions = of('AWS::Chatbot::CustomAction');
  expect(
    actions.map(({ AliasName, Definition }) => [AliasName, (Definition as { CommandText: string }).CommandText]),
  ).toEqual([
    [
      'production-status',
      'lambda invoke --function-name drawbridge-production-chat --payload {"command":"status"} --invocation-type Event --region eu-west-1',
    ],
    [
      'production-enter',
      'lambda invoke --function-name drawbridge-production-chat --payload {"command":"enter","service":"$service"} --invocation-type Event --region eu-west-1',
    ],
  ]);
  expect(channel?.CustomizationResourceArns).toHaveLength(actions.length);
});

it('offers more only where the config says so, or outside of production', () => {
  const aliases = (more: object) => {
    const { template } = synthesized({ environments: { production: { ...production, ...more } } });
    const actions = resourcesOf(template('drawbridge-production'), 'AWS::Chatbot::CustomAction');
    return actions.map(({ Properties }) => Properties.AliasName);
  };
  expect(aliases({ chat: { ...chat, allow: ['exit'] } })).toEqual(['production-exit']);
  expect(aliases({ chat, production: false })).toEqual(['production-status', 'production-enter', 'production-exit']);
});

it('the function may do what an operation needs and answer the channel; it invokes nothing and tells nobody else', () => {
  const { Role } = (template.Resources[functionId] as Resource).Properties as { Role: { 'Fn::GetAtt': string[] } };
  const statements = of('AWS::IAM::Policy')
    .filter(({ Roles }) => JSON.stringify(Roles) === JSON.stringify([{ Ref: Role['Fn::GetAtt'][0] }]))
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement);
  const actions = statements.flatMap(({ Action }) => Action).sort();
  expect(actions.filter((action) => !/^(dynamodb|wafv2|logs):/.test(action))).toEqual([
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'sns:Publish',
  ]);
  const answers = idOf('AWS::SNS::Topic', ({ DisplayName }) => DisplayName === 'Drawbridge production, answers');
  const publish = statements.filter(({ Action }) => Action === 'sns:Publish');
  expect(publish.map(({ Resource }) => Resource)).toEqual([{ Ref: answers }]);
  const subscribed = of('AWS::SNS::Subscription').map(({ TopicArn }) => plain(TopicArn));
  expect(subscribed).not.toContain(`<${answers}>`);
});

it('is not there without it', () => {
  const without = JSON.stringify(synthesized().template('drawbridge-production'));
  expect(without).not.toMatch(/AWS::Chatbot|chat-handler|chatbot\.amazonaws/);
});

it('leaves cdk-nag nothing that is not acknowledged with a reason', () => {
  expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
});
