import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { summarise } from '../../../cdk/summary.ts';
import { IAM_ROUTES, TOKEN_ROUTES } from '../../../contract/routes.ts';
import config from '../../../docs/examples/full.config.ts';
import minimal from '../../../docs/examples/minimal.config.ts';
import { INPUT, plain, type Resource, removeSynthesized, resourcesOf, synthesized } from './synthesized.ts';

const { app, assembly, template: templateOf } = synthesized();
const template = templateOf('drawbridge-production');
afterAll(removeSynthesized);

const only = (type: string): Resource => {
  const [resource, ...others] = resourcesOf(template, type);
  if (!resource || others.length > 0) throw new Error(`there are ${others.length + (resource ? 1 : 0)} of ${type}`);
  return resource;
};

const propertiesOf = (type: string) => resourcesOf(template, type).map(({ Properties }) => Properties);

it('makes one deployment for each environment, under the names that the commands go by', () => {
  const input = structuredClone(INPUT);
  const staging = { operators: ['developer@example.com'], services: [{ name: 'shop-staging', targets: [REGIONAL] }] };
  const both = synthesized({ environments: { ...input.environments, staging } });
  expect(both.assembly.stacks.map(({ stackName }) => stackName).sort()).toEqual([
    'drawbridge-production',
    'drawbridge-production-switch-eu-west-1-regional',
    'drawbridge-production-switch-us-east-1-cloudfront',
    'drawbridge-staging',
    'drawbridge-staging-switch-eu-west-1-regional',
  ]);
  expect(both.stack('drawbridge-production').environment).toMatchObject({
    account: '111122223333',
    region: 'eu-west-1',
  });
  expect(both.stack('drawbridge-production').terminationProtection).toBe(true);
  expect(both.stack('drawbridge-staging').terminationProtection).toBe(false);
});
const REGIONAL = { scope: 'REGIONAL', region: 'eu-west-1', verification: 'none' } as const;

it('puts out what the commands read', () => {
  const { ApiUrl, TokenUrl, ...names } = template.Outputs ?? {};
  expect(plain(ApiUrl?.Value)).toBe('<ApiHttpApi4C294DC0.ApiEndpoint>');
  expect(plain(TokenUrl?.Value)).toBe(
    'https://<SignInPoolDomain8B2A7811>.auth.eu-west-1.amazoncognito.com/oauth2/token',
  );
  expect(Object.keys(names).sort()).toEqual([
    'BreakGlassPolicyArn',
    'ClientId',
    'NoticeTopicArn',
    'TableName',
    'UserPoolId',
  ]);
});

it('opens no route without a token of its scope, or a signature that IAM knows', () => {
  const routes = propertiesOf('AWS::ApiGatewayV2::Route').map(
    ({ RouteKey, AuthorizationType, AuthorizationScopes }) => ({
      RouteKey,
      AuthorizationType,
      AuthorizationScopes,
    }),
  );
  expect(routes).toEqual([
    ...TOKEN_ROUTES.map(({ method, path, scope }) => ({
      RouteKey: `${method} ${path}`,
      AuthorizationType: 'JWT',
      AuthorizationScopes: [scope],
    })),
    ...IAM_ROUTES.map(({ method, path }) => ({ RouteKey: `${method} ${path}`, AuthorizationType: 'AWS_IAM' })),
  ]);
});

it('takes tokens only of its own client', () => {
  const { IdentitySource, JwtConfiguration } = only('AWS::ApiGatewayV2::Authorizer').Properties as {
    IdentitySource: string[];
    JwtConfiguration: { Audience: unknown[]; Issuer: unknown };
  };
  expect(IdentitySource).toEqual(['$request.header.Authorization']);
  expect(JwtConfiguration.Audience.map(plain)).toEqual(['<SignInPoolSheetA8C4095E>']);
  expect(plain(JwtConfiguration.Issuer)).toBe('https://cognito-idp.eu-west-1.amazonaws.com/<SignInPoolFD298EFA>');
});

it('gives the client a secret, the two scopes, and no way for a user to sign in', () => {
  expect(only('AWS::Cognito::UserPoolClient').Properties).toMatchObject({
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
  });
  expect(only('AWS::Cognito::UserPoolResourceServer').Properties).toMatchObject({
    Identifier: 'drawbridge',
    Scopes: [{ ScopeName: 'operate' }, { ScopeName: 'read' }],
  });
  expect(only('AWS::Cognito::UserPool').Properties).toMatchObject({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  });
});

const stage = () => only('AWS::ApiGatewayV2::Stage');

