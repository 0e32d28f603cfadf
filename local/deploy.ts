import type { EnvironmentConfig } from '../config/schema.ts';
import { slackParameters } from '../contract/slack-parameters.ts';
import { type Account, HOME_REGION } from './accounts.ts';
import type { Clock } from './clock.ts';
import { createTable } from './dynamodb/start.ts';
import { type FunctionOptions, type LocalFunction, startFunction } from './lambda-runtime/start.ts';
import { provision } from './provision.ts';
import type { Trace } from './trace.ts';

export interface Deployment {
  readonly account: Account;
  readonly config: EnvironmentConfig;
  readonly api: LocalFunction;
  readonly reconciler: LocalFunction;
  readonly scheduler: LocalFunction;
  /** Only where the config names a Slack app. */
  readonly slack?: LocalFunction;
  close(): Promise<void>;
}

export interface DeployOptions {
  readonly account: Account;
  readonly config: EnvironmentConfig;
  readonly dist: URL;
  readonly configFile: string;
  readonly clientId: string;
  readonly jwksUri: string;
  readonly wafUrl: string;
  readonly dynamodbUrl: string;
  readonly snsUrl: string;
  readonly lambdaUrl: string;
  readonly noticeTopicArn: string;
  readonly ssmUrl: string;
  readonly slackApiUrl: string;
  /** By host name, the loopback port of the site behind it. */
  readonly hosts: Readonly<Record<string, { port: number }>>;
  readonly clock: Clock;
  readonly trace: Trace;
}

/** As the stack has it. */
const SCHEDULE_TIMEOUT_MS = 120_000;
const SLACK_TIMEOUT_MS = 120_000;

/** Brings one environment up, as its CloudFormation stacks would: table, empty rule groups, Lambdas. */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { account, config, dist, clock, trace, hosts } = options;
  await createTable(options.dynamodbUrl, account.tableName);
  await provision(account, config, { url: options.wafUrl }, clock);
  const environment = {
    ENVIRONMENT: account.environment,
    CONFIG_FILE: options.configFile,
    TABLE_NAME: account.tableName,
    USER_POOL_ID: account.userPoolId,
    CLIENT_ID: options.clientId,
    JWKS_URI: options.jwksUri,
    AWS_REGION: HOME_REGION,
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_WAFV2: options.wafUrl,
    AWS_ENDPOINT_URL_DYNAMODB: options.dynamodbUrl,
    AWS_ENDPOINT_URL_LAMBDA: options.lambdaUrl,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const workerFile = new URL('local/lambda-worker.mjs', dist);
  const notices = { NOTICE_TOPIC_ARN: options.noticeTopicArn, AWS_ENDPOINT_URL_SNS: options.snsUrl };
  const driver = { DRIVER_FUNCTION: `api-${account.environment}` };
  const start = (name: string, handler: string, more: Partial<FunctionOptions> = {}) =>
    startFunction({
      name: `${name}-${account.environment}`,
      bundle: new URL(`lambda/${handler}.mjs`, dist),
      clock,
      trace: (hop) => trace({ ...hop, environment: account.environment }),
      workerFile,
      hosts,
      environment,
      ...more,
    });
  const [api, reconciler, scheduler] = await Promise.all([
    start('api', 'api-handler', { environment: { ...environment, ...driver } }),
    start('reconciler', 'reconcile-handler', { concurrency: 1, environment: { ...environment, ...notices } }),
    start('scheduler', 'schedule-handler', {
      ...{ concurrency: 2, timeoutMs: SCHEDULE_TIMEOUT_MS },
      environment: { ...environment, ...driver },
    }),
  ]);
  const slackName = `slack-${account.environment}`;
  const { signingSecrets, botToken } = slackParameters(account.environment);
  const slack = config.slack
    ? await start('slack', 'slack-handler', {
        ...{ timeoutMs: SLACK_TIMEOUT_MS, asyncRetries: 1 },
        environment: {
          ...environment,
          DRIVER_FUNCTION: slackName,
          SLACK_SIGNING_SECRETS: signingSecrets,
          SLACK_BOT_TOKEN: botToken,
          SLACK_API_URL: options.slackApiUrl,
          AWS_ENDPOINT_URL_SSM: options.ssmUrl,
        },
      })
    : undefined;
  return {
    account,
    config,
    api,
    reconciler,
    scheduler,
    ...(slack ? { slack } : {}),
    async close() {
      await Promise.all([api, reconciler, scheduler, slack].map((one) => one?.close()));
    },
  };
}
