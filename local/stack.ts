import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Config, EnvironmentConfig } from '../config/schema.ts';
import {
  IAM_ROUTES,
  IAM_THROTTLE,
  OPERATE_SCOPE,
  PUBLIC_ROUTE,
  PUBLIC_THROTTLE,
  READ_SCOPE,
  SLACK_ROUTE,
  SLACK_THROTTLE,
  TOKEN_ROUTES,
  TOKEN_THROTTLE,
} from '../contract/routes.ts';
import { type Account, accountOf, HOME_REGION, onCallArn } from './accounts.ts';
import type { FaultInjection } from './apps-script-runtime/fault-injection.ts';
import { createCleanup, type Opened } from './cleanup.ts';
import { createClock } from './clock.ts';
import { startCognito } from './cognito/start.ts';
import { type Deployment, deploy } from './deploy.ts';
import { startDynamodb } from './dynamodb/start.ts';
import { startGateway } from './gateway/start.ts';
import { createHopLog } from './hop-log.ts';
import { startInvokeApi } from './lambda-runtime/invoke-api.ts';
import { localConfig } from './local-config.ts';
import { send } from './outside-network.ts';
import { startSheets } from './sheets.ts';
import { startSites } from './sites.ts';
import { putSlackSecrets } from './slack/put-secrets.ts';
import { type SlackAppOptions, startSlack } from './slack/start.ts';
import { type Publisher, startSns } from './sns/start.ts';
import { startSsm } from './ssm/start.ts';
import { startWaf, type WafOptions } from './waf/start.ts';

const MINUTE_MS = 60_000;
/** The set-up takes WAF's own time, on the local clock: it began a minute ago and is over now. */
const SET_UP_MS = 60_000;

const ROUTES = [
  ...TOKEN_ROUTES.map(({ method, path, scope }) => ({ method, path, authorization: 'JWT' as const, scopes: [scope] })),
  ...IAM_ROUTES.map((route) => ({ ...route, authorization: 'AWS_IAM' as const, scopes: [], throttle: IAM_THROTTLE })),
];

const OPEN = { authorization: 'NONE' as const, scopes: [] };
const OPEN_TO_SLACK = { ...SLACK_ROUTE, ...OPEN, throttle: SLACK_THROTTLE };
const OPEN_TO_ALL = { ...PUBLIC_ROUTE, ...OPEN, throttle: PUBLIC_THROTTLE };
const SLACK_ROUTE_KEY = `${SLACK_ROUTE.method} ${SLACK_ROUTE.path}`;

const SCHEDULED_EVENT = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

export interface StackOptions {
  /** Where `npm run build` has put everything. */
  readonly dist: URL;
  /** The first of six ports (sheet, site, api, token, waf, dynamodb); 0 lets the machine choose each. */
  readonly port?: number;
  /** Milliseconds since the epoch; the machine's time if left out. */
  readonly startAt?: number;
  readonly propagation?: { minMs: number; maxMs: number };
  /** How WAF counts calls. */
  readonly quotas?: WafOptions['quotas'];
  readonly faultInjection?: FaultInjection;
  readonly proof?: EnvironmentConfig['proof'];
  /** Pages are kept so long by a CDN that stands before the sites, and before their firewall. Left out: there is none. */
  readonly cachedForMs?: number;
}

export type Stack = Awaited<ReturnType<typeof startParts>> & { close(): Promise<void> };

