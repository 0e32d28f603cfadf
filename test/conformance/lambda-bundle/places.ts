import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateIPSetCommand,
  CreateRuleGroupCommand,
  DeleteIPSetCommand,
  DeleteRuleGroupCommand,
  GetIPSetCommand,
  GetRuleGroupCommand,
  ListRuleGroupsCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { ruleGroupName } from '../../../lambda/src/waf/rules/rules.ts';
import { createClock } from '../../../local/clock.ts';
import { startDynamodb, tableDefinition } from '../../../local/dynamodb/start.ts';
import { startSns } from '../../../local/sns/start.ts';
import { startWaf } from '../../../local/waf/start.ts';
import type { Destination } from './passage.ts';

/** What a deployment makes before the Lambda can do anything, at whatever services the environment names. */
export interface Places {
  readonly waf: WAFV2Client;
  readonly destinations: Readonly<Record<'wafv2' | 'dynamodb' | 'sns', Destination>>;
  readonly topicArn: string;
  /** In the order of the services. */
  readonly switches: readonly Switch[];
  /** WAF takes a call of a kind again. */
  pause(): Promise<void>;
  /** One that is gone is made again, with another id. */
  createGroupAgain(group: Named): Promise<void>;
  clear(): Promise<void>;
}

/** What closes one service, by the names that the SDK wants. */
export interface Switch {
  readonly group: Named;
  readonly sets: Readonly<Record<'ipv4' | 'ipv6', Named>>;
}

export interface Named {
  readonly Name: string;
  readonly Scope: 'REGIONAL';
  readonly Id: string;
}

export interface Wanted {
  readonly region: string;
  readonly services: readonly string[];
  readonly tableName: string;
}

const { AWS_ENDPOINT_URL_WAFV2, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SNS } = process.env;
/** How our WAF counts calls: nobody knows how the real one does. */
const mode = process.env.WAF_RATES === 'strict' ? 'strict' : 'bucket';
/** WAF takes one create a second, and one delete. */
export const BETWEEN_WRITES_MS = 1_100;
const OURS = { accessKeyId: 'production', secretAccessKey: 'local' };
const OUR_TOPIC = 'arn:aws:sns:eu-west-1:111122223333:drawbridge-production';
const MORE_PATIENT = { maxAttempts: 8 };