it('keeps a share of requests for each route of those who break the glass, whatever the sheet sends', () => {
  const { Properties, DependsOn } = stage();
  const own = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 };
  const keys = IAM_ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(Properties.RouteSettings).toEqual(Object.fromEntries(keys.map((key) => [key, own])));
  // The settings name routes: made before them, the stage would fail.
  const routes = Object.entries(template.Resources).filter(
    ([
      ,
      {
        Properties: { RouteKey },
      },
    ]) => keys.includes(RouteKey as (typeof keys)[number]),
  );
  expect(routes).toHaveLength(keys.length);
  for (const [id] of routes) expect(DependsOn).toContain(id);
});

it('throttles, and logs who called without the token that they called with', () => {
  const { DefaultRouteSettings, AccessLogSettings } = stage().Properties as {
    DefaultRouteSettings: object;
    AccessLogSettings: { Format: string };
  };
  expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 });
  const logged = Object.values(JSON.parse(AccessLogSettings.Format) as Record<string, string>);
  expect(logged).toContain('$context.identity.userArn');
  expect(logged.filter((variable) => /header|authorization$/i.test(variable))).toEqual([]);
});

it('deploys the built folder byte for byte', () => {
  const assets = readdirSync(assembly.directory).filter((name) => name.startsWith('asset.'));
  expect(assets).toHaveLength(1);
  const asset = join(assembly.directory, assets[0] as string);
  expect(readdirSync(asset).sort()).toEqual(readdirSync('dist/lambda').sort());
  for (const name of readdirSync('dist/lambda')) {
    expect(readFileSync(join(asset, name)).equals(readFileSync(join('dist/lambda', name)))).toBe(true);
  }
});

it('runs the handlers of that folder, with the variables that they read', () => {
  const functions = propertiesOf('AWS::Lambda::Function');
  for (const { Runtime, Architectures } of functions) {
    expect({ Runtime, Architectures }).toEqual({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  }
  expect(functions.map(({ Handler, Environment }) => [Handler, variableNames(Environment)])).toEqual([
    [
      'api-handler.handler',
      ['CLIENT_ID', 'CONFIG_FILE', 'DRIVER_FUNCTION', 'ENVIRONMENT', 'JWKS_URI', 'TABLE_NAME', 'USER_POOL_ID'],
    ],
    ['reconcile-handler.handler', ['CONFIG_FILE', 'ENVIRONMENT', 'NOTICE_TOPIC_ARN', 'TABLE_NAME']],
    ['schedule-handler.handler', ['CONFIG_FILE', 'DRIVER_FUNCTION', 'ENVIRONMENT', 'TABLE_NAME']],
  ]);
});

const variableNames = (environment: unknown): string[] =>
  Object.keys((environment as { Variables: object }).Variables).sort();

it('runs the reconciler every minute, never twice at once, and the scheduler, and neither late', () => {
  const { Targets, ...rule } = only('AWS::Events::Rule').Properties;
  expect(rule).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  expect((Targets as { Arn: unknown }[]).map(({ Arn }) => plain(Arn))).toEqual([
    expect.stringContaining('Reconciler'),
    expect.stringContaining('Scheduler'),
  ]);
  for (const { MaximumEventAgeInSeconds, MaximumRetryAttempts } of propertiesOf('AWS::Lambda::EventInvokeConfig')) {
    expect([MaximumEventAgeInSeconds, MaximumRetryAttempts]).toEqual([60, 0]);
  }
  const reserved = propertiesOf('AWS::Lambda::Function').map(
    ({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions,
  );
  expect(reserved).toEqual([undefined, 1, 2]);
});

it('gives the scheduler time to wait for the last second of the next minute', () => {
  const functions = propertiesOf('AWS::Lambda::Function');
  expect(functions.map(({ Handler, Timeout }) => [Handler, Timeout])).toContainEqual(['schedule-handler.handler', 120]);
});

it('does not lose what it remembers, whoever deletes the stack', () => {
  expect(only('AWS::DynamoDB::Table')).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      // Of rundowns that nobody has heard of for long.
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    },
  });
});

it('calls a person for everything that the reconciler raises, and when it stands still', () => {
  const alarms = propertiesOf('AWS::CloudWatch::Alarm');
  const raised = alarms.filter(({ Namespace }) => Namespace === 'Drawbridge');
  expect(raised.map(({ MetricName }) => MetricName)).toEqual([
    'Drift',
    'Contested',
    'Unrepaired',
    'Bypassed',
    'Unreadable',
    'Gone',
    'Orphaned',
    'Unproven',
    'Overdue',
    'MissedStep',
    'TicksStopped',
  ]);
  for (const { Dimensions, TreatMissingData } of raised) {
    expect(Dimensions).toEqual([{ Name: 'Environment', Value: 'production' }]);
    expect(TreatMissingData).toBe('notBreaching');
  }
  for (const name of ['ReconcilerSilent', 'SchedulerSilent']) {
    const silent = alarms.find(({ AlarmName }) => AlarmName === `drawbridge-production-${name}`);
    expect(silent).toMatchObject({ MetricName: 'Invocations', TreatMissingData: 'breaching' });
  }
  for (const { AlarmActions } of alarms)
    expect((AlarmActions as unknown[]).map(plain)).toEqual(['<NoticesTopic898AF2CD>']);
  expect(only('AWS::SNS::Subscription').Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'on.call@example.com',
  });
});

