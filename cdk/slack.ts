import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema.ts';
import { slackParameters } from '../contract/slack-parameters.ts';
import { Handler } from './handler.ts';
import { allowInvoke, allowSwitches, allowTable } from './permissions.ts';

export interface SlackProps {
  readonly environment: string;
  readonly settings: EnvironmentConfig;
  readonly tableArn: string;
  /** What every handler reads. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Slack has its answer within three seconds, from one invocation; another one does the work, and proves it. */
const TIMEOUT = Duration.seconds(120);
/** Each event has an id that follows from Slack's: what is tried again does nothing twice. */
const ONCE_MORE = { maxEventAge: Duration.minutes(5), retryAttempts: 1 };

/**
 * The second door. It may do what an operation needs, read the app's two secrets, and invoke itself: nothing else, so that
 * anyone who could make it do more would find it cannot.
 */
export class Slack extends Construct {
  readonly function: IFunction;

  constructor(parent: Construct, id: string, { environment, settings, tableArn, variables }: SlackProps) {
    super(parent, id);
    const name = `drawbridge-${environment}-slack`;
    const parameters = slackParameters(environment);
    const handler = new Handler(this, 'Handler', {
      name,
      file: 'slack-handler',
      timeout: TIMEOUT,
      production: settings.production,
      variables: {
        ...variables,
        DRIVER_FUNCTION: name,
        SLACK_SIGNING_SECRETS: parameters.signingSecrets,
        SLACK_BOT_TOKEN: parameters.botToken,
      },
    });
    const { role } = handler;
    allowTable(role, tableArn);
    allowSwitches(role, environment, settings);
    allowInvoke(role, name);
    // With the key that AWS manages for the Parameter Store, anyone who may read a parameter may decrypt it.
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:GetParameters'],
        resources: Object.values(parameters).map((parameter) =>
          Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameter.slice(1) }),
        ),
      }),
    );
    handler.function.configureAsyncInvoke(ONCE_MORE);
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(handler.function, { maxEventAge: Duration.minutes(1), retryAttempts: 0 })],
    });
    this.function = handler.function;
  }
}
