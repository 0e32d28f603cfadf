import { AwsSolutionsChecks } from 'cdk-nag';
import { INPUT, plain, type Resource, removeSynthesized, resourcesOf, synthesized } from './synthesized.ts';

/** The second door, where the config names a Slack app. */

const slack = { appId: 'A0123456789', workspaces: ['T0123456789'], channels: ['C0123456789'] };
const { production } = INPUT.environments;
const { app, template: templateOf } = synthesized({ environments: { production: { ...production, slack } } });
const template = templateOf('drawbridge-production');
afterAll(removeSynthesized);

const of = (type: string): Resource['Properties'][] => resourcesOf(template, type).map(({ Properties }) => Properties);
const slackFunction = of('AWS::Lambda::Function').find(({ Handler }) => Handler === 'slack-handler.handler');

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function allowed(): Statement[] {
  const role = ((slackFunction as Resource['Properties']).Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0];
  return of('AWS::IAM::Policy')
    .filter(({ Roles }) => JSON.stringify(Roles) === JSON.stringify([{ Ref: role }]))
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement);
}

it('opens the one route that no authorizer guards, to the function that checks the signature, with a share of its own', () => {
  const open = of('AWS::ApiGatewayV2::Route').filter(({ AuthorizationType }) => AuthorizationType === 'NONE');
  expect(open.map(({ RouteKey }) => RouteKey)).toEqual(['POST /slack']);
  const [stage] = of('AWS::ApiGatewayV2::Stage');
  const settings = stage?.RouteSettings as Record<string, object> | undefined;
  expect(settings?.['POST /slack']).toEqual({
    ThrottlingRateLimit: 10,
    ThrottlingBurstLimit: 20,
  });
});

it('may do what an operation needs, read the app’s two secrets, invoke itself, and nothing else', () => {
  const statements = allowed().filter(({ Action }) => !`${Action}`.startsWith('logs:'));
  const actions = statements.flatMap(({ Action }) => Action).sort();
  expect(actions.filter((action) => !/^(dynamodb|wafv2):/.test(action))).toEqual([
    'lambda:InvokeFunction',
    'ssm:GetParameters',
  ]);
  expect(actions.filter((action) => /\*/.test(action))).toEqual([]);
  const resourcesTo = (action: string) =>
    statements
      .filter(({ Action }) => [Action].flat().includes(action))
      .flatMap(({ Resource }) => [Resource].flat().map((one) => plain(one)));
  expect(resourcesTo('lambda:InvokeFunction')).toEqual([
    'arn:aws:lambda:eu-west-1:111122223333:function:drawbridge-production-slack',
  ]);
  expect(resourcesTo('ssm:GetParameters').sort()).toEqual([
    'arn:aws:ssm:eu-west-1:111122223333:parameter/drawbridge/production/slack/bot-token',
    'arn:aws:ssm:eu-west-1:111122223333:parameter/drawbridge/production/slack/signing-secrets',
  ]);
});

it('knows its secrets by their names alone: no template holds one', () => {
  const { Variables } = (slackFunction as Resource['Properties']).Environment as { Variables: Record<string, unknown> };
  expect(Variables).toMatchObject({
    SLACK_SIGNING_SECRETS: '/drawbridge/production/slack/signing-secrets',
    SLACK_BOT_TOKEN: '/drawbridge/production/slack/bot-token',
  });
  expect(JSON.stringify(template)).not.toMatch(/xox[bp]-|resolve:ssm/);
});

it('is tried once more where an event fails, and by the minute for what is left', () => {
  const configs = of('AWS::Lambda::EventInvokeConfig').map((one) => [
    plain(one.FunctionName),
    one.MaximumRetryAttempts,
  ]);
  expect(configs.filter(([name]) => `${name}`.includes('Slack'))).toEqual([[expect.any(String), 1]]);
  expect(of('AWS::Events::Rule')).toHaveLength(2);
});

it('is not there without it', () => {
  const without = synthesized().template('drawbridge-production');
  const handlers = resourcesOf(without, 'AWS::Lambda::Function').map(({ Properties }) => Properties.Handler);
  expect(handlers).not.toContain('slack-handler.handler');
  expect(JSON.stringify(without)).not.toContain('/slack');
});

it('leaves cdk-nag nothing that is not acknowledged with a reason', () => {
  expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
});