export async function createPlaces({ region, services, tableName }: Wanted): Promise<Places> {
  const undo: Undo = [];
  const clear = () => clearAll(undo);
  try {
    const table = await createTable(region, tableName, undo);
    const topic = await createTopic(region, tableName, undo);
    const { client, destination, pause } = await findWaf(region, undo);
    const switches: Switch[] = [];
    for (const service of services) {
      switches.push(await createSwitch(client, ruleGroupName({ environment: 'production', service }), pause, undo));
      await pause();
    }
    return {
      ...{ waf: client, destinations: { wafv2: destination, dynamodb: table, sns: topic.destination } },
      ...{ topicArn: topic.topicArn, switches, clear, pause },
      createGroupAgain: async (group) => {
        Object.assign(group, await createGroup(client, group.Name));
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}

type Undo = (() => Promise<unknown>)[];

/** What was made last goes first. @throws Error - Something is left behind in somebody's account. */
async function clearAll(undo: Undo): Promise<void> {
  const left: string[] = [];
  for (const one of undo.reverse()) await patiently(one).catch((error: Error) => left.push(error.message));
  if (left.length > 0) throw new Error(`Not everything was deleted again: ${left.join('; ')}`);
}

/** For a while, WAF knows a rule group as using its sets that is gone already. */
async function patiently(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      if (attempt === 5) throw error;
      await sleep(BETWEEN_WRITES_MS);
    }
  }
}

/** @param theirs - Ours is started if there is none. */
async function find(
  theirs: string | undefined,
  start: () => Promise<{ url: string; close(): Promise<void> }>,
  undo: Undo,
) {
  if (theirs) return { endpoint: theirs };
  const { url, close } = await start();
  undo.push(close);
  return { endpoint: url, credentials: OURS };
}

const Scope = 'REGIONAL' as const;
type Pause = () => Promise<void>;

/** Our WAF has a clock of its own, which need not be waited for. */
async function findWaf(region: string, undo: Undo) {
  const clock = createClock();
  const place = await find(AWS_ENDPOINT_URL_WAFV2, () => startWaf({ clock, quotas: { mode } }), undo);
  const client = new WAFV2Client({ region, ...place, ...MORE_PATIENT });
  undo.push(async () => client.destroy());
  const pause: Pause = async () => {
    if (AWS_ENDPOINT_URL_WAFV2) await sleep(BETWEEN_WRITES_MS);
    else clock.moveTo(clock.now() + BETWEEN_WRITES_MS);
  };
  return { client, pause, destination: { url: place.endpoint, region, credentials: client.config.credentials } };
}

async function createSwitch(client: WAFV2Client, name: string, pause: Pause, undo: Undo): Promise<Switch> {
  const sets: Partial<Record<'ipv4' | 'ipv6', Named>> = {};
  for (const version of ['ipv4', 'ipv6'] as const) {
    const Name = `${name}-${version}`;
    const IPAddressVersion = version.toUpperCase() as 'IPV4' | 'IPV6';
    const { Summary } = await client.send(new CreateIPSetCommand({ Name, Scope, IPAddressVersion, Addresses: [] }));
    const set = { Name, Scope, Id: Summary?.Id as string };
    sets[version] = set;
    undo.push(async () => {
      const { LockToken } = await client.send(new GetIPSetCommand(set));
      await client.send(new DeleteIPSetCommand({ ...set, LockToken }));
      await pause();
    });
    await pause();
  }
  const group = await createGroup(client, name);
  undo.push(async () => {
    const Id = await idOf(client, name);
    const { LockToken } = await client.send(new GetRuleGroupCommand({ ...group, Id }));
    await client.send(new DeleteRuleGroupCommand({ ...group, Id, LockToken }));
    await pause();
  });
  return { group, sets: sets as Switch['sets'] };
}

async function createGroup(client: WAFV2Client, Name: string): Promise<Named> {
  const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: Name };
  const { Summary } = await client.send(new CreateRuleGroupCommand({ Name, Scope, Capacity: 250, VisibilityConfig }));
  return { Name, Scope, Id: Summary?.Id as string };
}

/** It may have been made again meanwhile, under another id. */
async function idOf(client: WAFV2Client, name: string): Promise<string | undefined> {
  const { RuleGroups = [] } = await client.send(new ListRuleGroupsCommand({ Scope, Limit: 100 }));
  return RuleGroups.find(({ Name }) => Name === name)?.Id;
}

async function createTable(region: string, TableName: string, undo: Undo): Promise<Destination> {
  const place = await find(AWS_ENDPOINT_URL_DYNAMODB, () => startDynamodb(), undo);
  const client = new DynamoDBClient({ region, ...place });
  undo.push(async () => client.destroy());
  await client.send(new CreateTableCommand(tableDefinition(TableName)));
  undo.push(() => client.send(new DeleteTableCommand({ TableName })));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName });
  return { url: place.endpoint, region, credentials: client.config.credentials };
}

async function createTopic(region: string, name: string, undo: Undo) {
  if (!AWS_ENDPOINT_URL_SNS) {
    const publishers = [{ environment: 'production', accessKeyId: OURS.accessKeyId, topicArn: OUR_TOPIC }];
    const { url, close } = await startSns({ clock: createClock(), publishers });
    undo.push(close);
    return { topicArn: OUR_TOPIC, destination: { url, region, credentials: async () => OURS } };
  }
  const client = new SNSClient({ region, endpoint: AWS_ENDPOINT_URL_SNS });
  undo.push(async () => client.destroy());
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: name }));
  undo.push(() => client.send(new DeleteTopicCommand({ TopicArn })));
  const destination = { url: AWS_ENDPOINT_URL_SNS, region, credentials: client.config.credentials };
  return { topicArn: TopicArn, destination };
}