/** The whole product on this machine; whatever was started is closed again if a part of it fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { opened, close } = createCleanup();
  try {
    return { ...(await startParts(options, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts(options: StackOptions, opened: Opened) {
  const { dist, port = 0, startAt, propagation, quotas, faultInjection, cachedForMs } = options;
  const portOf = (index: number) => (port === 0 ? 0 : port + index);
  const clock = createClock(startAt ?? Date.now() - SET_UP_MS);
  const hopLog = createHopLog();
  const { trace } = hopLog;
  const { config, configFile } = await readConfig(options, opened);
  const names = Object.keys(config.environments);
  const accounts = Object.fromEntries(names.map((name) => [name, accountOf(name)]));
  const clients = Object.fromEntries(names.map((name) => [name, machineClient()]));

  const waf = opened(await startWaf({ port: portOf(4), clock, trace, propagation, quotas }));
  const dynamodb = opened(await startDynamodb({ port: portOf(5), clock }));
  const publishers = Object.values(accounts).map(publisherOf);
  const sns = opened(await startSns({ clock, trace, publishers }));
  const sites = await startSites({
    config,
    accounts,
    dataPlane: waf.dataPlane,
    firstPort: portOf(1),
    opened,
    now: clock.now,
    trace,
    cachedForMs,
  });
  const hosts = Object.fromEntries(sites.flatMap((site) => site.hosts.map((host) => [host, { port: site.port }])));
  const cognito = opened(await startCognito({ port: portOf(3), clock, trace, pools: pools(accounts, clients) }));

  const ssm = opened(await startSsm({ clock, trace }));
  const slackApps = slackAppsOf(config, (environment) => gateway.apiUrl(environment));
  const slack = opened(await startSlack({ clock, trace, apps: slackApps }));
  for (const [environment, app] of Object.entries(slackApps)) {
    await putSlackSecrets(ssm.url, accounts[environment] as Account, app);
  }

  const deployments: Record<string, Deployment> = {};
  const lambda = opened(
    await startInvokeApi({
      sleep: clock.sleep,
      find: (name, accessKeyId) =>
        Object.values(deployments)
          .filter(({ account }) => account.accessKeyId === accessKeyId)
          .flatMap(functionsOf)
          .find((one) => one.name === name),
    }),
  );
  for (const [name, environment] of Object.entries(config.environments)) {
    const account = accounts[name] as Account;
    const clientId = (clients[name] as MachineClient).clientId;
    const urls = { jwksUri: cognito.jwksUri(name), wafUrl: waf.url, dynamodbUrl: dynamodb.url, lambdaUrl: lambda.url };
    const notices = { snsUrl: sns.url, noticeTopicArn: publisherOf(account).topicArn };
    const slackUrls = { ssmUrl: ssm.url, slackApiUrl: `${slack.url}/api/` };
    const doors = { ...urls, ...notices, ...slackUrls, hosts, clock, trace };
    deployments[name] = opened(await deploy({ account, config: environment, dist, configFile, clientId, ...doors }));
  }
  if (startAt === undefined && clock.now() < Date.now()) clock.moveTo(Date.now());

  const onCall = Object.fromEntries(Object.values(accounts).map((account) => [account.environment, engineer(account)]));
  const apis = Object.fromEntries(
    Object.entries(deployments).map(([name, { api, slack: slackFunction }]) => {
      const audience = [(clients[name] as MachineClient).clientId];
      const authorizer = { issuer: cognito.issuer(name), audience, jwksUri: cognito.jwksUri(name) };
      const principals = onCall[name]?.principals;
      const invoke = (event: { routeKey: string }) =>
        slackFunction && event.routeKey === SLACK_ROUTE_KEY ? slackFunction.invoke(event) : api.invoke(event);
      const isStatusPublic = (config.environments[name]?.publicStatus ?? []).length > 0;
      const openRoutes = [...(slackFunction ? [OPEN_TO_SLACK] : []), ...(isStatusPublic ? [OPEN_TO_ALL] : [])];
      const routes = [...ROUTES, ...openRoutes];
      return [name, { ...authorizer, principals, routes, invoke }];
    }),
  );
  const gateway = opened(await startGateway({ port: portOf(2), clock, trace, apis, throttle: TOKEN_THROTTLE }));

  const routes = Object.fromEntries(
    Object.values(accounts).flatMap(({ environment, apiUrl, tokenUrl }) => [
      [apiUrl, `${gateway.url}/${environment}`],
      [new URL(tokenUrl).origin, `${cognito.url}/${environment}`],
    ]),
  );
  const connections = Object.values(accounts).map((account) => ({
    account,
    ...(clients[account.environment] as MachineClient),
  }));
  const sheets = opened(await startSheets({ dist, clock, trace, faultInjection, routes, connections, config }));

  /** One minute tick of a function of every environment, as EventBridge would. */
  const tickAll = async (name: 'reconciler' | 'scheduler' | 'slack') => {
    await Promise.all(Object.values(deployments).map((deployment) => deployment[name]?.invoke(SCHEDULED_EVENT)));
  };
  const reconcile = () => tickAll('reconciler');
  /** Ends when the last step that is due until past the next minute has fired: move the clock, or wait. */
  const runSchedule = () => tickAll('scheduler');
  const runSlack = () => tickAll('slack');

  return {
    config,
    clock,
    waf,
    lambda,
    dynamodb,
    ssm,
    cognito,
    gateway,
    deployments,
    sites,
    /** What people would have got by mail, oldest first. */
    notices: sns.notices,
    ...sheets,
    hops: hopLog.hops,
    onHop: hopLog.onHop,
    reconcile,
    runSchedule,
    runSlack,
    /** The workspace of each environment that has a Slack app. */
    slack: slack.apps,
    /** Every function starts anew with another config. What stands in the firewall is retained, as by its stacks. */
    async redeploy(change: (config: Config) => Config) {
      const deployed = JSON.parse(await readFile(configFile, 'utf8'));
      await writeFile(configFile, JSON.stringify({ ...deployed, config: change(deployed.config) }));
      for (const one of Object.values(deployments).flatMap(functionsOf)) one.redeploy();
    },
    /** What a minute brings in AWS. */
    async minute() {
      await Promise.all([reconcile(), runSchedule(), runSlack()]);
    },
    /** A fresh access token of the environment's machine client, by the same endpoint that the script uses. */
    async token(environment: string): Promise<string> {
      const client = clients[environment];
      if (!client) throw new Error(`There is no environment "${environment}". There are: ${names.join(', ')}.`);
      const answer = await send({
        url: cognito.tokenUrl(environment),
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials&scope=drawbridge%2Foperate+drawbridge%2Fread',
      });
      return JSON.parse(answer.body).access_token;
    },
    /** What the break-glass command needs of an environment: its API, and somebody whom IAM lets in. */
    breakGlass(environment: string) {
      const credentials = onCall[environment]?.credentials;
      if (!credentials) throw new Error(`There is no environment "${environment}". There are: ${names.join(', ')}.`);
      return { url: gateway.apiUrl(environment), region: HOME_REGION, credentials };
    },
    /** Lets minutes pass by themselves: the sheet's tick, the reconcilers' and the schedulers'. */
    startTicking(onError: (error: unknown) => void) {
      const { quirks, tick } = sheets.runtime;
      let afterSkip: Promise<unknown> = Promise.resolve();
      const tickSheets = (periods: number) => {
        const ticked = tick().catch(onError);
        // Nobody fell silent in minutes that were skipped: AWS's schedules of the new time come after the script's.
        if (periods > 1) afterSkip = Promise.race([ticked, setTimeout(LONGEST_TICK_MS, undefined, { ref: false })]);
      };
      opened({ close: every(quirks.tickEverySeconds * 1_000, clock, tickSheets) });
      for (const fire of [reconcile, runSchedule, runSlack]) {
        const inTurn = (periods: number) => (periods > 1 ? afterSkip.then(fire) : fire()).catch(onError);
        opened({ close: every(MINUTE_MS, clock, inTurn) });
      }
    },
  };
}