it('lets alarms through to the encrypted topic, and nobody without TLS', () => {
  const key = statementsOf(only('AWS::KMS::Key').Properties.KeyPolicy);
  const topic = statementsOf(only('AWS::SNS::TopicPolicy').Properties.PolicyDocument);
  const Principal = { Service: 'cloudwatch.amazonaws.com' };
  expect(key).toContainEqual(expect.objectContaining({ Principal, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }));
  expect(topic).toContainEqual(expect.objectContaining({ Principal, Action: 'sns:Publish', Effect: 'Allow' }));
  expect(topic).toContainEqual(
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  );
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}
const statementsOf = (document: unknown): Statement[] => (document as { Statement: Statement[] }).Statement;

describe('what the handlers may do', () => {
  /** Of a document client's short names, the calls that they make. */
  const DOCUMENT_CALLS: Readonly<Record<string, string>> = {
    Get: 'GetItem',
    Put: 'PutItem',
    Update: 'UpdateItem',
    Delete: 'DeleteItem',
    BatchGet: 'BatchGetItem',
    BatchWrite: 'BatchWriteItem',
  };
  /** What IAM asks for a transaction: the permission of each kind of item in it [1].
   * @see [1] https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
   */
  const TRANSACTION_ITEMS: Readonly<Record<string, string>> = {
    Put: 'PutItem',
    Update: 'UpdateItem',
    Delete: 'DeleteItem',
    ConditionCheck: 'ConditionCheckItem',
  };
  /** `import type` brings no code. */
  const IMPORT = /(?:import|export)\s+(?!type\s)[\w*,\s]*(?:\{([^}]*)\}\s*)?(?:from\s+)?'([^']+)'/g;

  /** The actions behind `new XCommand(` in a handler and in all that it imports. */
  function callsOf(file: string, seen = new Set<string>()): string[] {
    if (seen.has(file)) return [];
    seen.add(file);
    const source = readFileSync(file, 'utf8');
    const imports = [...source.matchAll(IMPORT)].map(([, names = '', from = '']) => ({ names, from }));
    const own = [...source.matchAll(/\bnew\s+([\w.]+)Command\(/g)].flatMap(([, command = '']) => {
      const { from } = imports.find(({ names }) => new RegExp(`\\b${command}Command\\b`).test(names)) ?? {};
      const library = from?.replace('@aws-sdk/', '');
      if (!library) throw new Error(`${file}: import ${command}Command by its name, or this test cannot see it`);
      if (library === 'lib-dynamodb' && command === 'TransactWrite') return transactionItems();
      if (library === 'lib-dynamodb') return `dynamodb:${DOCUMENT_CALLS[command] ?? command}`;
      return `${library.replace('client-', '')}:${command}`;
    });
    // The one call that is signed here and sent by no client.
    if (source.includes('/2015-03-31/functions/')) own.push('lambda:InvokeFunction');
    const files = imports.filter(({ from }) => from.startsWith('.')).map(({ from }) => join(dirname(file), from));
    return [...own, ...files.flatMap((next) => callsOf(next, seen))];
  }

  /** Of the kinds of items that the store makes transactions of. */
  function transactionItems(): string[] {
    const files = readdirSync('lambda/src/store', { recursive: true, encoding: 'utf8' });
    const sources = files
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join('lambda/src/store', name), 'utf8'));
    return Object.entries(TRANSACTION_ITEMS)
      .filter(([kind]) => sources.some((source) => new RegExp(`\\b${kind}: `).test(source)))
      .map(([, action]) => `dynamodb:${action}`);
  }

  /** Every statement of the role of a handler; its own log aside, which Lambda writes for it. */
  function allowed(handler: string): Statement[] {
    const roles = propertiesOf('AWS::Lambda::Function').filter(({ Handler }) => Handler === handler);
    const [role] = roles.map(({ Role }) => (Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0]);
    const ours = propertiesOf('AWS::IAM::Policy').filter(
      ({ Roles }) => JSON.stringify(Roles) === JSON.stringify([{ Ref: role }]),
    );
    expect(ours).toHaveLength(1);
    return ours
      .flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument))
      .filter(({ Action }) => !`${Action}`.startsWith('logs:'));
  }

  it.each([
    ['api-handler', []],
    // The topic is encrypted: whoever publishes needs its key.
    ['reconcile-handler', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['schedule-handler', []],
  ])('is what %s calls: no call without its permission, no permission without its call', (handler, encryption) => {
    const actions = new Set(allowed(`${handler}.handler`).flatMap(({ Action }) => Action));
    const calls = callsOf(`lambda/src/${handler}.ts`);
    expect([...actions].sort()).toEqual([...new Set([...calls, ...encryption])].sort());
  });

  it.each(['api-handler', 'reconcile-handler', 'schedule-handler'])(
    'is bound to named things in %s, but for the two lists of WAF',
    (handler) => {
      for (const { Action, Resource } of allowed(`${handler}.handler`)) {
        const everything = [Resource].flat().includes('*');
        expect([Action].flat().every((action) => /^wafv2:List(IPSets|RuleGroups)$/.test(action))).toBe(everything);
        expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
      }
    },
  );

  it('is bound to the environment’s own rule groups and sets, however alike another one is called', () => {
    const services = (name: string) => [{ name, targets: [REGIONAL] }];
    const operators = ['developer@example.com'];
    const two = synthesized({
      environments: {
        prod: { operators, services: services('eu-shop') },
        'prod-eu': { operators, services: services('shop') },
      },
    });
    const groups = (environment: string) =>
      resourcesOf(two.template(`drawbridge-${environment}-switch-eu-west-1-regional`), 'AWS::WAFv2::RuleGroup').map(
        ({ Properties }) => `arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/${Properties.Name}/some-id`,
      );
    const patterns = (environment: string) => {
      const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
        resourcesOf(two.template(`drawbridge-${environment}`), type),
      );
      const arns = policies.flatMap(({ Properties }) =>
        statementsOf(Properties.PolicyDocument).flatMap(({ Resource }) => [Resource].flat().map((arn) => plain(arn))),
      );
      return arns.filter((arn) => arn.includes(':wafv2:'));
    };
    const matches = (pattern: string, arn: string) =>
      new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`))}$`).test(
        arn,
      );
    for (const [mine, other] of [
      ['prod', 'prod-eu'],
      ['prod-eu', 'prod'],
    ] as const) {
      const named = patterns(mine);
      for (const group of groups(mine)) expect(named.some((pattern) => matches(pattern, group))).toBe(true);
      for (const group of groups(other)) expect(named.some((pattern) => matches(pattern, group))).toBe(false);
    }
  });

  it('lets on-call people sign for the break-glass routes, write to the environment’s rule groups, and nothing else', () => {
    const statements = statementsOf(only('AWS::IAM::ManagedPolicy').Properties.PolicyDocument);
    expect(statements.map(({ Action }) => Action)).toEqual([
      'execute-api:Invoke',
      'cloudformation:DescribeStacks',
      'wafv2:ListRuleGroups',
      ['wafv2:GetRuleGroup', 'wafv2:UpdateRuleGroup'],
    ]);
    const groups = [statements[3]?.Resource].flat().map((arn) => plain(arn));
    expect(groups.every((arn) => /\/rulegroup\/drawbridge-production_\*\/\*$/.test(arn))).toBe(true);
    const arns = [statements[0]?.Resource].flat().map((arn) => plain(arn));
    expect(arns.map((arn) => arn.replace(/^.*\/\$default\//, ''))).toEqual([
      'GET/audit',
      'GET/break-glass/operations/*',
      'GET/break-glass/services',
      'POST/break-glass/disarm',
      'POST/break-glass/operations',
      'POST/break-glass/pause-repair',
    ]);
  });
});

