import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '../../../config/define-config.ts';
import type { Action } from '../../../contract/modes.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import type { SyncAnswer } from '../../../contract/sync-answer.ts';
import type { SyncRequest } from '../../../contract/sync-request.ts';
import { createClock } from '../../../local/clock.ts';
import { startCognito } from '../../../local/cognito/start.ts';
import { committedPages } from '../../committed-pages.ts';
import { DIST } from '../../stack.ts';
import { type Instance, startInstance } from './instance.ts';
import { startPassage } from './passage.ts';
import { createPlaces } from './places.ts';

/** The built handlers as instances, led by their environment to a passage in front of the services. */

const region = process.env.AWS_REGION ?? 'eu-west-1';
export const OPERATOR = 'release.manager@example.com';
const ON_CALL = 'arn:aws:iam::111122223333:user/on-call';
const POOL = { userPoolId: 'eu-west-1_Production', clientId: 'our-client', clientSecrets: ['local'] };
const SCOPES = ['drawbridge/operate', 'drawbridge/read'];

export type Deployment = Awaited<ReturnType<typeof startDeployment>>;

/** @param count - So many services; their groups, sets, the table and the topic are made, and deleted again. */
export async function startDeployment(count = 1) {
  const run = randomUUID().slice(0, 8);
  const services = Array.from({ length: count }, (_one, at) => `conformance-${run}${count === 1 ? '' : `-${at + 1}`}`);
  const tableName = `drawbridge-conformance-${run}`;
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-'));
  const cognito = await startCognito({ clock: createClock(), pools: { production: { ...POOL, scopes: SCOPES } } });
  const places = await createPlaces({ region, services, tableName });
  const passage = await startPassage(places.destinations);
  const instances: Instance[] = [];

  /** @param known - The services that its config has. */
  async function start(handler: 'api' | 'reconcile', known = services): Promise<Instance> {
    const environment = {
      ENVIRONMENT: 'production',
      CONFIG_FILE: await writeConfig(folder, known),
      TABLE_NAME: tableName,
      USER_POOL_ID: POOL.userPoolId,
      CLIENT_ID: POOL.clientId,
      JWKS_URI: cognito.jwksUri('production'),
      NOTICE_TOPIC_ARN: places.topicArn,
      AWS_REGION: region,
      // The passage signs for the services; nothing else is behind it.
      AWS_ACCESS_KEY_ID: 'lambda',
      AWS_SECRET_ACCESS_KEY: 'lambda',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...passage.environment,
    };
    const instance = await startInstance(new URL(`lambda/${handler}-handler.mjs`, DIST), environment);
    instances.push(instance);
    return instance;
  }

  /** One exchange with a release sheet, as API Gateway hands it on. */
  async function sync(api: Instance, spreadsheetId: string, request: SyncRequest): Promise<SyncAnswer> {
    const token = await cognito.sign('production');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const routeKey = 'POST /rundowns/{id}/sync';
    const pathParameters = { id: spreadsheetId };
    const event = { version: '2.0', routeKey, headers, pathParameters, body: JSON.stringify(request) };
    const { statusCode, body } = (await api.invoke(event)) as { statusCode: number; body: string };
    if (statusCode !== 200) throw new Error(`The sync was answered with ${statusCode}: ${body}`);
    return JSON.parse(body) as SyncAnswer;
  }

  return {
    services,
    sync,
    places,
    passage,
    start,
    async close() {
      await Promise.all(instances.map((instance) => instance.stop()));
      await passage.close();
      await places.clear();
      await cognito.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeConfig(folder: string, services: readonly string[]): Promise<string> {
  const config = defineConfig({
    environments: {
      production: {
        region,
        operators: [OPERATOR],
        breakGlass: { principals: [ON_CALL] },
        services: services.map((name) => ({
          name,
          // What the public sees is for the local site and its proofs: here it is what WAF was told.
          targets: [{ scope: 'REGIONAL' as const, region, verification: 'none' as const }],
          apiPrefixes: ['/api/'],
          apiOrigins: ['https://app.example.com'],
          exemptPaths: ['/health', { prefix: '/webhooks/' }],
        })),
      },
    },
  });
  const file = join(folder, `config-${randomUUID()}.json`);
  await writeFile(file, JSON.stringify({ config, pages: await committedPages() }));
  return file;
}

/** A minute passes. */
export const tick = (reconciler: Instance) => reconciler.invoke({ source: 'aws.scheduler' });

/** As the command sends it. */
export function bodyOf(service: string, action: Action, more: object = {}) {
  const requestedAt = new Date().toISOString();
  return { operationId: `op-${randomUUID()}`, service, action, requestedAt, reason: 'conformance', ...more };
}

/** As API Gateway hands on what somebody has signed. */
export async function post(api: Instance, body: object): Promise<Operation> {
  const headers = { 'content-type': 'application/json' };
  const requestContext = { authorizer: { iam: { userArn: ON_CALL } } };
  const routeKey = 'POST /break-glass/operations';
  const event = { version: '2.0', routeKey, headers, requestContext, body: JSON.stringify(body) };
  const { body: text } = (await api.invoke(event)) as { body: string };
  return JSON.parse(text) as Operation;
}