/** By the machine's clock; a tick that follows what runs takes longer. */
const LONGEST_TICK_MS = 10_000;

/** Fires at each full minute, or whatever the period is, of the clock; one that was moved over several fires once, with their number. */
function every(
  periodMs: number,
  clock: { now(): number; onMove(listener: () => void): () => void },
  fire: (periods: number) => void,
): () => void {
  let last = Math.floor(clock.now() / periodMs);
  const check = () => {
    const now = Math.floor(clock.now() / periodMs);
    const periods = now - last;
    last = now;
    if (periods > 0) fire(periods);
  };
  const timer = setInterval(check, 250);
  const endMoves = clock.onMove(check);
  return () => {
    clearInterval(timer);
    endMoves();
  };
}

const functionsOf = ({ api, reconciler, scheduler, slack }: Deployment) => [
  ...[api, reconciler, scheduler],
  ...(slack ? [slack] : []),
];

/** New secrets with every start. @param apiUrl - Of an environment; asked for when something is sent. */
function slackAppsOf(
  { environments }: Config,
  apiUrl: (environment: string) => string,
): Record<string, SlackAppOptions> {
  const apps = Object.entries(environments).flatMap(([environment, { slack }]) => {
    if (!slack) return [];
    const signingSecret = randomBytes(16).toString('hex');
    const botToken = `xoxb-${randomBytes(16).toString('hex')}`;
    const requestUrl = () => `${apiUrl(environment)}${SLACK_ROUTE.path}`;
    return [[environment, { slack, signingSecret, botToken, requestUrl }] as const];
  });
  return Object.fromEntries(apps);
}

async function readConfig(
  { dist, proof }: StackOptions,
  opened: Opened,
): Promise<{ config: Config; configFile: string }> {
  const committed = JSON.parse(await readFile(new URL('local/config.json', dist), 'utf8'));
  const config = localConfig(committed.config, proof);
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-'));
  opened({ close: () => rm(folder, { recursive: true, force: true }) });
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify({ ...committed, config }));
  return { config, configFile };
}

const publisherOf = ({ environment, accountId, accessKeyId }: Account): Publisher => ({
  environment,
  accessKeyId,
  topicArn: `arn:aws:sns:${HOME_REGION}:${accountId}:drawbridge-${environment}`,
});

interface MachineClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** New with every start: no secret of the local stack is ever written down. */
const machineClient = (): MachineClient => ({
  clientId: randomBytes(13).toString('hex'),
  clientSecret: randomBytes(26).toString('hex'),
});

/** The access key is also what the local WAF knows the person by. */
function engineer(account: Account) {
  const { accountId, accessKeyId } = account;
  const secretAccessKey = randomBytes(20).toString('hex');
  return {
    credentials: { accessKeyId, secretAccessKey },
    principals: { [accessKeyId]: { secretAccessKey, accountId, userArn: onCallArn(account), userId: 'on-call' } },
  };
}

function pools(accounts: Record<string, Account>, clients: Record<string, MachineClient>) {
  const entries = Object.entries(accounts).map(([name, { userPoolId }]) => {
    const { clientId, clientSecret } = clients[name] as MachineClient;
    return [name, { userPoolId, clientId, clientSecrets: [clientSecret], scopes: [OPERATE_SCOPE, READ_SCOPE] }];
  });
  return Object.fromEntries(entries);
}
