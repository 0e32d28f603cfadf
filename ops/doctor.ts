import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { readBuiltConfig } from './built-config.ts';
import { doctorCommand } from './doctor/command.ts';
import { withPermission } from './doctor/finding.ts';
import { distributionsOf, get, healthChecksOf, postNothing, subscriptionsOf } from './doctor/read-resources.ts';
import { machineClient } from './machine-client.ts';
import { slackSecretsIn } from './slack/parameters.ts';
import { slackIdentity } from './slack/web-api.ts';
import { readStackOutputs } from './stack-outputs.ts';
import { start } from './terminal.ts';
import { fetchToken } from './token.ts';
import { wafReader } from './waf-reader.ts';

/** `npm run doctor`: wiring. */
const time = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
await start(
  doctorCommand({
    readBuiltConfig,
    readers: (environment, { region }) => ({
      outputs: () => readStackOutputs(new CloudFormationClient({ region }), environment, region),
      api: (outputs) => ({
        get,
        async token() {
          const client = machineClient(new CognitoIdentityProviderClient({ region }), outputs);
          const { secret = '' } = await withPermission('cognito-idp:DescribeUserPoolClient', () => client.describe());
          return fetchToken({ ...outputs, clientSecret: secret });
        },
      }),
      slack: {
        post: postNothing,
        parameters: slackSecretsIn(new SSMClient({ region }), environment),
        identity: slackIdentity,
      },
      subscriptions: (topicArn) => subscriptionsOf(new SNSClient({ region }), topicArn),
      waf: wafReader((at) => new WAFV2Client({ region: at }), time),
      distributions: (arn) => distributionsOf(new CloudFrontClient({ region: 'us-east-1' }), arn),
      healthChecks: (at, arn) => healthChecksOf(new ElasticLoadBalancingV2Client({ region: at }), arn),
    }),
  }),
);