describe('cdk-nag', () => {
  it('finds nothing that is not acknowledged with a reason, here, in the committed config and in the smallest', () => {
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
    for (const other of [config, minimal]) {
      expect(new AwsSolutionsChecks().validateScope(synthesized(other).app).violations).toEqual([]);
    }
  });

  it('would find it without its reason: nothing is acknowledged in advance', () => {
    const deaf = Object.assign(new AwsSolutionsChecks(), { isAcknowledged: () => false } as object);
    const found = deaf.validateScope(app).violations.map(({ ruleName }) => ruleName);
    const acknowledged = app.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) => Object.keys(data as object).map((id) => id.replace(/^annotation::/i, ''))),
      );
    expect([...new Set(found)].sort()).toEqual([...new Set(acknowledged)].sort());
  });
});

it('says of each stack how much it is, and how many findings were acknowledged', () => {
  const resources = Object.keys(template.Resources).length;
  const [line] = summarise(app);
  expect(line).toMatch(/^drawbridge-production: \d+ resources, [1-9]\d* acknowledged findings$/);
  expect(line).toContain(` ${resources} resources`);
});

it('shows every change of the control plane in review', () => {
  // The hash of the built folder changes with every line of the handlers; that it is the built folder is tested above.
  const text = JSON.stringify(template).replace(/[0-9a-f]{64}/g, 'dist-lambda');
  expect(JSON.parse(text)).toMatchSnapshot();
});
