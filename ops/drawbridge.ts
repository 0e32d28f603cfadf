import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { probe } from '../lambda/src/proof/probe.ts';
import { createRuleGroupStore } from '../lambda/src/waf/rule-groups.ts';
import { readBuiltConfig } from './built-config.ts';
import { callerIdentity } from './caller-identity.ts';
import { drawbridgeCommand } from './drawbridge-command.ts';
import { readStackOutputs } from './stack-outputs.ts';
import { start } from './terminal.ts';

/** `npm run drawbridge`: wiring. */
const time = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
const credentials = defaultProvider();
await start(
  drawbridgeCommand({
    ...time,
    random: Math.random,
    readBuiltConfig,
    credentials,
    ruleGroups: createRuleGroupStore(time),
    probe,
    apiUrl: async (environment, region) =>
      (await readStackOutputs(new CloudFormationClient({ region }), environment, region)).apiUrl,
    callerIdentity: (region) =>
      callerIdentity({ region, credentials, now: time.now, endpoint: process.env.AWS_ENDPOINT_URL_STS }),
  }),
);
