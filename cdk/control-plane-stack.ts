import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema.ts';
import { PUBLIC_ROUTE, SLACK_ROUTE } from '../contract/routes.ts';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { BreakGlass } from './break-glass.ts';
import { Chat } from './chat.ts';
import { Overview } from './dashboard.ts';
import { Handler } from './handler.ts';
import { Notices } from './notices.ts';
import { allowInvoke, allowSwitches, allowTable } from './permissions.ts';
import { SignIn } from './sign-in.ts';
import { Slack } from './slack.ts';

export interface ControlPlaneStackProps extends StackProps {
  readonly environment: string;
  readonly settings: EnvironmentConfig;
}

/** API Gateway waits 30 s for an answer; a function that is cut off answers nothing. */
const API_TIMEOUT = Duration.seconds(29);
/** A tick ends before the next begins. */
const RECONCILE_TIMEOUT = Duration.seconds(55);
/** It looks ahead past the next tick, waits for the last second of that, and commits. */
const SCHEDULE_TIMEOUT = Duration.seconds(120);

/** A tick, or a drive, that fails or comes late is not repeated: the next one sees the same. */
const ONCE = { maxEventAge: Duration.minutes(1), retryAttempts: 0 };

/** All of one environment but its rule groups: the API and its sign-in, what remembers, what looks after it, who is told. */
export class ControlPlaneStack extends Stack {
  constructor(parent: Construct, id: string, { environment, settings, ...props }: ControlPlaneStackProps) {
    super(parent, id, { description: `Drawbridge ${environment}: maintenance mode from the release sheet.`, ...props });
    const { production } = settings;
    const table = this.#table();
    const signIn = new SignIn(this, 'SignIn', { environment, region: this.region });
    const notices = new Notices(this, 'Notices', { environment, email: settings.alarms.email });

    const variables = {
      ENVIRONMENT: environment,
      CONFIG_FILE: '/var/task/config.json',
      TABLE_NAME: table.tableName,
    };
    const apiName = `drawbridge-${environment}-api`;
    const apiHandler = new Handler(this, 'ApiHandler', {
      name: apiName,
      file: 'api-handler',
      timeout: API_TIMEOUT,
      production,
      variables: {
        ...variables,
        USER_POOL_ID: signIn.userPoolId,
        CLIENT_ID: signIn.clientId,
        JWKS_URI: `${signIn.issuer}/.well-known/jwks.json`,
        DRIVER_FUNCTION: apiName,
      },
    });
    const reconciler = new Handler(this, 'Reconciler', {
      name: `drawbridge-${environment}-reconciler`,
      file: 'reconcile-handler',
      timeout: RECONCILE_TIMEOUT,
      production,
      variables: { ...variables, NOTICE_TOPIC_ARN: notices.topic.topicArn },
      reservedConcurrentExecutions: 1,
    });
    const scheduler = new Handler(this, 'Scheduler', {
      name: `drawbridge-${environment}-scheduler`,
      file: 'schedule-handler',
      timeout: SCHEDULE_TIMEOUT,
      production,
      variables: { ...variables, DRIVER_FUNCTION: apiName },
      // One waits while the next looks; it is safe to run twice.
      reservedConcurrentExecutions: 2,
    });
    for (const { role } of [apiHandler, reconciler, scheduler]) {
      allowTable(role, table.tableArn);
      allowSwitches(role, environment, settings);
    }
    for (const { role } of [apiHandler, scheduler]) allowInvoke(role, apiName);
    apiHandler.function.configureAsyncInvoke(ONCE);
    notices.allowPublish(reconciler.role);
    this.#everyMinute(reconciler, scheduler);

    const slack = settings.slack
      ? new Slack(this, 'Slack', { environment, settings, tableArn: table.tableArn, variables })
      : undefined;
    const isStatusPublic = settings.publicStatus.length > 0;
    const chat = settings.chat
      ? new Chat(this, 'Chat', {
          environment,
          settings,
          chat: settings.chat,
          tableArn: table.tableArn,
          variables,
          notices,
        })
      : undefined;
    const { api } = new Api(this, 'Api', {
      environment,
      handler: apiHandler.function,
      slack: slack?.function,
      isStatusPublic,
      signIn,
      production,
    });
    const breakGlass = new BreakGlass(this, 'BreakGlass', { environment, config: settings, api });
    const alarms = new Alarms(this, 'Alarms', {
      environment,
      api,
      apiHandler: apiHandler.function,
      reconciler: reconciler.function,
      scheduler: scheduler.function,
      slack: slack?.function,
      chat: chat?.function,
      topic: notices.topic,
    });
    new Overview(this, 'Overview', { environment, api, apiHandler, reconciler, scheduler, alarms });

    this.#output({
      ApiUrl: api.apiEndpoint,
      TokenUrl: signIn.tokenUrl,
      UserPoolId: signIn.userPoolId,
      ClientId: signIn.clientId,
      TableName: table.tableName,
      NoticeTopicArn: notices.topic.topicArn,
      BreakGlassPolicyArn: breakGlass.policyArn,
      ...(chat ? { ChatAnswersTopicArn: chat.answersTopicArn } : {}),
      ...(slack ? { SlackRequestUrl: `${api.apiEndpoint}${SLACK_ROUTE.path}` } : {}),
      ...(isStatusPublic ? { PublicStatusUrl: `${api.apiEndpoint}${PUBLIC_ROUTE.path}` } : {}),
    });
  }

  /** Desired state, rundowns and audit: what must outlive the stack. */
  #table(): Table {
    return new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: 'expiresAt',
    });
  }

  #everyMinute(...handlers: readonly Handler[]): void {
    for (const handler of handlers) handler.function.configureAsyncInvoke(ONCE);
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: handlers.map((handler) => new LambdaTarget(handler.function, ONCE)),
    });
  }

  #output(outputs: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }
}
