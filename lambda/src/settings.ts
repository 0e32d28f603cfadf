import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { Config, EnvironmentConfig } from '../../config/schema.ts';
import { explain } from '../../contract/parse.ts';
import type { SignInSettings } from './api/access-token.ts';
import type { FunctionSettings } from './invoke/invoke-function.ts';
import type { Pages } from './waf/rules/pages.ts';

/** The only file that reads the environment and the config file beside the handlers. */

const isHttps = /^https:\/\//;
const isLoopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?\//;

const variables = z.object({
  ENVIRONMENT: z.string(),
  CONFIG_FILE: z.string(),
  TABLE_NAME: z.string(),
  /** Lambda sets it. */
  AWS_REGION: z.string(),
});

const signInVariables = z.object({
  USER_POOL_ID: z.string(),
  CLIENT_ID: z.string(),
  /** Keys that anybody on the way could exchange would open every door. */
  JWKS_URI: z
    .string()
    .check(
      z.refine((uri) => isHttps.test(uri) || isLoopback.test(uri), 'It must be an https URL, or http on loopback.'),
    ),
});

/** The function that drives on what is pending; signed for with the caller's own credentials. */
const driverVariables = z.object({
  DRIVER_FUNCTION: z.string(),
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.optional(z.string()),
  AWS_ENDPOINT_URL_LAMBDA: z.optional(z.string()),
});

const slackVariables = z.object({
  /** Names of two parameters in the Parameter Store. */
  SLACK_SIGNING_SECRETS: z.string(),
  SLACK_BOT_TOKEN: z.string(),
  SLACK_API_URL: z._default(
    z
      .string()
      .check(
        z.refine((url) => isHttps.test(url) || isLoopback.test(url), 'It must be an https URL, or http on loopback.'),
      ),
    'https://slack.com/api/',
  ),
});

const noticeVariables = z.object({ NOTICE_TOPIC_ARN: z.string() });

function read<T extends z.ZodMiniType>(schema: T, input: unknown, place: string): z.output<T> {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  throw new Error(`${place}: ${explain(result.error, input).message}`);
}

/** Checked by the build that made these bundles, and deployed with them: to check it again took a quarter of each start. */
interface ConfigFile {
  readonly config: Config;
  readonly pages: Pages;
}

export interface Settings {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  /** The account that the sheets' script runs as: never an operator. */
  readonly controller: string;
  readonly pages: Pages;
  readonly tableName: string;
  /** Where this runs. */
  readonly region: string;
}

/** @throws Error - Names the variable or the field that is wrong. */
export function readSettings(): Settings {
  const { ENVIRONMENT, CONFIG_FILE, TABLE_NAME, AWS_REGION } = read(variables, process.env, 'environment variables');
  const { config, pages } = JSON.parse(readFileSync(CONFIG_FILE, 'utf8')) as ConfigFile;
  const environment = config.environments[ENVIRONMENT];
  if (!environment) {
    throw new Error(
      `ENVIRONMENT is "${ENVIRONMENT}". It must be one of ${Object.keys(config.environments).join(', ')}.`,
    );
  }
  return {
    environment: ENVIRONMENT,
    config: environment,
    controller: config.controller ?? '',
    pages,
    tableName: TABLE_NAME,
    region: AWS_REGION,
  };
}

export function readSignInSettings(): SignInSettings {
  const { USER_POOL_ID, CLIENT_ID, JWKS_URI } = read(signInVariables, process.env, 'environment variables');
  return { userPoolId: USER_POOL_ID, clientId: CLIENT_ID, jwksUri: JWKS_URI };
}

/** @returns undefined where no function is named: what is pending waits for a poll or the next minute. */
export function readDriver(): FunctionSettings | undefined {
  if (process.env.DRIVER_FUNCTION === undefined) return undefined;
  const variables = read(driverVariables, process.env, 'environment variables');
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  const sessionToken = variables.AWS_SESSION_TOKEN;
  return {
    functionName: variables.DRIVER_FUNCTION,
    region: variables.AWS_REGION,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    endpoint: variables.AWS_ENDPOINT_URL_LAMBDA,
  };
}

/** @throws Error - The config names no Slack app, or a variable is missing. */
export function readSlackSettings({ slack }: EnvironmentConfig) {
  if (!slack) throw new Error('The config names no Slack app for this environment.');
  const variables = read(slackVariables, process.env, 'environment variables');
  const { SLACK_SIGNING_SECRETS: signingSecrets, SLACK_BOT_TOKEN: botToken, SLACK_API_URL: apiUrl } = variables;
  return { slack, signingSecrets, botToken, apiUrl };
}

/** Where a person is told when nobody looks. */
export const readNoticeTopic = (): string =>
  read(noticeVariables, process.env, 'environment variables').NOTICE_TOPIC_ARN;
