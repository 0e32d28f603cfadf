import { IAM_ROUTES, SLACK_ROUTE, TOKEN_ROUTES } from '../../contract/routes.ts';
import { signedHeaders } from '../../lambda/src/invoke/sigv4.ts';
import { createClock } from '../../local/clock.ts';
import { type Cognito, startCognito } from '../../local/cognito/start.ts';
import type { Principals } from '../../local/gateway/iam-authorizer.ts';
import { startGateway } from '../../local/gateway/start.ts';
import { type HttpAnswer, ON_CALL, Servers } from '../simulation/servers.ts';
import { CALLERS, POOL } from './attacks.ts';

/** The two ways to the handlers: as they are, with what a gateway would hand over; and over HTTP through the local gateway. */

export interface Sent {
  readonly method: string;
  /** Such as `/rundowns/{id}/sync`. */
  readonly route: string;
  /** In the place of `{id}`. */
  readonly id?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string | undefined;
  /** Whom IAM knows the caller as. */
  readonly caller?: string | undefined;
}

export interface Door {
  readonly name: 'handlers' | 'gateway';
  readonly cognito: Cognito;
  send(servers: Servers, sent: Sent): Promise<HttpAnswer>;
}

const REGION = 'eu-west-1';
const SECRET_KEY = 'the secret key of everybody in here';
const everybody = [ON_CALL, ...CALLERS.filter((caller) => caller)] as string[];
const keyOf = (caller: string): string => `AKIA${everybody.indexOf(caller)}`;
const PRINCIPALS: Principals = Object.fromEntries(
  everybody.map((userArn) => [
    keyOf(userArn),
    { secretAccessKey: SECRET_KEY, accountId: '111122223333', userArn, userId: userArn },
  ]),
);

/** Signs as that caller, unless a case says otherwise. */
export async function signAs(
  caller: string,
  url: URL,
  method: string,
  body: string,
  more: { at?: Date; region?: string } = {},
) {
  const { at = new Date(), region = REGION } = more;
  const credentials = { accessKeyId: keyOf(caller), secretAccessKey: SECRET_KEY };
  const headers = { host: url.host, 'content-type': 'application/json' };
  return signedHeaders({ method, url, headers, body }, { credentials, region, service: 'execute-api', at });
}

const bare = (cognito: Cognito): Door => ({
  name: 'handlers',
  cognito,
  send: (servers, { method, route, id = '', body, headers = {}, authorization, caller }) =>
    servers.handle({
      routeKey: `${method} ${route}`,
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      pathParameters: { id },
      ...(body === undefined ? {} : { body }),
      requestContext: { authorizer: { iam: caller === undefined ? {} : { userArn: caller } } },
    }),
});

export interface GatewayDoor extends Door {
  readonly url: string;
  /** Whose handlers stand behind it. */
  open(servers: Servers): void;
}

/** Opens both, for as long as the work takes. */
export async function withDoors<T>(work: (doors: readonly [Door, GatewayDoor]) => Promise<T>): Promise<T> {
  const pools = { production: POOL, staging: { ...POOL, userPoolId: 'eu-west-1_Staging', clientId: 'staging-client' } };
  // Tokens are checked by the clock of this machine.
  const cognito = await startCognito({ clock: { now: Date.now } as never, pools });
  let current = new Servers();
  const gateway = await startGateway({
    clock: createClock(Date.now()),
    apis: {
      production: {
        issuer: cognito.issuer('production'),
        audience: [POOL.clientId],
        jwksUri: cognito.jwksUri('production'),
        region: REGION,
        principals: PRINCIPALS,
        routes: [
          ...TOKEN_ROUTES.map(({ method, path, scope }) => ({
            method,
            path,
            authorization: 'JWT' as const,
            scopes: [scope],
          })),
          ...IAM_ROUTES.map((route) => ({ ...route, authorization: 'AWS_IAM' as const, scopes: [] })),
          { ...SLACK_ROUTE, authorization: 'NONE', scopes: [] },
        ],
        invoke: async (event) => {
          const { status, body } = await current.handle(event);
          return { statusCode: status, body };
        },
      },
    },
  });
  const url = gateway.apiUrl('production');
  const over: GatewayDoor = {
    name: 'gateway',
    cognito,
    url,
    open: (servers) => {
      current = servers;
    },
    async send(servers, { method, route, id = '', body, headers = {}, authorization, caller }) {
      current = servers;
      const address = new URL(`${url}${route.replace('{id}', encodeURIComponent(id))}`);
      const signature = caller ? await signAs(caller, address, method, body ?? '') : {};
      const answered = await fetch(address, {
        method,
        headers: {
          'content-type': 'application/json',
          ...headers,
          ...(authorization === undefined ? {} : { authorization }),
          ...signature,
        },
        ...(body === undefined ? {} : { body }),
      });
      return { status: answered.status, body: await answered.text() };
    },
  };
  try {
    return await work([bare(cognito), over]);
  } finally {
    await gateway.close();
    await cognito.close();
  }
}
