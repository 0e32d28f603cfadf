import { Duration, Stack } from 'aws-cdk-lib';
import { CfnCustomAction, CfnSlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ChatCommand } from '../config/chat-commands.ts';
import { chatCommands } from '../config/lets-through.ts';
import type { ChatConfig, EnvironmentConfig } from '../config/schema.ts';
import { Handler } from './handler.ts';
import type { Notices } from './notices.ts';
import { allowSwitches, allowTable } from './permissions.ts';

export interface ChatProps {
  readonly environment: string;
  readonly settings: EnvironmentConfig;
  readonly chat: ChatConfig;
  readonly tableArn: string;
  /** What every handler reads. */
  readonly variables: Readonly<Record<string, string>>;
  readonly notices: Notices;
}

/** An operation is asked for in seconds; the rest waits for its proof. */
const TIMEOUT = Duration.seconds(120);
/** Each event has an id that Lambda keeps: what is tried again does nothing twice. */
const ONCE_MORE = { maxEventAge: Duration.minutes(5), retryAttempts: 1 };

/**
 * The AWS-native way: Amazon Q Developer in chat applications, in one Slack channel. Anyone who writes there may invoke one
 * function, and nothing else in the account: the channel's role and its guardrail are one policy. A guardrail that is left
 * out would be AdministratorAccess.
 */
export class Chat extends Construct {
  readonly function: IFunction;
  readonly answersTopicArn: string;

  constructor(parent: Construct, id: string, { environment, settings, chat, tableArn, variables, notices }: ChatProps) {
    super(parent, id);
    // Answers are for the channel alone: who gets e-mail when something is wrong does not hear of each status.
    const answers = new Topic(this, 'Answers', {
      displayName: `Drawbridge ${environment}, answers`,
      masterKey: notices.key,
      enforceSSL: true,
    });
    this.answersTopicArn = answers.topicArn;
    const name = `drawbridge-${environment}-chat`;
    const handler = new Handler(this, 'Handler', {
      name,
      file: 'chat-handler',
      timeout: TIMEOUT,
      production: settings.production,
      variables: { ...variables, NOTICE_TOPIC_ARN: answers.topicArn },
    });
    allowTable(handler.role, tableArn);
    allowSwitches(handler.role, environment, settings);
    notices.allowPublish(handler.role, answers);
    handler.function.configureAsyncInvoke(ONCE_MORE);
    this.function = handler.function;

    const mayInvoke = new ManagedPolicy(this, 'MayInvoke', {
      description: `The chat channel of Drawbridge ${environment} may invoke ${name}, and nothing else.`,
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.function.functionArn] }),
      ],
    });
    const role = new Role(this, 'ChannelRole', {
      assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      managedPolicies: [mayInvoke],
    });
    const actions = chatCommands(settings).map((command) => this.#action(environment, name, command));
    new CfnSlackChannelConfiguration(this, 'Channel', {
      configurationName: `drawbridge-${environment}`,
      slackWorkspaceId: chat.workspace,
      slackChannelId: chat.channel,
      iamRoleArn: role.roleArn,
      guardrailPolicies: [mayInvoke.managedPolicyArn],
      userRoleRequired: false,
      loggingLevel: 'INFO',
      snsTopicArns: [notices.topic.topicArn, answers.topicArn],
      customizationResourceArns: actions.map(({ attrCustomActionArn }) => attrCustomActionArn),
    });
  }

  /** `@Amazon Q run production-enter shop`. A command that is waited for ends after 15 s: it is not. */
  #action(environment: string, functionName: string, command: ChatCommand): CfnCustomAction {
    const payload = command === 'status' ? { command } : { command, service: '$service' };
    const words = ['lambda invoke', `--function-name ${functionName}`, `--payload ${JSON.stringify(payload)}`];
    return new CfnCustomAction(this, `Action-${command}`, {
      actionName: `drawbridge-${environment}-${command}`,
      aliasName: `${environment}-${command}`,
      definition: {
        commandText: [...words, '--invocation-type Event', `--region ${Stack.of(this).region}`].join(' '),
      },
    });
  }
}
